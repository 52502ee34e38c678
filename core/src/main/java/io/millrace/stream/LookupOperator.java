package io.millrace.stream;

import io.millrace.event.DerivedType;
import io.millrace.event.Event;
import io.millrace.event.EventType;
import io.millrace.event.MutableEvent;
import io.millrace.event.Outputs;
import io.millrace.state.KeyTable;
import io.millrace.state.Losses;
import io.millrace.state.Operator;
import io.millrace.state.StateException;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts out each event of a stream with the row of a table, which is the event of that key with the greatest time (of
 * equal ones the last that came).
 *
 * <pre>
 *   table  ---- R1 ---------- R2 ------------>      row of the key
 *   stream --E1----E2------------E3---------->      E1: missing: null, dropped, or parked until R1 comes
 *   out    --------(E1 R1)-(E2 R1)--(E3 R2)-->
 * </pre>
 *
 * <p>Parked events go on in the order in which they came when their row does, or with nulls, in the order of their
 * deadlines, when the watermark is {@code parkNs} behind them. What is behind gets a watermark before all that wait.
 * What is more than the budget goes on with the next record.
 */
final class LookupOperator implements Operator, TimeHolder {
    private static final int NONE = RowPool.NONE;

    private final String name;
    private final EventType type;
    private final EventType rowType;
    private final EventType outputType;
    private final KeyCode code;
    private final Lookup lookup;
    private final KeyTable keys;
    private final RowPool rows;
    private final int[] rowOfSlot;
    private final @Nullable ParkedEvents parked;

    private boolean isReleasing;
    /** The key whose parked events are going on. */
    private long releasedKey;

    private long rowCount;
    private long missingCount;
    private long nullKeyCount;
    private long refusedRowCount;
    private long refusedParkCount;

    LookupOperator(String name, EventType outputType, EventType type, EventType rowType, KeyCode code, Lookup lookup) {
        this.name = name;
        this.type = type;
        this.rowType = rowType;
        this.outputType = outputType;
        this.code = code;
        this.lookup = lookup;
        this.keys = new KeyTable(lookup.maxRows());
        this.rows = new RowPool(lookup.maxRows(), rowType.blockLength());
        this.rowOfSlot = new int[lookup.maxRows()];
        this.parked = lookup.isParking() ? new ParkedEvents(type, lookup.maxParked(), lookup.parkNs()) : null;
    }

    static EventType outputType(String name, EventType type, EventType rowType, Lookup lookup) {
        DerivedType output = DerivedType.named(name);
        type.fields().forEach(field -> output.like(field.name(), field));
        rowType.fields().forEach(field -> output.like(lookup.rowName() + '.' + field.name(), field));
        return output.build();
    }

    static void requireRoom(String name, Lookup lookup, EventType type, EventType rowType) {
        requireRoom(name, "maxRows", lookup.maxRows(), rowType);
        requireRoom(name, "maxParked", lookup.maxParked(), type);
    }

    private static void requireRoom(String name, String setting, int count, EventType of) {
        int limit = RowPool.maxCapacity(of.blockLength());
        if (count > limit) {
            throw new IllegalArgumentException("cannot build lookup " + name + ": " + setting + '=' + count + " of "
                    + of.blockLength() + " bytes (expected: up to " + limit + "); lower it, or map fewer fields");
        }
    }

