package io.millrace.window;

import static io.millrace.window.EntryChains.NIL;

import io.millrace.state.KeyTable;
import io.millrace.state.StateException;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;
import java.util.Arrays;

/**
 * The panes of all keys, one column per pane, and for each key slot the running aggregate of its next window.
 *
 * <pre>
 *          running, 32 bytes (64)        columns, a pane each, a cell of 16 bytes (32) per slot
 *   slot  +-----+-------+-----+-------+   +------------+------------+-----+------------+
 *      0  | end | count | sum | (min, |   | count, sum | count, sum | ... | count, sum |
 *      1  | end | count | sum |  max) |   | count, sum |            |     | count, sum |
 *      2  | end | count | sum |       |   |            | count, sum |     |            |
 *         +-----+-------+-----+-------+   +------------+------------+-----+------------+
 *                                          firstPane                       firstPane + columnCount - 1
 *
 *   ahead: a chain per slot of what lies behind the last column, or of everything if columns take too much memory
 * </pre>
 *
 * <p>{@code end} names the slot's next window. The running aggregate is that over its panes but for those of its last
 * slide, {@code [end - panesPerWindow, end - panesPerSlide)}, so that an event in order changes a cell of the newest
 * pane and nothing else; older panes are gone. Count and sum follow by adding and subtracting panes, which is exact in
 * long (modulo 2^64). An extreme cannot be subtracted: if one leaves, it is found again from the panes when it is
 * asked for; {@code min > max} with a count above 0 marks that.
 *
 * <p>A boundary goes through three arrays from one end to the other, which the processor loads ahead of it: running
 * aggregates, the pane that comes and the pane that leaves.
 */
final class RunningPanes {
    /** Columns that would take more are not made. */
    static final long COLUMN_BYTES_MAX = 1L << 28;

    private static final int COUNT = 0;
    private static final int SUM = 1;
    private static final int MIN = 2;
    private static final int MAX = 3;

    private static final int AHEAD_MIN = 1 << 16;

    private final int panesPerWindow;
    private final int panesPerSlide;
    private final int maxPanes;
    private final boolean hasExtremes;
    /** Longs of a cell, as a power of two. */
    private final int cellShift;

    private final int columnCount;
    private final int mask;
    private final RunningTotals running;
    private final long[][] columns;
    /** Columns of the last slide of the window being closed, and of its first, which the next one is without. */
    private final long[][] coming;

    private final long[][] leaving;
    private final EntryChains ahead;
    private final SlotSet live;

    /** The oldest pane that a window not yet closed may need: older cells are zero. */
    private long firstPane = PaneGrid.BEFORE_ALL;

    /** The newest pane that came to have a value in a column. */
    private long lastPane = Long.MIN_VALUE;

    private int paneCount;

    RunningPanes(WindowSpec spec, PaneGrid grid, int columnCount) {
        this.panesPerWindow = grid.panesPerWindow;
        this.panesPerSlide = grid.panesPerSlide;
        this.maxPanes = spec.maxPanes();
        this.hasExtremes = spec.hasExtremes();
        this.cellShift = cellShift(hasExtremes);
        this.columnCount = columnCount;
        this.mask = columnCount - 1;
        this.running = new RunningTotals(spec.maxKeys(), hasExtremes);
        this.columns = new long[columnCount][spec.maxKeys() << cellShift];
        this.coming = new long[columnCount == 0 ? 0 : panesPerSlide][];
        this.leaving = new long[columnCount == 0 ? 0 : panesPerSlide][];
        this.ahead = new EntryChains(spec.maxKeys(), maxAhead(spec, columnCount), 1 << cellShift);
        this.live = new SlotSet(spec.maxKeys());
    }

    private static int cellShift(boolean hasExtremes) {
        return hasExtremes ? 2 : 1;
    }

    /** {@return panes with a column: those of a window, of the next slide and some more, or none} */
    static int columnCount(PaneGrid grid, int maxKeys, boolean hasExtremes) {
        int count = 2 * Integer.highestOneBit(grid.panesPerWindow + grid.panesPerSlide);
        long bytes = ((long) count * maxKeys * Long.BYTES) << cellShift(hasExtremes);
        return bytes <= COLUMN_BYTES_MAX ? count : 0;
    }

