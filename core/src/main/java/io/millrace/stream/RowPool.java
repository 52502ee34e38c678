package io.millrace.stream;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.state.StateException;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Rows of one length, each with key, time and the fields of a derived event, in a slab of fixed size. A row that is
 * given back is the next one taken.
 *
 * <pre>
 *   +-----+-------------+----------+-----+-------------+----------+-----
 *   | key | timestampNs | block    | key | timestampNs | block    | ...     stride: 16 + blockLength
 *   +-----+-------------+----------+-----+-------------+----------+-----
 * </pre>
 *
 * <p><b>Threading</b>: one thread. <b>Allocation</b>: none after construction.
 */
final class RowPool {
    static final int NONE = -1;
    /** Most bytes of a slab: one array. */
    static final int MAX_LENGTH = 1 << 30;

    private static final int KEY = 0;
    private static final int TIMESTAMP_NS = 8;
    private static final int BLOCK = 16;
    private static final int USED = -2;
    private static final int NEVER_USED = -3;

    private final int capacity;
    private final int blockLength;
    private final int stride;
    private final UnsafeBuffer rows;
    /** Of a free row the next free one, else {@link #USED}. */
    private final int[] links;

    private int highWater;
    private int size;
    private int freeHead = NONE;

    RowPool(int capacity, int blockLength) {
        this.capacity = capacity;
        this.blockLength = blockLength;
        this.stride = stride(blockLength);
        this.rows = new UnsafeBuffer(new byte[capacity * stride]);
        this.links = new int[capacity];
        Arrays.fill(links, NEVER_USED);
    }

    private static int stride(int blockLength) {
        return BLOCK + (blockLength + 7 & -8);
    }

    static long bytes(int capacity, int blockLength) {
        return (long) capacity * (stride(blockLength) + Integer.BYTES);
    }

    /** {@return the most rows of a block length that a slab holds} */
    static int maxCapacity(int blockLength) {
        return MAX_LENGTH / stride(blockLength);
    }

    int size() {
        return size;
    }

    /** {@return a row for the fields of an event, {@link #NONE} if all are in use} */
    int take(Event event) {
        int row = freeHead;
        if (row != NONE) {
            freeHead = links[row];
        } else if (highWater < capacity) {
            row = highWater++;
        } else {
            return NONE;
        }
        links[row] = USED;
        size++;
        put(row, event);
        return row;
    }

    /** Replaces what a row holds. */
    void put(int row, Event event) {
        int at = row * stride;
        rows.putLong(at + KEY, event.key());
        rows.putLong(at + TIMESTAMP_NS, event.timestampNs());
        rows.putBytes(at + BLOCK, event.buffer(), Blocks.OFFSET, blockLength);
    }

    void give(int row) {
        links[row] = freeHead;
        freeHead = row;
        size--;
    }

    long key(int row) {
        return rows.getLong(row * stride + KEY);
    }

    long timestampNs(int row) {
        return rows.getLong(row * stride + TIMESTAMP_NS);
    }

    /** Copies the fields of a row to an event's payload. */
    void copyBlock(int row, MutableEvent target, int offset) {
        target.buffer().putBytes(offset, rows, row * stride + BLOCK, blockLength);
    }

    void clear() {
        Arrays.fill(links, 0, highWater, NEVER_USED);
        highWater = 0;
        size = 0;
        freeHead = NONE;
    }

    /** Writes the rows in use, then the free ones, next one first. */
    void save(StateWriter writer) {
        writer.putInt(capacity);
        writer.putInt(blockLength);
        writer.putInt(highWater);
        writer.putInt(size);
        for (int row = 0; row < highWater; row++) {
            if (links[row] == USED) {
                writer.putInt(row);
                writer.putBytes(rows, row * stride, stride);
            }
        }
        for (int row = freeHead; row != NONE; row = links[row]) {
            writer.putInt(row);
        }
    }

    /** Replaces all rows by saved ones. */
    void load(String what, StateReader reader) {
        clear();
        StateException.requireSame(what, "maxRows", reader.getInt(), capacity);
        StateException.requireSame(what, "blockLength", reader.getInt(), blockLength);
        highWater = reader.getInt();
        StateException.requireRange(what, "highWater", highWater, 0, capacity);
        size = reader.getInt();
        StateException.requireRange(what, "rows", size, 0, highWater);
        for (int i = 0; i < size; i++) {
            int row = unmet(what, reader.getInt());
            links[row] = USED;
            reader.getBytes(rows, row * stride, stride);
        }
        int last = NONE;
        for (int i = size; i < highWater; i++) {
            int row = unmet(what, reader.getInt());
            links[row] = NONE;
            if (last == NONE) {
                freeHead = row;
            } else {
                links[last] = row;
            }
            last = row;
        }
    }

    private int unmet(String what, int row) {
        StateException.requireRange(what, "row", row, 0, highWater - 1L);
        if (links[row] != NEVER_USED) {
            throw StateException.damaged(what, "row", row, "each row once");
        }
        return row;
    }
}
