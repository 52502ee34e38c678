package io.millrace.window;

import static io.millrace.window.EntryChains.NIL;

import io.millrace.event.Event;
import io.millrace.state.KeyTable;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;

/**
 * The panes of all keys with their aggregates, and the merge of those of one window.
 *
 * <pre>
 *   cells of a pane     | aggregates ... |                                        without corrections
 *                       | events | revision of each window ending behind it | aggregates ... |    with
 * </pre>
 *
 * <p>With corrections a pane may be there for its revisions alone, without events.
 */
final class PaneCells {
    private final CellLayout layout;
    private final EntryChains chains;
    private final boolean hasRevisions;
    /** Cells before those of the aggregates. */
    private final int lead;

    private final long[] scratch;
    private long[] gathered;
    private int gatheredAt;
    private long gatheredCount;
    private int at = NIL;

    PaneCells(AggregateSpec spec, int windowCount) {
        layout = spec.layout();
        hasRevisions = spec.late().isUpdate();
        lead = lead(hasRevisions, windowCount);
        chains = new EntryChains(spec.maxKeys(), spec.maxPanes(), lead + layout.cellCount());
        scratch = new long[layout.cellCount()];
        gathered = scratch;
    }

    static int lead(boolean hasRevisions, int windowCount) {
        return hasRevisions ? 1 + windowCount : 0;
    }

    int size() {
        return chains.size();
    }

    boolean isEmpty(int slot) {
        return chains.isEmpty(slot);
    }

    long mark(int slot) {
        return chains.mark(slot);
    }

    void mark(int slot, long value) {
        chains.mark(slot, value);
    }

    long touch(int slot) {
        return chains.touch(slot);
    }

    long firstPane(int slot) {
        return chains.position(chains.first(slot));
    }

    long lastPane(int slot) {
        return chains.position(chains.last(slot));
    }

    /** {@return false if a pane was needed and none is free} */
    boolean add(int slot, long pane, Event event) {
        int entry = find(slot, pane);
        if (entry == NIL) {
            return false;
        }
        int cells = chains.cellsAt(entry);
        if (hasRevisions) {
            chains.cells()[cells]++;
        }
        layout.add(chains.cells(), cells + lead, event);
        return true;
    }

    private int find(int slot, long pane) {
        int before = chains.floor(slot, pane);
        if (before != NIL && chains.position(before) == pane) {
            return before;
        }
        int entry = chains.insert(slot, before, pane);
        if (entry != NIL) {
            int cells = chains.cellsAt(entry);
            for (int i = 0; i < lead; i++) {
                chains.cells()[cells + i] = 0;
            }
            layout.init(chains.cells(), cells + lead);
        }
        return entry;
    }

    /** Frees the panes before one. */
    void expire(int slot, long firstNeeded) {
        int first = chains.first(slot);
        while (first != NIL && chains.position(first) < firstNeeded) {
            chains.remove(slot, first);
            first = chains.first(slot);
        }
    }

    /** Begins a merge of panes before an end, newest first. */
    void begin(int slot, long end) {
        at = chains.floor(slot, end - 1);
        gatheredCount = 0;
    }

    /** Goes on with a merge, back to a pane. {@return whether there are events up to now} */
    boolean gather(long start) {
        while (at != NIL && chains.position(at) >= start) {
            int cells = chains.cellsAt(at);
            long count = hasRevisions ? chains.cells()[cells] : 1;
            if (count > 0) {
                gather(cells + lead, count);
            }
            at = chains.prev(at);
        }
        return gatheredCount > 0;
    }

    /** A single pane is read where it is. */
    private void gather(int cells, long count) {
        if (gatheredCount == 0) {
            gathered = chains.cells();
            gatheredAt = cells;
        } else {
            if (gathered != scratch) {
                layout.init(scratch, 0);
                layout.merge(scratch, 0, gathered, gatheredAt);
                gathered = scratch;
                gatheredAt = 0;
            }
            layout.merge(scratch, 0, chains.cells(), cells);
        }
        gatheredCount += count;
    }

    /** {@return events merged; with corrections only, else panes} */
    long gatheredCount() {
        return gatheredCount;
    }

    /** Reads the results of the merge. */
    void results(long[] to) {
        layout.results(gathered, gatheredAt, to, 0);
    }

    /**
     * {@return the next revision of the window that ends behind a pane, from 1 on} If no pane is free to keep it, it
     * is 1 each
     * time.
     */
    int nextRevision(int slot, long pane, int window) {
        int entry = find(slot, pane);
        return entry == NIL ? 1 : (int) ++chains.cells()[chains.cellsAt(entry) + 1 + window];
    }

    /** {@return how many windows with events of this slot end at {@code openEnd} or later} */
    long windowCount(int slot, WindowEnds window, long openEnd) {
        long count = 0;
        long counted = openEnd - 1;
        for (int entry = chains.first(slot); entry != NIL; entry = chains.next(entry)) {
            long pane = chains.position(entry);
            boolean hasEvents = !hasRevisions || chains.cells()[chains.cellsAt(entry)] > 0;
            long from = Math.max(window.endAfter(pane), window.endAfter(counted));
            long to = window.lastEnd(pane);
            if (hasEvents && from <= to) {
                count += (to - from) / window.slide() + 1;
                counted = to;
            }
        }
        return count;
    }

    void save(KeyTable keys, StateWriter writer) {
        for (int slot = 0; slot < keys.highWater(); slot++) {
            if (keys.isUsed(slot)) {
                chains.save(slot, writer);
            }
        }
        chains.saveFree(writer);
    }

    void load(KeyTable keys, String what, StateReader reader) {
        chains.clear();
        for (int slot = 0; slot < keys.highWater(); slot++) {
            if (keys.isUsed(slot)) {
                chains.load(slot, what, reader);
            }
        }
        chains.loadFree(what, reader);
    }
}
