package io.millrace.stream;

import io.millrace.event.Event;
import io.millrace.event.EventType;
import io.millrace.state.DeadlineHeap;
import io.millrace.state.StateException;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;

/**
 * The events of one side of a join that a later one of the other side may still meet: per key a list in the order of
 * time, equal times in that of arrival, and a heap of all by when nothing can meet them any more.
 */
final class JoinSide {
    static final int NONE = RowPool.NONE;

    private final int capacity;
    private final RowPool rows;
    private final DeadlineHeap deadlines;
    private final int[] slots;
    private final int[] previous;
    private final int[] next;
    /** By key slot. */
    private final int[] heads;

    private final int[] tails;
    /** How much later than an event one of the other side may be that meets it. */
    private final long keptNs;

    JoinSide(EventType type, int capacity, int maxKeys, long keptNs) {
        this.capacity = capacity;
        this.rows = new RowPool(capacity, type.blockLength());
        this.deadlines = new DeadlineHeap(capacity);
        this.slots = new int[capacity];
        this.previous = new int[capacity];
        this.next = new int[capacity];
        this.heads = new int[maxKeys];
        this.tails = new int[maxKeys];
        this.keptNs = keptNs;
    }

    static long bytes(int capacity, int maxKeys, int blockLength) {
        return RowPool.bytes(capacity, blockLength)
                + DeadlineHeap.bytes(capacity)
                + 3L * Integer.BYTES * capacity
                + 2L * Integer.BYTES * maxKeys;
    }

    /** Begins the list of a key. */
    void open(int slot) {
        heads[slot] = NONE;
        tails[slot] = NONE;
    }

    boolean isEmpty(int slot) {
        return heads[slot] == NONE;
    }

    int size() {
        return rows.size();
    }

    boolean isFull() {
        return rows.size() == capacity;
    }

    RowPool rows() {
        return rows;
    }

    /** Keeps an event, for which there is room. */
    void add(int slot, Event event) {
        int row = rows.take(event);
        slots[row] = slot;
        deadlines.arm(row, saturated(event.timestampNs(), keptNs));
        int before = tails[slot];
        while (before != NONE && rows.timestampNs(before) > event.timestampNs()) {
            before = previous[before];
        }
        int behind = before == NONE ? heads[slot] : next[before];
        link(slot, before, row);
        link(slot, row, behind);
    }

    /** Makes one row the next of another; {@link #NONE} stands for the end of the list on that side. */
    private void link(int slot, int left, int right) {
        if (left == NONE) {
            heads[slot] = right;
        } else {
            next[left] = right;
        }
        if (right == NONE) {
            tails[slot] = left;
        } else {
            previous[right] = left;
        }
    }

    private static long saturated(long timestampNs, long durationNs) {
        return timestampNs > Long.MAX_VALUE - durationNs ? Long.MAX_VALUE : timestampNs + durationNs;
    }

    /** {@return the first row of a key from a time on, {@link #NONE} if there is none} */
    int from(int slot, long timestampNs) {
        int row = heads[slot];
        while (row != NONE && rows.timestampNs(row) < timestampNs) {
            row = next[row];
        }
        return row;
    }

    int next(int row) {
        return next[row];
    }

    /** {@return the watermark at which a row can be forgotten, {@code Long.MAX_VALUE} if there is none} */
    long firstDeadlineNs() {
        return deadlines.firstNs();
    }

    /** Forgets the row that nothing meets any more first. {@return the slot of its key} */
    int removeFirst() {
        int row = deadlines.removeFirst();
        int slot = slots[row];
        link(slot, previous[row], next[row]);
        rows.give(row);
        return slot;
    }

    /** Writes rows, deadlines, and the list of each key that has one. */
    void save(StateWriter writer, int slotLimit) {
        rows.save(writer);
        deadlines.save(writer);
        writer.putInt(slotLimit);
        for (int slot = 0; slot < slotLimit; slot++) {
            saveList(writer, slot);
        }
    }

    private void saveList(StateWriter writer, int slot) {
        int length = 0;
        for (int row = heads[slot]; row != NONE; row = next[row]) {
            length++;
        }
        writer.putInt(length);
        for (int row = heads[slot]; row != NONE; row = next[row]) {
            writer.putInt(row);
        }
    }

    void load(String what, StateReader reader, int slotLimit) {
        rows.load(what, reader);
        deadlines.load(reader);
        StateException.requireSame(what, "keys", reader.getInt(), slotLimit);
        for (int slot = 0; slot < slotLimit; slot++) {
            open(slot);
            int length = reader.getInt();
            StateException.requireRange(what, "listLength", length, 0, capacity);
            for (int i = 0; i < length; i++) {
                int row = reader.getInt();
                StateException.requireRange(what, "row", row, 0, capacity - 1L);
                slots[row] = slot;
                link(slot, tails[slot], row);
                link(slot, row, NONE);
            }
        }
    }
}