    /** {@return panes of keys that may lie outside of columns} */
    private static int maxAhead(WindowSpec spec, int columnCount) {
        if (columnCount == 0) {
            return spec.maxPanes();
        }
        long inColumns = (long) columnCount * spec.maxKeys();
        long wanted = Math.max(Math.max(AHEAD_MIN, 2L * spec.maxKeys()), spec.maxPanes() - inColumns);
        return (int) Math.min(spec.maxPanes(), wanted);
    }

    static long bytes(WindowSpec spec) {
        int cellShift = cellShift(spec.hasExtremes());
        long columnCount = columnCount(spec.grid(), spec.maxKeys(), spec.hasExtremes());
        return RunningTotals.bytes(spec.maxKeys(), spec.hasExtremes())
                + ((columnCount * spec.maxKeys() * Long.BYTES) << cellShift)
                + EntryChains.bytes(spec.maxKeys(), maxAhead(spec, (int) columnCount), 1L << cellShift)
                + SlotSet.bytes(spec.maxKeys());
    }

    /** {@return pairs of key and pane that hold values} */
    int paneCount() {
        return paneCount;
    }

    /** Begins a slot that has no panes. */
    void open(int slot, long end) {
        running.begin(slot, end);
        live.add(slot);
    }

    /** Ends a slot that has no panes left. */
    void close(int slot) {
        live.remove(slot);
    }

    boolean isLive(int slot) {
        return live.contains(slot);
    }

    /** {@return the first live slot from the given one on, or {@code limit}} */
    int nextLive(int from, int limit) {
        return live.next(from, limit);
    }

    boolean isEmpty(int slot) {
        return paneFrom(slot, firstPane) == Long.MAX_VALUE;
    }

    /** {@return the end of the slot's next window} */
    long end(int slot) {
        return running.end(slot);
    }

    long count(int slot) {
        return running.count(slot);
    }

    long sum(int slot) {
        return running.sum(slot);
    }

    /** {@return the running minimum, the count being above 0; null if there are no extremes} */
    long min(int slot) {
        return hasExtremes && findExtremes(slot) ? running.min(slot) : WindowResult.NULL;
    }

    /** {@return the running maximum, the count being above 0; null if there are no extremes} */
    long max(int slot) {
        return hasExtremes && findExtremes(slot) ? running.max(slot) : WindowResult.NULL;
    }

    private boolean findExtremes(int slot) {
        if (!running.hasExtremes(slot)) {
            searchExtremes(slot);
        }
        return true;
    }

    private void searchExtremes(int slot) {
        long end = end(slot);
        int c = slot << cellShift;
        for (long pane = end - panesPerWindow; pane < end && hasColumn(pane); pane++) {
            long[] column = column(pane);
            if (column[c + COUNT] > 0) {
                running.widen(slot, column[c + MIN], column[c + MAX]);
            }
        }
        for (int at = ahead.first(slot); at != NIL && ahead.position(at) < end; at = ahead.next(at)) {
            running.widen(slot, ahead.cells()[ahead.cellsAt(at) + MIN], ahead.cells()[ahead.cellsAt(at) + MAX]);
        }
    }

    private long[] column(long pane) {
        return columns[(int) pane & mask];
    }

    /** Tells which windows are open: all panes of those that are closed are gone. */
    void firstPane(long pane) {
        firstPane = pane;
    }

    private boolean hasColumn(long pane) {
        return Long.compareUnsigned(pane - firstPane, columnCount) < 0;
    }

    /**
     * Adds a value to a pane that is not older than {@code end - panesPerWindow}.
     *
     * @param openEnd no slot's end is behind it
     * @return false if a pane was needed and none is free
     */
    boolean add(int slot, long pane, long value, long openEnd) {
        boolean isAdded = hasColumn(pane) ? addToColumn(slot, pane, value) : addAhead(slot, pane, value);
        if (isAdded && pane < openEnd - panesPerSlide && pane < running.end(slot) - panesPerSlide) {
            running.add(slot, 1, value, value, value);
        }
        return isAdded;
    }

    private boolean addToColumn(int slot, long pane, long value) {
        long[] column = column(pane);
        int c = slot << cellShift;
        if (column[c + COUNT] == 0) {
            if (isAhead(slot, pane)) {
                return addAhead(slot, pane, value);
            }
            if (paneCount == maxPanes) {
                return false;
            }
            paneCount++;
            lastPane = Math.max(lastPane, pane);
            clear(column, c);
        }
        addToCell(column, c, value);
        return true;
    }

