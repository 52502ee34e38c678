package io.millrace.stream;

import io.millrace.event.DerivedType;
import io.millrace.event.Event;
import io.millrace.event.EventType;
import io.millrace.event.Field;
import io.millrace.event.FieldType;
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

/**
 * Puts out a row for each pair of a left and a right event of one key whose times fit, when the second of the two
 * comes. The row has the fields of both, the time of the later one, and the times of the two as fields.
 *
 * <pre>
 *   left   -----|-------------L-----------------|---->
 *               |<- before -->|<---- after ---->|
 *   right  --------R1-------------------R2-----------R3->     rows: L R1, L R2
 *                             kept until W reaches L + after; a right one until W reaches R + before
 * </pre>
 *
 * <p>Events may come out of order: pairs are the same, whichever comes first. A late one (at or before the watermark)
 * is dropped and counted, as what it would meet may be forgotten. One that comes when its side holds {@code maxRows}
 * meets those that are there, is counted, and met by none that come.
 *
 * <p><b>Ordering</b>: the rows of one event in the order of the other side's times. If they are more than the budget,
 * the rest come with the next record. <b>Complexity</b>: an event walks the list of its key on the other side.
 */
final class JoinOperator implements Operator {
    private static final int NONE = JoinSide.NONE;

    private final String name;
    private final EventType leftType;
    private final EventType rightType;
    private final EventType outputType;
    private final Field leftTime;
    private final Field rightTime;
    private final Join join;
    private final KeyTable keys;
    private final JoinSide left;
    private final JoinSide right;

    private long watermarkNs = Long.MIN_VALUE;
    private long rowCount;
    private long lateCount;
    private long refusedCount;
    /** The event whose pairs are being put out, and the row of the other side that is the next. */
    private final MutableEvent current;

    private int cursor = NONE;

    JoinOperator(String name, EventType outputType, EventType leftType, EventType rightType, Join join) {
        this.name = name;
        this.leftType = leftType;
        this.rightType = rightType;
        this.join = join;
        this.outputType = outputType;
        this.leftTime = outputType.field(join.leftName() + ".timestampNs");
        this.rightTime = outputType.field(join.rightName() + ".timestampNs");
        int maxKeys = 2 * join.maxRows();
        this.keys = new KeyTable(maxKeys);
        this.left = new JoinSide(leftType, join.maxRows(), maxKeys, join.afterNs());
        this.right = new JoinSide(rightType, join.maxRows(), maxKeys, join.beforeNs());
        this.current = MutableEvent.allocate(Math.max(leftType.encodedLength(), rightType.encodedLength()));
    }

    static EventType outputType(String name, EventType left, EventType right, Join join) {
        DerivedType type = DerivedType.named(name);
        left.fields().forEach(field -> type.like(join.leftName() + '.' + field.name(), field));
        right.fields().forEach(field -> type.like(join.rightName() + '.' + field.name(), field));
        return type.field(join.leftName() + ".timestampNs", FieldType.INT64)
                .field(join.rightName() + ".timestampNs", FieldType.INT64)
                .build();
    }

    static void requireRoom(String name, Join join, EventType left, EventType right) {
        int blockLength = Math.max(left.blockLength(), right.blockLength());
        int limit = RowPool.maxCapacity(blockLength);
        if (join.maxRows() > limit) {
            throw new IllegalArgumentException("cannot build join " + name + ": maxRows=" + join.maxRows() + " of "
                    + blockLength + " bytes (expected: up to " + limit + "); lower maxRows, or map fewer fields");
        }
    }

    /** {@return bytes that the state of such a join takes} */
    static long bytes(Join join, EventType left, EventType right) {
        int maxKeys = 2 * join.maxRows();
        return KeyTable.bytes(maxKeys)
                + JoinSide.bytes(join.maxRows(), maxKeys, left.blockLength())
                + JoinSide.bytes(join.maxRows(), maxKeys, right.blockLength());
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
        return Join.BUDGET_DEFAULT;
    }

    @Override
    public Map<String, Long> losses() {
        return new Losses()
                .add("late", lateCount())
                .add("beyond maxRows", refusedCount())
                .counts();
    }

    /** {@return rows put out} */
    long rowCount() {
        return rowCount;
    }

    /** {@return events dropped because they were late} */
    long lateCount() {
        return lateCount;
    }

    /** {@return events that were not kept, as their side was full} */
    long refusedCount() {
        return refusedCount;
    }

    /** {@return events kept} */
    int keptCount() {
        return left.size() + right.size();
    }

    @Override
    public long nextDeadlineNs() {
        return cursor == NONE ? Math.min(left.firstDeadlineNs(), right.firstDeadlineNs()) : Long.MIN_VALUE;
    }

    @Override
    public boolean advanceTo(long watermarkNs, boolean idle, Outputs outputs) {
        if (cursor != NONE) {
            putOut(outputs);
            if (cursor != NONE) {
                return false;
            }
        }
        this.watermarkNs = watermarkNs;
        forget(left);
        forget(right);
        return true;
    }

