package io.millrace.window;

import io.millrace.event.Event;
import io.millrace.event.Field;
import io.millrace.event.MutableEvent;
import io.millrace.event.Outputs;
import io.millrace.state.KeyTable;
import io.millrace.state.Losses;
import io.millrace.state.Operator;
import io.millrace.state.StateException;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;
import java.util.Map;

/**
 * Aggregates one field per key over sliding or tumbling windows of event time and puts out a {@link WindowResult} for
 * each key that has values when the watermark closes a window.
 *
 * <p>An event adds its value to one pane, whatever the number of windows that share it, and needs no order: as long
 * as the newest window of its pane is open it counts in the windows that are; else it is too late, dropped and
 * counted. A null value is not aggregated. So are, counted apart, values of a new key when {@code maxKeys} are live,
 * values that need a pane when {@code maxPanes} are in use, and values more than 2^62 ns from the epoch.
 *
 * <p><b>Ordering</b>: windows close in the order of their ends; windows without any value are skipped without a step.
 * Within one, rows come in the order of key slots (a key takes the slot freed last, or else the next new one; it
 * gives it back when its last pane has left its last window). One exception: an event that is late for the window
 * being closed but not for the next brings the row of its own key forward, for else it would be counted in it.
 *
 * <p><b>Threading</b>: one thread. <b>Allocation</b>: none after construction. <b>Complexity</b>: an event one pane
 * (an out-of-order one walks back over newer panes of its key), a boundary O(live keys), at most {@code
 * sweepBudget} of them per record, fewer where that lets it be over in a quarter of the records between two; a key
 * whose least or greatest value leaves its window is searched again, O(its panes).
 */
public final class WindowOperator implements Operator {
    /** No window has values. */
    private static final long NO_END = Long.MAX_VALUE;
    /** Events between the load of a key's entry and that of its cell; a power of two. */
    private static final int TOUCH_LAG = 16;

    /*
     * Design: time is counted in panes and a window is named by its end (PaneGrid). Each key holds the running
     * aggregate of its next window (RunningPanes). Between sweeps the end of that is at most openEnd, the oldest window
     * that is not closed. A sweep of window T visits each live slot once: complete the aggregate, put the row out, take
     * out what the next window is without. So a slot's end also says whether the sweep has been there, and the sweep
     * finds, on its way, the next window that has values. An event that comes while the sweep is under way, into a pane
     * of T, has its slot visited first.
     *
     * While a sweep is under way and events are let in, openEnd is the window next to T: a watermark that has closed
     * that one too makes advanceTo return false until the sweep is done.
     */
    private final WindowSpec spec;
    private final PaneGrid grid;
    private final Field field;
    private final int panesPerSlide;
    private final int sweepBudget;
    private final KeyTable keys;
    private final RunningPanes panes;

    private long watermarkNs = Long.MIN_VALUE;
    private long openEnd = PaneGrid.BEFORE_ALL;
    private long openDeadlineNs = Long.MIN_VALUE;
    /** The oldest window with values that is not being swept, {@link #NO_END} if there is none. */
    private long nextEnd = NO_END;

    private final SweepPace pace;
    private boolean isSweeping;
    private long sweepEnd;
    private int sweepSlot;

    private long rowCount;
    private long valueCount;
    private long lateCount;
    private long tooLateCount;
    private long nullCount;
    private long refusedKeyCount;
    private long refusedPaneCount;
    private long offGridCount;

    /** Keys that were touched last: their slots are looked up when their lines have come. Not state. */
    private final long[] touchedKeys = new long[TOUCH_LAG];

    private int touchCount;

    /** The pane of the last event, as events come in clusters: a division less. Not state. */
    private long pane;

    private long paneStartNs = Long.MAX_VALUE;
    private long paneLimitNs = Long.MIN_VALUE;
    private long paneFirstEnd;
    private long paneLastEnd;

    /** Makes the state for all keys. */
    public WindowOperator(WindowSpec spec) {
        this(spec, RunningPanes.columnCount(spec.grid(), spec.maxKeys(), spec.hasExtremes()));
    }

