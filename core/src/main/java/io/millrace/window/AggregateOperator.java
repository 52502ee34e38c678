package io.millrace.window;

import io.millrace.event.Event;
import io.millrace.event.EventType;
import io.millrace.event.MutableEvent;
import io.millrace.event.Outputs;
import io.millrace.expression.LongExpression;
import io.millrace.state.KeyTable;
import io.millrace.state.Losses;
import io.millrace.state.Operator;
import io.millrace.state.StateException;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;
import java.util.List;
import java.util.Map;

/**
 * Aggregates events per key over the windows of an {@link AggregateSpec} and puts out a row for each window that
 * holds events, when the watermark closes it: just before its end, a session at its end. The row's time is the end, or
 * that of the event that made it where windows are made by events (count, sliding). There is one operator for each way
 * in which windows come about; {@link #of} chooses.
 *
 * <p>An event whose windows are all closed is too late: {@link AggregateSpec#late} says what becomes of it. Counted
 * and not
 * aggregated are events without a key, events of a new key when {@code maxKeys} are live, events that need a pane
 * when {@code maxPanes} are in use, and events more than 2^62 ns from the epoch.
 *
 * <p><b>Ordering</b>: told by each. <b>Threading</b>: one thread. <b>Allocation</b>: none after construction, but
 * what
 * functions of users allocate.
 */