    /** {@return whether a pane began before it had a column: it stays where it is} */
    private boolean isAhead(int slot, long pane) {
        int at = ahead.size() == 0 ? NIL : ahead.floor(slot, pane);
        return at != NIL && ahead.position(at) == pane;
    }

    private boolean addAhead(int slot, long pane, long value) {
        int before = ahead.floor(slot, pane);
        int at = before;
        if (before == NIL || ahead.position(before) != pane) {
            at = paneCount == maxPanes ? NIL : ahead.insert(slot, before, pane);
            if (at == NIL) {
                return false;
            }
            paneCount++;
            clear(ahead.cells(), ahead.cellsAt(at));
        }
        addToCell(ahead.cells(), ahead.cellsAt(at), value);
        return true;
    }

    private void clear(long[] cells, int c) {
        cells[c + COUNT] = 0;
        cells[c + SUM] = 0;
        if (hasExtremes) {
            cells[c + MIN] = Long.MAX_VALUE;
            cells[c + MAX] = Long.MIN_VALUE;
        }
    }

    private void addToCell(long[] cells, int c, long value) {
        cells[c + COUNT]++;
        cells[c + SUM] += value;
        if (hasExtremes) {
            RunningTotals.widen(cells, c + MIN, value, value);
        }
    }

    /** Tells which windows are closed next, by {@link #beginClose} and {@link #endClose} of each slot. */
    void closing(long end) {
        firstPane = end - panesPerWindow;
        for (int i = 0; i < coming.length; i++) {
            coming[i] = column(end - panesPerSlide + i);
            leaving[i] = column(end - panesPerWindow + i);
        }
    }

    /** Completes the running aggregate of the window being closed. {@return its count} */
    long beginClose(int slot, long end) {
        if (running.end(slot) < end) {
            skipTo(slot, end);
        }
        int c = slot << cellShift;
        for (long[] column : coming) {
            if (hasExtremes) {
                includeCell(slot, column, c);
            } else {
                running.add(slot, column[c + COUNT], column[c + SUM]);
            }
        }
        if (ahead.size() > 0) {
            includeAhead(slot, end - panesPerSlide, end);
        }
        return running.count(slot);
    }

    /** Takes out what the next window is without. {@return the count that it begins with} */
    long endClose(int slot, long end) {
        running.end(slot, end + panesPerSlide);
        int c = slot << cellShift;
        for (long[] column : leaving) {
            boolean hasLeft = hasExtremes && column[c + COUNT] > 0;
            expireCell(slot, column, c);
            if (hasLeft) {
                running.lose(slot, column[c + MIN], column[c + MAX]);
            }
        }
        if (ahead.size() > 0) {
            expireAhead(slot, end + panesPerSlide - panesPerWindow);
        }
        return running.count(slot);
    }

    /** Moves on to a window, where those that end before have no values: nothing leaves. */
    private void skipTo(int slot, long end) {
        long oldEnd = running.end(slot);
        running.end(slot, end);
        include(slot, Math.max(oldEnd - panesPerSlide, end - panesPerWindow), end - panesPerSlide);
    }

    private void include(int slot, long from, long to) {
        for (long pane = from; pane < to && hasColumn(pane); pane++) {
            includeCell(slot, column(pane), slot << cellShift);
        }
        includeAhead(slot, from, to);
    }

    private void includeCell(int slot, long[] column, int c) {
        long count = column[c + COUNT];
        if (count > 0) {
            long min = hasExtremes ? column[c + MIN] : 0;
            long max = hasExtremes ? column[c + MAX] : 0;
            running.add(slot, count, column[c + SUM], min, max);
        }
    }

    private void expireCell(int slot, long[] column, int c) {
        long count = column[c + COUNT];
        running.add(slot, -count, -column[c + SUM]);
        column[c + COUNT] = 0;
        column[c + SUM] = 0;
        // A count is not negative: 1 if there is one, without a branch that nobody could foretell.
        paneCount -= (int) (-count >>> 63);
    }

    private void expireAhead(int slot, long limit) {
        int at = ahead.first(slot);
        while (at != NIL && ahead.position(at) < limit) {
            int c = ahead.cellsAt(at);
            long[] cells = ahead.cells();
            running.add(slot, -cells[c + COUNT], -cells[c + SUM]);
            if (hasExtremes) {
                running.lose(slot, cells[c + MIN], cells[c + MAX]);
            }
            ahead.remove(slot, at);
            paneCount--;
            at = ahead.first(slot);
        }
    }