    /** The same with another number of columns, 0 or a power of two, for tests. */
    WindowOperator(WindowSpec spec, int columnCount) {
        this.spec = spec;
        this.grid = spec.grid();
        this.field = spec.field();
        this.panesPerSlide = grid.panesPerSlide;
        this.sweepBudget = spec.sweepBudget();
        this.pace = new SweepPace(sweepBudget);
        this.keys = new KeyTable(spec.maxKeys());
        this.panes = new RunningPanes(spec, grid, columnCount);
        tellFirstPane();
    }

    @Override
    public String name() {
        return spec.name();
    }

    public WindowSpec spec() {
        return spec;
    }

    /** {@return bytes that the state of such a window takes} */
    public static long bytes(WindowSpec spec) {
        return KeyTable.bytes(spec.maxKeys()) + RunningPanes.bytes(spec);
    }

    /** {@return bytes that the state takes, the same for its whole life} */
    @Override
    public long bytes() {
        return bytes(spec);
    }

    @Override
    public int maxOutputsPerStep() {
        return sweepBudget;
    }

    @Override
    public long nextDeadlineNs() {
        if (isSweeping) {
            return Long.MIN_VALUE;
        }
        return nextEnd == NO_END ? Long.MAX_VALUE : grid.deadlineNs(nextEnd);
    }

    @Override
    public boolean accepts(Event event) {
        return spec.accepts(event);
    }

    @Override
    public long touch(Event event) {
        if (event.typeId() != spec.type().id()) {
            return 0;
        }
        long key = event.key();
        int at = touchCount++ & TOUCH_LAG - 1;
        int slot = keys.slotOf(touchedKeys[at]);
        touchedKeys[at] = key;
        return keys.touch(key) + (slot < 0 ? 0 : panes.touch(slot, pane));
    }

    @Override
    public boolean advanceTo(long watermarkNs, boolean idle, Outputs outputs) {
        this.watermarkNs = watermarkNs;
        boolean isSettled = watermarkNs < openDeadlineNs && nextEnd >= openEnd && !isSweeping;
        return isSettled || advance(watermarkNs, idle, outputs);
    }

    private boolean advance(long watermarkNs, boolean idle, Outputs outputs) {
        if (watermarkNs >= openDeadlineNs) {
            openEnd = grid.openEnd(watermarkNs);
            openDeadlineNs = grid.deadlineNs(openEnd);
        }
        if (!isSweeping && nextEnd < openEnd) {
            beginSweep();
        }
        if (isSweeping) {
            sweep(outputs);
        }
        tellFirstPane();
        return isSweeping ? !idle && openEnd <= sweepEnd + panesPerSlide : nextEnd >= openEnd;
    }

    private void beginSweep() {
        isSweeping = true;
        sweepEnd = nextEnd;
        sweepSlot = 0;
        nextEnd = NO_END;
        pace.begin(keys.size());
        panes.closing(sweepEnd);
    }

    /** Cells of panes before this one are zero: what is behind them has been closed. */
    private void tellFirstPane() {
        panes.firstPane((isSweeping ? sweepEnd : Math.min(nextEnd, openEnd)) - grid.panesPerWindow);
    }

    private void sweep(Outputs outputs) {
        int limit = keys.highWater();
        int slot = panes.nextLive(sweepSlot, limit);
        int budget = pace.budget();
        for (int i = 0; i < budget && slot < limit; i++) {
            visit(slot, outputs);
            slot = panes.nextLive(slot + 1, limit);
        }
        sweepSlot = slot;
        isSweeping = slot < limit;
    }

    private void visit(int slot, Outputs outputs) {
        if (panes.end(slot) <= sweepEnd) {
            closeWindow(slot, outputs);
        }
        if (panes.count(slot) > 0) {
            awaitEnd(sweepEnd + panesPerSlide);
        } else {
            awaitOrFree(slot);
        }
    }