public abstract sealed class AggregateOperator implements Operator
        permits PanedAggregates, SessionAggregates, CountAggregates, SlidingAggregates {
    final AggregateSpec spec;
    final CellLayout layout;
    final KeyTable keys;
    /** The results of one row. */
    final long[] results;

    long watermarkNs = Long.MIN_VALUE;

    private long rowCount;
    private long valueCount;
    private long lateCount;
    private long tooLateCount;
    private long nullKeyCount;
    private long refusedKeyCount;
    private long refusedPaneCount;
    private long offGridCount;

    AggregateOperator(AggregateSpec spec) {
        this.spec = spec;
        this.layout = spec.layout();
        this.keys = new KeyTable(spec.maxKeys());
        this.results = new long[layout.resultCount()];
    }

    /** {@return an operator with its state for all keys} */
    public static AggregateOperator of(AggregateSpec spec) {
        return switch (spec.windows().get(0).kind()) {
            case HOPPING, CUMULATING -> new PanedAggregates(spec);
            case SESSION -> new SessionAggregates(spec);
            case COUNT -> new CountAggregates(spec);
            case SLIDING -> new SlidingAggregates(spec);
        };
    }

    @Override
    public final String name() {
        return spec.name();
    }

    public final AggregateSpec spec() {
        return spec;
    }

    @Override
    public final List<EventType> outputTypes() {
        return List.of(spec.resultType());
    }

    /** {@return bytes that the state takes, the same for its whole life} */
    @Override
    public final long bytes() {
        return spec.bytes();
    }

    @Override
    public final boolean accepts(Event event) {
        return spec.accepts(event);
    }

    @Override
    public final void onEvent(Event event, Outputs outputs) {
        if (!spec.accepts(event)) {
            return;
        }
        long key = spec.keyOf(event);
        if (key == LongExpression.NULL && spec.isKeyNullable()) {
            nullKeyCount++;
        } else if (!PaneGrid.isOnGrid(event.timestampNs())) {
            offGridCount++;
        } else {
            add(event, key, outputs);
        }
    }

    /** Takes an event that counts. */
    abstract void add(Event event, long key, Outputs outputs);

    final void countValue(Event event) {
        valueCount++;
        if (event.timestampNs() <= watermarkNs) {
            lateCount++;
        }
    }

    final void countRefusedKey() {
        refusedKeyCount++;
    }

    final void countRefusedPane() {
        refusedPaneCount++;
    }

    final void tooLate(Event event, Outputs outputs) {
        tooLateCount++;
        if (spec.late().isSideOutput()) {
            LateEvent.putOut(event, watermarkNs, outputs);
        }
    }

    /** Claims a row of what {@link #results} hold; the caller adds what is special, then commits. */
    final MutableEvent claimRow(long key, long startNs, long endNs, long[] values, int at, Outputs outputs) {
        EventType type = layout.type();
        MutableEvent row = outputs.claim(type.id(), type.encodedLength());
        layout.encode(row, startNs, endNs, values, at);
        row.key(key).timestampNs(endNs);
        rowCount++;
        return row;
    }

    @Override
    public final long touch(Event event) {
        if (event.typeId() != spec.type().id()) {
            return 0;
        }
        int slot = keys.slotOf(spec.keyOf(event));
        return slot < 0 ? slot : touchSlot(slot);
    }

    abstract long touchSlot(int slot);

    @Override
    public final Map<String, Long> losses() {
        return new Losses()
                .add("too late", tooLateCount)
                .add("without a key", nullKeyCount)
                .add("beyond maxKeys", refusedKeyCount)
                .add("beyond maxPanes", refusedPaneCount)
                .add("too far from the epoch", offGridCount)
                .counts();
    }

    /** {@return keys that hold something} */
    public final int keyCount() {
        return keys.size();
    }

    /** {@return panes, sessions or events held} */
    public abstract int paneCount();

    /** {@return windows with events that are not closed yet; of count windows those that are not full} */
    public abstract long openWindowCount();

    /** {@return rows put out} */
    public final long rowCount() {
        return rowCount;
    }

    /** {@return events aggregated} */
    public final long valueCount() {
        return valueCount;
    }

    /** {@return events aggregated although they were not ahead of the watermark} */
    public final long lateCount() {
        return lateCount;
    }

    /** {@return events left out because all of their windows were closed} */
    public final long tooLateCount() {
        return tooLateCount;
    }

    /** {@return events left out because they have no key} */
    public final long nullKeyCount() {
        return nullKeyCount;
    }

    /** {@return events left out because {@code maxKeys} other keys were live} */
    public final long refusedKeyCount() {
        return refusedKeyCount;
    }

    /**
     * {@return events left out because {@code maxPanes} panes were in use, and corrections left out because no pane was
     * free to keep their revision}
     */
    public final long refusedPaneCount() {
        return refusedPaneCount;
    }

    /** {@return events left out because their time was more than 2^62 ns from the epoch} */
    public final long offGridCount() {
        return offGridCount;
    }

    final String what() {
        return "window " + name();
    }

    @Override
    public final void save(StateWriter writer) {
        int windowCount = spec.windows().size();
        writer.putInt(windowCount);
        for (int i = 0; i < windowCount; i++) {
            Window window = spec.windows().get(i);
            writer.putInt(window.kind().ordinal());
            writer.putLong(window.size());
            writer.putLong(window.slide());
            writer.putLong(window.offsetNs());
        }
        writer.putInt(layout.cellCount());
        writer.putInt(layout.resultCount());
        writer.putLong(spec.late().allowedLatenessNs());
        writer.putInt(spec.topCount());
        writer.putInt(spec.maxPanes());
        writer.putInt(spec.sweepBudget());
        writer.putLong(watermarkNs);
        saveCounters(writer);
        keys.save(writer);
        saveSlots(writer);
    }

    private void saveCounters(StateWriter writer) {
        writer.putLong(rowCount);
        writer.putLong(valueCount);
        writer.putLong(lateCount);
        writer.putLong(tooLateCount);
        writer.putLong(nullKeyCount);
        writer.putLong(refusedKeyCount);
        writer.putLong(refusedPaneCount);
        writer.putLong(offGridCount);
    }

    /** Writes all but keys and counters. */
    abstract void saveSlots(StateWriter writer);

    @Override
    public final void load(StateReader reader) {
        String what = what();
        StateException.requireSame(
                what, "windows", reader.getInt(), spec.windows().size());
        for (Window window : spec.windows()) {
            StateException.requireSame(
                    what, "kind", reader.getInt(), window.kind().ordinal());
            StateException.requireSame(what, "size", reader.getLong(), window.size());
            StateException.requireSame(what, "slide", reader.getLong(), window.slide());
            StateException.requireSame(what, "offsetNs", reader.getLong(), window.offsetNs());
        }
        StateException.requireSame(what, "cells", reader.getInt(), layout.cellCount());
        StateException.requireSame(what, "aggregates", reader.getInt(), layout.resultCount());
        StateException.requireSame(
                what, "allowedLatenessNs", reader.getLong(), spec.late().allowedLatenessNs());
        StateException.requireSame(what, "topCount", reader.getInt(), spec.topCount());
        StateException.requireSame(what, "maxPanes", reader.getInt(), spec.maxPanes());
        StateException.requireSame(what, "sweepBudget", reader.getInt(), spec.sweepBudget());
        watermarkNs = reader.getLong();
        loadCounters(reader);
        keys.load(reader);
        loadSlots(reader);
    }

    private void loadCounters(StateReader reader) {
        rowCount = reader.getLong();
        valueCount = reader.getLong();
        lateCount = reader.getLong();
        tooLateCount = reader.getLong();
        nullKeyCount = reader.getLong();
        refusedKeyCount = reader.getLong();
        refusedPaneCount = reader.getLong();
        offGridCount = reader.getLong();
    }

    /** Reads what {@link #saveSlots} wrote; keys are loaded. */
    abstract void loadSlots(StateReader reader);
}
