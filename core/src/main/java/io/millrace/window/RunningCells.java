package io.millrace.window;

import static io.millrace.window.EntryChains.NIL;

/**
 * Sums of the panes of each key slot up to its mark, so that a row of sums and counts takes the pane that came and
 * leaves out the one that went, whatever the number of panes of a window. Exact, as all cells are longs that add up.
 *
 * <pre>
 *   panes of a slot    | a | b | c | d | e |        totals   | panes | cells ... |
 *                                  mark'                    a + b + c
 * </pre>
 */
final class RunningCells {
    private final EntryChains chains;
    private final int cellCount;
    private final int stride;
    private final long[] totals;

    RunningCells(int maxKeys, EntryChains chains, int cellCount) {
        this.chains = chains;
        this.cellCount = cellCount;
        this.stride = 1 + cellCount;
        this.totals = new long[maxKeys * stride];
    }

    static long bytes(long maxKeys, int cellCount) {
        return maxKeys * (1 + cellCount) * Long.BYTES;
    }

    /** Begins a slot without panes. */
    void open(int slot) {
        int at = slot * stride;
        for (int i = 0; i < stride; i++) {
            totals[at + i] = 0;
        }
    }

    /** Adds the panes {@code [from, end)}, which are near the newest. */
    void include(int slot, long from, long end) {
        int entry = chains.last(slot);
        while (entry != NIL && chains.position(entry) >= from) {
            if (chains.position(entry) < end) {
                include(slot, entry);
            }
            entry = chains.prev(entry);
        }
    }

    /** Adds a pane. */
    void include(int slot, int entry) {
        int at = slot * stride;
        long[] cells = chains.cells();
        int c = chains.cellsAt(entry);
        totals[at]++;
        for (int i = 0; i < cellCount; i++) {
            totals[at + 1 + i] += cells[c + i];
        }
    }

    /** Takes out a pane that was included. */
    void expire(int slot, int entry) {
        int at = slot * stride;
        long[] cells = chains.cells();
        int c = chains.cellsAt(entry);
        totals[at]--;
        for (int i = 0; i < cellCount; i++) {
            totals[at + 1 + i] -= cells[c + i];
        }
    }

    /** {@return panes that are included} */
    long paneCount(int slot) {
        return totals[slot * stride];
    }

    long[] cells() {
        return totals;
    }

    int cellsAt(int slot) {
        return slot * stride + 1;
    }
}