    /** The next window has no values so far but those of its last slide. */
    private void awaitOrFree(int slot) {
        long pane = panes.paneFrom(slot, sweepEnd);
        if (pane == Long.MAX_VALUE) {
            panes.close(slot);
            keys.remove(slot);
        } else {
            awaitEnd(Math.max(grid.firstEnd(pane), sweepEnd + panesPerSlide));
        }
    }

    /** Puts out the row of a slot for the window being swept. */
    private void closeWindow(int slot, Outputs outputs) {
        if (panes.beginClose(slot, sweepEnd) > 0) {
            putOut(slot, outputs);
        }
        panes.endClose(slot, sweepEnd);
    }

    private void putOut(int slot, Outputs outputs) {
        MutableEvent output = outputs.claim(WindowResult.TYPE_ID, WindowResult.PAYLOAD_LENGTH);
        long endNs = grid.paneStartNs(sweepEnd);
        output.key(keys.keyAt(slot)).timestampNs(endNs).schemaVersion(WindowResult.SCHEMA_VERSION);
        WindowResult.encode(
                output,
                endNs - spec.sizeNs(),
                endNs,
                panes.count(slot),
                panes.sum(slot),
                panes.min(slot),
                panes.max(slot));
        outputs.commit();
        rowCount++;
    }

    private void awaitEnd(long end) {
        nextEnd = Math.min(nextEnd, end);
    }

    @Override
    public void onEvent(Event event, Outputs outputs) {
        pace.onRecord();
        if (spec.accepts(event)) {
            if (field.isNull(event)) {
                nullCount++;
            } else {
                add(event, field.getLong(event), outputs);
            }
        }
    }

    private void add(Event event, long value, Outputs outputs) {
        long timestampNs = event.timestampNs();
        if ((timestampNs < paneStartNs || timestampNs >= paneLimitNs) && !select(timestampNs)) {
            offGridCount++;
        } else if (paneLastEnd < openEnd) {
            tooLateCount++;
        } else {
            int slot = keys.put(event.key());
            if (slot < 0) {
                refusedKeyCount++;
            } else {
                add(slot, timestampNs, value, outputs);
            }
        }
    }

    private void add(int slot, long timestampNs, long value, Outputs outputs) {
        if (!panes.isLive(slot)) {
            panes.open(slot, openEnd);
        } else if (isSweeping && pane < sweepEnd && panes.end(slot) <= sweepEnd) {
            closeWindow(slot, outputs);
        }
        if (panes.add(slot, pane, value, openEnd)) {
            valueCount++;
            awaitEnd(Math.max(paneFirstEnd, openEnd));
            if (timestampNs <= watermarkNs) {
                lateCount++;
            }
        } else {
            refusedPaneCount++;
            if (panes.isEmpty(slot)) {
                panes.close(slot);
                keys.remove(slot);
            }
        }
    }

    /** Finds the pane of a time. {@return false if it is not on the grid} */
    private boolean select(long timestampNs) {
        if (!PaneGrid.isOnGrid(timestampNs)) {
            return false;
        }
        pane = grid.paneOf(timestampNs);
        paneStartNs = grid.paneStartNs(pane);
        paneLimitNs = paneStartNs + grid.paneNs;
        paneFirstEnd = grid.firstEnd(pane);
        paneLastEnd = grid.lastEnd(pane);
        return true;
    }

    @Override
    public Map<String, Long> losses() {
        return new Losses()
                .add("too late", tooLateCount)
                .add("beyond maxKeys", refusedKeyCount)
                .add("beyond maxPanes", refusedPaneCount)
                .add("too far from the epoch", offGridCount)
                .counts();
    }

    /** {@return keys that hold values} */
    public int keyCount() {
        return keys.size();
    }

    /** {@return pairs of key and pane that hold values} */
    public int paneCount() {
        return panes.paneCount();
    }

    /** {@return rows that are still to come from the values held. <b>Complexity</b>: O(panes)} */
    public long openWindowCount() {
        long count = 0;
        int limit = keys.highWater();
        for (int slot = panes.nextLive(0, limit); slot < limit; slot = panes.nextLive(slot + 1, limit)) {
            long from = isSweeping && panes.end(slot) <= sweepEnd ? sweepEnd : openEnd;
            count += panes.windowCount(slot, grid, from);
        }
        return count;
    }