    /** Adds the panes {@code [from, to)}, which are near the newest. */
    private void includeAhead(int slot, long from, long to) {
        for (int at = ahead.last(slot); at != NIL && ahead.position(at) >= from; at = ahead.prev(at)) {
            if (ahead.position(at) < to) {
                int c = ahead.cellsAt(at);
                long[] cells = ahead.cells();
                long min = hasExtremes ? cells[c + MIN] : 0;
                long max = hasExtremes ? cells[c + MAX] : 0;
                running.add(slot, cells[c + COUNT], cells[c + SUM], min, max);
            }
        }
    }

    /** {@return something that depends on the cache line that {@link #add} will need} */
    long touch(int slot, long pane) {
        return hasColumn(pane) ? column(pane)[slot << cellShift] : ahead.touch(slot);
    }

    /** {@return how many windows with values of this slot end at {@code openEnd} or later} */
    long windowCount(int slot, PaneGrid grid, long openEnd) {
        long count = 0;
        long counted = openEnd - 1;
        long pane = paneFrom(slot, firstPane);
        while (pane != Long.MAX_VALUE) {
            long from = Math.max(grid.firstEnd(pane), grid.firstEnd(counted));
            long to = grid.lastEnd(pane);
            if (from <= to) {
                count += (to - from) / grid.panesPerSlide + 1;
                counted = to;
            }
            pane = paneFrom(slot, pane + 1);
        }
        return count;
    }

    /** {@return the first pane with values from one on, {@code Long.MAX_VALUE} if there is none} */
    long paneFrom(int slot, long from) {
        long next = Long.MAX_VALUE;
        for (int at = ahead.size() == 0 ? NIL : ahead.last(slot);
                at != NIL && ahead.position(at) >= from;
                at = ahead.prev(at)) {
            next = ahead.position(at);
        }
        for (long pane = from; pane <= lastPane && pane < next && hasColumn(pane); pane++) {
            if (column(pane)[(slot << cellShift) + COUNT] > 0) {
                return pane;
            }
        }
        return next;
    }

    void save(KeyTable keys, StateWriter writer) {
        int limit = keys.highWater();
        for (int slot = nextLive(0, limit); slot < limit; slot = nextLive(slot + 1, limit)) {
            writer.putLong(end(slot));
            writer.putInt(cellCount(slot));
            for (int i = 0; i < columnCount; i++) {
                long[] column = column(firstPane + i);
                if (column[(slot << cellShift) + COUNT] > 0) {
                    writer.putLong(firstPane + i);
                    writer.putLongs(column, slot << cellShift, 1 << cellShift);
                }
            }
        }
        ahead.save(keys, writer);
    }

    private int cellCount(int slot) {
        int count = 0;
        for (long[] column : columns) {
            count += column[(slot << cellShift) + COUNT] > 0 ? 1 : 0;
        }
        return count;
    }

    private void clear() {
        live.clear();
        for (long[] column : columns) {
            Arrays.fill(column, 0);
        }
        lastPane = Long.MIN_VALUE;
        paneCount = 0;
    }

    /** Reads what {@link #save} wrote; keys are loaded, {@link #firstPane(long)} is told. */
    void load(KeyTable keys, String what, StateReader reader) {
        clear();
        int limit = keys.highWater();
        for (int slot = 0; slot < limit; slot++) {
            if (keys.isUsed(slot)) {
                open(slot, reader.getLong());
                loadCells(slot, what, reader);
            }
        }
        ahead.load(keys, what, reader);
        paneCount += ahead.size();
        for (int slot = nextLive(0, limit); slot < limit; slot = nextLive(slot + 1, limit)) {
            long end = end(slot);
            include(slot, Math.max(firstPane, end - panesPerWindow), end - panesPerSlide);
        }
    }

    private void loadCells(int slot, String what, StateReader reader) {
        int size = reader.getInt();
        StateException.requireRange(what, "paneCount", size, 0, Math.min(columnCount, maxPanes - paneCount));
        for (int i = 0; i < size; i++) {
            long pane = reader.getLong();
            StateException.requireRange(what, "pane", pane, firstPane, firstPane + columnCount - 1);
            lastPane = Math.max(lastPane, pane);
            reader.getLongs(column(pane), slot << cellShift, 1 << cellShift);
        }
        paneCount += size;
    }
}