    private void forget(JoinSide side) {
        while (side.size() > 0 && side.firstDeadlineNs() <= watermarkNs) {
            int slot = side.removeFirst();
            if (left.isEmpty(slot) && right.isEmpty(slot)) {
                keys.remove(slot);
            }
        }
    }

    @Override
    public void onEvent(Event event, Outputs outputs) {
        if (event.typeId() == leftType.id()) {
            onEvent(event, left, right, join.beforeNs(), outputs);
        } else if (event.typeId() == rightType.id()) {
            onEvent(event, right, left, join.afterNs(), outputs);
        }
    }

    private void onEvent(Event event, JoinSide own, JoinSide other, long earlierNs, Outputs outputs) {
        if (event.timestampNs() <= watermarkNs) {
            lateCount++;
            return;
        }
        int slot = keys.slotOf(event.key());
        if (slot >= 0) {
            long from = event.timestampNs() - earlierNs;
            cursor = other.from(slot, from > event.timestampNs() ? Long.MIN_VALUE : from);
            if (cursor != NONE) {
                current.copyFrom(event);
                putOut(outputs);
            }
        }
        keep(slot, event, own);
    }

    private void keep(int knownSlot, Event event, JoinSide own) {
        int slot = knownSlot;
        if (own.isFull()) {
            refusedCount++;
            return;
        }
        if (slot < 0) {
            slot = keys.put(event.key());
            left.open(slot);
            right.open(slot);
        }
        own.add(slot, event);
    }

    /** Puts out the next pairs of the current event; leaves the cursor where the budget ends. */
    private void putOut(Outputs outputs) {
        boolean isLeft = current.typeId() == leftType.id();
        JoinSide other = isLeft ? right : left;
        long limit = latest(current.timestampNs(), isLeft ? join.afterNs() : join.beforeNs());
        int budget = Join.BUDGET_DEFAULT;
        while (cursor != NONE && other.rows().timestampNs(cursor) <= limit && budget > 0) {
            putOut(isLeft, other.rows(), outputs);
            cursor = other.next(cursor);
            budget--;
        }
        if (cursor != NONE && other.rows().timestampNs(cursor) > limit) {
            cursor = NONE;
        }
    }

    private static long latest(long timestampNs, long durationNs) {
        return timestampNs > Long.MAX_VALUE - durationNs ? Long.MAX_VALUE : timestampNs + durationNs;
    }

    private void putOut(boolean isLeft, RowPool others, Outputs outputs) {
        MutableEvent output = outputs.claim(outputType.id(), outputType.encodedLength());
        long otherTime = others.timestampNs(cursor);
        output.key(current.key()).timestampNs(Math.max(current.timestampNs(), otherTime));
        outputType.encode(output);
        int leftAt = Blocks.OFFSET;
        int rightAt = leftAt + leftType.blockLength();
        int ownLength = isLeft ? leftType.blockLength() : rightType.blockLength();
        output.buffer().putBytes(isLeft ? leftAt : rightAt, current.buffer(), Blocks.OFFSET, ownLength);
        others.copyBlock(cursor, output, isLeft ? rightAt : leftAt);
        leftTime.putLong(output, isLeft ? current.timestampNs() : otherTime);
        rightTime.putLong(output, isLeft ? otherTime : current.timestampNs());
        outputs.commit();
        rowCount++;
    }

    @Override
    public void save(StateWriter writer) {
        writer.putLong(join.beforeNs());
        writer.putLong(join.afterNs());
        writer.putLong(watermarkNs);
        writer.putLong(rowCount);
        writer.putLong(lateCount);
        writer.putLong(refusedCount);
        keys.save(writer);
        left.save(writer, keys.highWater());
        right.save(writer, keys.highWater());
        writer.putInt(cursor);
        if (cursor != NONE) {
            writer.putInt(current.recordLength());
            writer.putBytes(current.buffer(), 0, current.recordLength());
        }
    }

    @Override
    public void load(StateReader reader) {
        String what = "join " + name;
        StateException.requireSame(what, "beforeNs", reader.getLong(), join.beforeNs());
        StateException.requireSame(what, "afterNs", reader.getLong(), join.afterNs());
        watermarkNs = reader.getLong();
        rowCount = reader.getLong();
        lateCount = reader.getLong();
        refusedCount = reader.getLong();
        keys.load(reader);
        left.load(what, reader, keys.highWater());
        right.load(what, reader, keys.highWater());
        cursor = reader.getInt();
        StateException.requireRange(what, "cursor", cursor, NONE, join.maxRows() - 1L);
        if (cursor != NONE) {
            int length = reader.getInt();
            StateException.requireRange(
                    what,
                    "currentLength",
                    length,
                    Event.HEADER_LENGTH,
                    current.buffer().capacity());
            reader.getBytes(current.buffer(), 0, length);
        }
    }
}
