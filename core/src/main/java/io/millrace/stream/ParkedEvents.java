package io.millrace.stream;

import io.millrace.event.Event;
import io.millrace.event.EventType;
import io.millrace.state.DeadlineHeap;
import io.millrace.state.KeyTable;
import io.millrace.state.StateException;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;

/**
 * Events that wait for the row of a key, per key in the order of arrival, and by when each of them waits no longer. The
 * key is that of the row; the event's own is kept beside it.
 */
final class ParkedEvents {
    static final int NONE = RowPool.NONE;

    private final int capacity;
    private final long parkNs;
    private final RowPool rows;
    private final DeadlineHeap deadlines;
    private final KeyTable keys;
    private final int[] slots;
    private final int[] previous;
    private final int[] next;
    private final int[] heads;
    private final int[] tails;

    ParkedEvents(EventType type, int capacity, long parkNs) {
        this.capacity = capacity;
        this.parkNs = parkNs;
        this.rows = new RowPool(capacity, type.blockLength());
        this.deadlines = new DeadlineHeap(capacity);
        this.keys = new KeyTable(capacity);
        this.slots = new int[capacity];
        this.previous = new int[capacity];
        this.next = new int[capacity];
        this.heads = new int[capacity];
        this.tails = new int[capacity];
    }

    static long bytes(int capacity, int blockLength) {
        return RowPool.bytes(capacity, blockLength)
                + DeadlineHeap.bytes(capacity)
                + KeyTable.bytes(capacity)
                + 5L * Integer.BYTES * capacity;
    }

    boolean isFull() {
        return rows.size() == capacity;
    }

    int size() {
        return rows.size();
    }

    RowPool rows() {
        return rows;
    }

    /** Lets an event wait for the row of a key; there is room. */
    void add(long rowKey, Event event) {
        int row = rows.take(event);
        int slot = keys.slotOf(rowKey);
        if (slot < 0) {
            slot = keys.put(rowKey);
            heads[slot] = NONE;
            tails[slot] = NONE;
        }
        slots[row] = slot;
        link(slot, tails[slot], row);
        link(slot, row, NONE);
        long timestampNs = event.timestampNs();
        deadlines.arm(row, timestampNs > Long.MAX_VALUE - parkNs ? Long.MAX_VALUE : timestampNs + parkNs);
    }

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

    /** {@return the event that has waited longest for the row of a key, {@link #NONE} if none does} */
    int firstOf(long rowKey) {
        int slot = keys.slotOf(rowKey);
        return slot < 0 ? NONE : heads[slot];
    }

    /** {@return the event that waits no longer at a time, {@link #NONE} if there is none} */
    int firstDue(long watermarkNs) {
        return deadlines.isDue(watermarkNs) ? deadlines.first() : NONE;
    }

    long firstDeadlineNs() {
        return deadlines.firstNs();
    }

    /** {@return the least time of those that wait, {@code Long.MAX_VALUE} if none does} */
    long leastTimestampNs() {
        return rows.size() == 0 ? Long.MAX_VALUE : rows.timestampNs(deadlines.first());
    }

    void remove(int row) {
        int slot = slots[row];
        link(slot, previous[row], next[row]);
        deadlines.disarm(row);
        rows.give(row);
        if (heads[slot] == NONE) {
            keys.remove(slot);
        }
    }

    void save(StateWriter writer) {
        rows.save(writer);
        deadlines.save(writer);
        keys.save(writer);
        for (int slot = 0; slot < keys.highWater(); slot++) {
            if (keys.isUsed(slot)) {
                saveList(writer, slot);
            }
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

    void load(String what, StateReader reader) {
        rows.load(what, reader);
        deadlines.load(reader);
        keys.load(reader);
        for (int slot = 0; slot < keys.highWater(); slot++) {
            if (keys.isUsed(slot)) {
                loadList(what, reader, slot);
            }
        }
    }

    private void loadList(String what, StateReader reader, int slot) {
        heads[slot] = NONE;
        tails[slot] = NONE;
        int length = reader.getInt();
        StateException.requireRange(what, "listLength", length, 1, capacity);
        for (int i = 0; i < length; i++) {
            int row = reader.getInt();
            StateException.requireRange(what, "row", row, 0, capacity - 1L);
            slots[row] = slot;
            link(slot, tails[slot], row);
            link(slot, row, NONE);
        }
    }
}
