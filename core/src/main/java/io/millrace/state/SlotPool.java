package io.millrace.state;

import java.util.Arrays;

/**
 * Gives out dense slots from 0 on, so that what lives for a while (a held event, a run) can lie in plain arrays. A
 * freed slot is the next one given out.
 *
 * <p><b>Threading</b>: one thread. <b>Allocation</b>: none after construction. <b>Complexity</b>: O(1); 4 bytes per
 * slot. <b>Failure</b>: a slot out of range is an {@link IndexOutOfBoundsException}.
 */
public final class SlotPool {
    /** No slot. */
    public static final int NONE = -1;

    private static final String WHAT = "slot pool";
    private static final int USED = -2;
    private static final int NEVER_USED = -3;

    /** Of a free slot the one that is given out after it. */
    private final int[] links;

    private int freeHead = NONE;
    private int highWater;
    private int size;

    /** Makes slots 0 to {@code capacity - 1}; capacity is at least 1. */
    public SlotPool(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("cannot build slot pool: capacity=" + capacity
                    + " (expected: 1 or more); choose how many may be in use at a time");
        }
        links = new int[capacity];
        Arrays.fill(links, NEVER_USED);
    }

    /** {@return bytes that a pool of so many slots takes} */
    public static long bytes(int capacity) {
        return (long) Integer.BYTES * capacity;
    }

    public int capacity() {
        return links.length;
    }

    /** {@return how many slots are in use} */
    public int size() {
        return size;
    }

    /** {@return the first slot that was never in use: all that are lie below} */
    public int highWater() {
        return highWater;
    }

    public boolean isFull() {
        return size == links.length;
    }

    public boolean isUsed(int slot) {
        return links[slot] == USED;
    }

    /** Takes a slot. {@return it, or {@link #NONE} if all are in use} */
    public int take() {
        int slot = freeHead;
        if (slot != NONE) {
            freeHead = links[slot];
        } else if (highWater < links.length) {
            slot = highWater++;
        } else {
            return NONE;
        }
        links[slot] = USED;
        size++;
        return slot;
    }

    /** Gives a slot in use back. */
    public void give(int slot) {
        if (!isUsed(slot)) {
            throw new IllegalArgumentException(
                    "cannot give slot back: slot=" + slot + " (expected: one in use); give each back once");
        }
        links[slot] = freeHead;
        freeHead = slot;
        size--;
    }

    /** Gives all slots back. */
    public void clear() {
        Arrays.fill(links, 0, highWater, NEVER_USED);
        freeHead = NONE;
        highWater = 0;
        size = 0;
    }

    /** Writes how far slots were used and the free ones below, next one first. */
    public void save(StateWriter writer) {
        writer.putInt(links.length);
        writer.putInt(highWater);
        writer.putInt(size);
        for (int slot = freeHead; slot != NONE; slot = links[slot]) {
            writer.putInt(slot);
        }
    }

    /**
     * Replaces the state by a saved one.
     *
     * @throws StateException if it was saved under another capacity or contradicts itself; the pool is then in no
     *     useful state
     */
    public void load(StateReader reader) {
        clear();
        StateException.requireSame(WHAT, "capacity", reader.getInt(), links.length);
        int savedHighWater = reader.getInt();
        StateException.requireRange(WHAT, "highWater", savedHighWater, 0, links.length);
        int savedSize = reader.getInt();
        StateException.requireRange(WHAT, "size", savedSize, 0, savedHighWater);
        highWater = savedHighWater;
        size = savedSize;
        Arrays.fill(links, 0, highWater, USED);
        int last = NONE;
        for (int i = size; i < highWater; i++) {
            int slot = reader.getInt();
            StateException.requireRange(WHAT, "slot", slot, 0, highWater - 1L);
            if (links[slot] != USED) {
                throw StateException.damaged(WHAT, "slot", slot, "each free slot once");
            }
            links[slot] = NONE;
            if (last == NONE) {
                freeHead = slot;
            } else {
                links[last] = slot;
            }
            last = slot;
        }
    }
}