    /** {@return rows put out} */
    public long rowCount() {
        return rowCount;
    }

    /** {@return values aggregated} */
    public long valueCount() {
        return valueCount;
    }

    /** {@return values aggregated although they were not ahead of the watermark} */
    public long lateCount() {
        return lateCount;
    }

    /** {@return values dropped because all of their windows were closed} */
    public long tooLateCount() {
        return tooLateCount;
    }

    /** {@return events without a value} */
    public long nullCount() {
        return nullCount;
    }

    /** {@return values dropped because {@code maxKeys} other keys held values} */
    public long refusedKeyCount() {
        return refusedKeyCount;
    }

    /** {@return values dropped because {@code maxPanes} panes held values} */
    public long refusedPaneCount() {
        return refusedPaneCount;
    }

    /** {@return values dropped because their time was more than 2^62 ns from the epoch} */
    public long offGridCount() {
        return offGridCount;
    }

    @Override
    public void save(StateWriter writer) {
        writer.putLong(spec.sizeNs());
        writer.putLong(spec.slideNs());
        writer.putLong(spec.offsetNs());
        writer.putInt(spec.maxPanes());
        writer.putInt(sweepBudget);
        writer.putInt(spec.hasExtremes() ? 1 : 0);
        saveProgress(writer);
        saveCounters(writer);
        keys.save(writer);
        panes.save(keys, writer);
    }

    private void saveProgress(StateWriter writer) {
        writer.putLong(watermarkNs);
        writer.putLong(nextEnd);
        writer.putInt(isSweeping ? 1 : 0);
        writer.putLong(isSweeping ? sweepEnd : 0);
        writer.putInt(isSweeping ? sweepSlot : 0);
        pace.save(writer);
    }

    private void saveCounters(StateWriter writer) {
        writer.putLong(rowCount);
        writer.putLong(valueCount);
        writer.putLong(lateCount);
        writer.putLong(tooLateCount);
        writer.putLong(nullCount);
        writer.putLong(refusedKeyCount);
        writer.putLong(refusedPaneCount);
        writer.putLong(offGridCount);
    }

    @Override
    public void load(StateReader reader) {
        String what = "window " + name();
        StateException.requireSame(what, "sizeNs", reader.getLong(), spec.sizeNs());
        StateException.requireSame(what, "slideNs", reader.getLong(), spec.slideNs());
        StateException.requireSame(what, "offsetNs", reader.getLong(), spec.offsetNs());
        StateException.requireSame(what, "maxPanes", reader.getInt(), spec.maxPanes());
        StateException.requireSame(what, "sweepBudget", reader.getInt(), sweepBudget);
        StateException.requireSame(what, "hasExtremes", reader.getInt(), spec.hasExtremes() ? 1 : 0);
        loadProgress(what, reader);
        loadCounters(reader);
        keys.load(reader);
        if (isSweeping) {
            panes.closing(sweepEnd);
        } else {
            tellFirstPane();
        }
        panes.load(keys, what, reader);
    }

    private void loadProgress(String what, StateReader reader) {
        watermarkNs = reader.getLong();
        openEnd = grid.openEnd(watermarkNs);
        openDeadlineNs = grid.deadlineNs(openEnd);
        nextEnd = reader.getLong();
        int sweeping = reader.getInt();
        StateException.requireRange(what, "isSweeping", sweeping, 0, 1);
        isSweeping = sweeping == 1;
        sweepEnd = reader.getLong();
        sweepSlot = reader.getInt();
        StateException.requireRange(what, "sweepSlot", sweepSlot, 0, spec.maxKeys());
        pace.load(what, reader);
    }

    private void loadCounters(StateReader reader) {
        rowCount = reader.getLong();
        valueCount = reader.getLong();
        lateCount = reader.getLong();
        tooLateCount = reader.getLong();
        nullCount = reader.getLong();
        refusedKeyCount = reader.getLong();
        refusedPaneCount = reader.getLong();
        offGridCount = reader.getLong();
    }
}