    /** {@return bytes that the state of such a look-up takes} */
    static long bytes(Lookup lookup, EventType type, EventType rowType) {
        return KeyTable.bytes(lookup.maxRows())
                + RowPool.bytes(lookup.maxRows(), rowType.blockLength())
                + (long) Integer.BYTES * lookup.maxRows()
                + (lookup.isParking() ? ParkedEvents.bytes(lookup.maxParked(), type.blockLength()) : 0);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<EventType> outputTypes() {
        return List.of(outputType);
    }

    @Override
    public int maxOutputsPerStep() {
        return parked == null ? 1 : Lookup.BUDGET_DEFAULT;
    }

    @Override
    public Map<String, Long> losses() {
        return new Losses()
                .add("without a key", nullKeyCount())
                .add("beyond maxRows", refusedRowCount())
                .add("beyond maxParked", refusedParkCount())
                .counts();
    }

    /** {@return events put out} */
    long rowCount() {
        return rowCount;
    }

    /** {@return events whose row was missing for good: put out with nulls, or dropped} */
    long missingCount() {
        return missingCount;
    }

    /** {@return events of the stream without a value to look up by, which counts as a missing row} */
    long nullKeyCount() {
        return nullKeyCount;
    }

    /** {@return events of the table not kept as it was full} */
    long refusedRowCount() {
        return refusedRowCount;
    }

    /** {@return events that should have waited but found no room} */
    long refusedParkCount() {
        return refusedParkCount;
    }

    @Override
    public long nextDeadlineNs() {
        if (isReleasing) {
            return Long.MIN_VALUE;
        }
        return parked == null ? Long.MAX_VALUE : parked.firstDeadlineNs();
    }

    @Override
    public long outputWatermarkNs(long ownWatermarkNs) {
        long least = parked == null ? Long.MAX_VALUE : parked.leastTimestampNs();
        return least <= ownWatermarkNs ? Math.max(least, Long.MIN_VALUE + 1) - 1 : ownWatermarkNs;
    }

    @Override
    public boolean advanceTo(long watermarkNs, boolean idle, Outputs outputs) {
        ParkedEvents waiting = parked;
        if (waiting == null) {
            return true;
        }
        int budget = Lookup.BUDGET_DEFAULT;
        if (isReleasing) {
            budget = release(waiting, budget, outputs);
            if (isReleasing) {
                return false;
            }
        }
        int row = waiting.firstDue(watermarkNs);
        while (row != NONE && budget > 0) {
            missingCount++;
            putOut(waiting.rows(), row, NONE, outputs);
            waiting.remove(row);
            row = waiting.firstDue(watermarkNs);
            budget--;
        }
        return row == NONE;
    }

    /** Lets those go on that wait for the released key. {@return what is left of the budget} */
    private int release(ParkedEvents waiting, int budget, Outputs outputs) {
        int left = budget;
        int found = rowOfSlot[keys.slotOf(releasedKey)];
        int row = waiting.firstOf(releasedKey);
        while (row != NONE && left > 0) {
            putOut(waiting.rows(), row, found, outputs);
            waiting.remove(row);
            row = waiting.firstOf(releasedKey);
            left--;
        }
        isReleasing = row != NONE;
        return left;
    }

    @Override
    public void onEvent(Event event, Outputs outputs) {
        if (event.typeId() == rowType.id()) {
            onRow(event, outputs);
        } else if (event.typeId() == type.id()) {
            onStreamEvent(event, outputs);
        }
    }

    private void onRow(Event event, Outputs outputs) {
        int slot = keys.slotOf(event.key());
        if (slot >= 0) {
            if (event.timestampNs() >= rows.timestampNs(rowOfSlot[slot])) {
                rows.put(rowOfSlot[slot], event);
            }
            return;
        }
        slot = keys.put(event.key());
        if (slot < 0) {
            refusedRowCount++;
            return;
        }
        rowOfSlot[slot] = rows.take(event);
        if (parked != null && parked.firstOf(event.key()) != NONE) {
            isReleasing = true;
            releasedKey = event.key();
            release(parked, Lookup.BUDGET_DEFAULT, outputs);
        }
    }

    private void onStreamEvent(Event event, Outputs outputs) {
        if (code.isNull(event)) {
            nullKeyCount++;
            onMissing(event, outputs);
            return;
        }
        long key = code.of(event);
        int slot = keys.slotOf(key);
        if (slot >= 0) {
            putOut(event, rowOfSlot[slot], outputs);
        } else if (parked == null) {
            onMissing(event, outputs);
        } else if (parked.isFull()) {
            refusedParkCount++;
            onMissing(event, outputs);
        } else {
            parked.add(key, event);
        }
    }

    private void onMissing(Event event, Outputs outputs) {
        missingCount++;
        if (!lookup.isMissingDropped()) {
            putOut(event, NONE, outputs);
        }
    }

    private void putOut(Event event, int row, Outputs outputs) {
        MutableEvent output = begin(event.key(), event.timestampNs(), outputs);
        output.buffer().putBytes(Blocks.OFFSET, event.buffer(), Blocks.OFFSET, type.blockLength());
        end(output, row, outputs);
    }

    /** Puts out an event that was parked. */
    private void putOut(RowPool events, int event, int row, Outputs outputs) {
        MutableEvent output = begin(events.key(event), events.timestampNs(event), outputs);
        events.copyBlock(event, output, Blocks.OFFSET);
        end(output, row, outputs);
    }

    private MutableEvent begin(long key, long timestampNs, Outputs outputs) {
        MutableEvent output = outputs.claim(outputType.id(), outputType.encodedLength());
        output.key(key).timestampNs(timestampNs);
        return outputType.encode(output);
    }

    private void end(MutableEvent output, int row, Outputs outputs) {
        if (row != NONE) {
            rows.copyBlock(row, output, Blocks.OFFSET + type.blockLength());
        }
        outputs.commit();
        rowCount++;
    }

    @Override
    public void save(StateWriter writer) {
        writer.putLong(lookup.parkNs());
        writer.putInt(isReleasing ? 1 : 0);
        writer.putLong(isReleasing ? releasedKey : 0);
        writer.putLong(rowCount);
        writer.putLong(missingCount);
        writer.putLong(nullKeyCount);
        writer.putLong(refusedRowCount);
        writer.putLong(refusedParkCount);
        keys.save(writer);
        rows.save(writer);
        writer.putInts(rowOfSlot, 0, keys.highWater());
        if (parked != null) {
            parked.save(writer);
        }
    }

    @Override
    public void load(StateReader reader) {
        String what = "lookup " + name;
        StateException.requireSame(what, "parkNs", reader.getLong(), lookup.parkNs());
        int releasing = reader.getInt();
        StateException.requireRange(what, "isReleasing", releasing, 0, 1);
        isReleasing = releasing == 1;
        releasedKey = reader.getLong();
        rowCount = reader.getLong();
        missingCount = reader.getLong();
        nullKeyCount = reader.getLong();
        refusedRowCount = reader.getLong();
        refusedParkCount = reader.getLong();
        keys.load(reader);
        rows.load(what, reader);
        for (int slot = 0; slot < keys.highWater(); slot++) {
            rowOfSlot[slot] = reader.getInt();
            StateException.requireRange(what, "row", rowOfSlot[slot], 0, lookup.maxRows() - 1L);
        }
        if (parked != null) {
            parked.load(what, reader);
        }
    }
}
