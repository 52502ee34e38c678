package io.millrace.pattern;

import io.millrace.state.KeyTable;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;
import java.util.Arrays;

/**
 * The keys of many patterns: one look-up tells whether any pattern has runs of a key, and which do; a second one finds
 * those of a pattern.
 *
 * <pre>
 *   key ---> place ---> patterns that have something of the key, a bit each
 *              '-- with a pattern's number ---> slot, as a pattern alone has one for each key
 * </pre>
 */
final class SharedKeys {
    static final int NONE = -1;

    private final KeyTable places;
    private final KeyTable slots;
    private final int wordCount;
    private final long[] patterns;
    private final int[] patternCounts;

    SharedKeys(int maxKeys, int maxSlots, int patternCount) {
        this.places = new KeyTable(maxKeys);
        this.slots = new KeyTable(maxSlots);
        this.wordCount = wordCount(patternCount);
        this.patterns = new long[Math.multiplyExact(maxKeys, wordCount)];
        this.patternCounts = new int[maxKeys];
    }

    static long bytes(int maxKeys, int maxSlots, int patternCount) {
        return KeyTable.bytes(maxKeys)
                + KeyTable.bytes(maxSlots)
                + ((long) Long.BYTES * wordCount(patternCount) + Integer.BYTES) * maxKeys;
    }

    private static int wordCount(int patternCount) {
        return (patternCount + Long.SIZE - 1) / Long.SIZE;
    }

    /** {@return the table that gives slots} Its keys are of this class alone. */
    KeyTable slots() {
        return slots;
    }

    int keyCount() {
        return places.size();
    }

    /** {@return the place of a key, {@link #NONE} if no pattern has anything of it} */
    int placeOf(long key) {
        return places.slotOf(key);
    }

    /** {@return 64 of the patterns that have something of a key, a bit each} */
    long patterns(int place, int word) {
        return patterns[place * wordCount + word];
    }

    int slotOf(int place, int pattern) {
        return slots.slotOf(slotKey(place, pattern));
    }

    private static long slotKey(int place, int pattern) {
        return (long) place << Integer.SIZE | pattern;
    }

    int patternOf(int slot) {
        return (int) slots.keyAt(slot);
    }

    long touch(long key) {
        return places.touch(key);
    }

    /** {@return the slot of a key for a pattern, which is put in if it was not; {@link #NONE} if there is no room} */
    int put(long key, int pattern) {
        int place = places.put(key);
        if (place == NONE) {
            return NONE;
        }
        int before = slots.size();
        int slot = slots.put(slotKey(place, pattern));
        if (slots.size() > before) {
            patterns[place * wordCount + (pattern >> 6)] |= 1L << pattern;
            patternCounts[place]++;
        } else if (slot == NONE && patternCounts[place] == 0) {
            places.remove(place);
        }
        return slot;
    }

    /** Takes a slot out, and its key if no other pattern has something of it. */
    void remove(int slot) {
        long slotKey = slots.keyAt(slot);
        int place = (int) (slotKey >>> Integer.SIZE);
        int pattern = (int) slotKey;
        slots.remove(slot);
        patterns[place * wordCount + (pattern >> 6)] &= ~(1L << pattern);
        if (--patternCounts[place] == 0) {
            places.remove(place);
        }
    }

    /** Writes the keys; the slots are saved by whoever fills them. */
    void save(StateWriter writer) {
        places.save(writer);
    }

    void load(StateReader reader) {
        places.load(reader);
    }

    /** Finds out again which patterns have what, when places and slots are loaded. */
    void index() {
        Arrays.fill(patterns, 0);
        Arrays.fill(patternCounts, 0);
        for (int slot = 0; slot < slots.highWater(); slot++) {
            if (slots.isUsed(slot)) {
                long slotKey = slots.keyAt(slot);
                int place = (int) (slotKey >>> Integer.SIZE);
                int pattern = (int) slotKey;
                patterns[place * wordCount + (pattern >> 6)] |= 1L << pattern;
                patternCounts[place]++;
            }
        }
    }
}
