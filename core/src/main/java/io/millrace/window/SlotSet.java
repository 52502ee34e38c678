package io.millrace.window;

import java.util.Arrays;

/** A set of key slots, a bit for each: looking for the next one skips 64 others at a time. */
final class SlotSet {
    private final long[] words;

    SlotSet(int maxSlots) {
        words = new long[(maxSlots + Long.SIZE - 1) / Long.SIZE];
    }

    static long bytes(long maxSlots) {
        return (maxSlots + Long.SIZE - 1) / Long.SIZE * Long.BYTES;
    }

    boolean contains(int slot) {
        return (words[slot >> 6] & 1L << slot) != 0;
    }

    void add(int slot) {
        words[slot >> 6] |= 1L << slot;
    }

    void remove(int slot) {
        words[slot >> 6] &= ~(1L << slot);
    }

    /** {@return the first slot in the set from the given one on, or {@code limit}} */
    int next(int from, int limit) {
        int slot = from;
        while (slot < limit) {
            long word = words[slot >> 6] >>> slot;
            if (word != 0) {
                return Math.min(limit, slot + Long.numberOfTrailingZeros(word));
            }
            slot = (slot | 63) + 1;
        }
        return limit;
    }

    void clear() {
        Arrays.fill(words, 0);
    }
}
