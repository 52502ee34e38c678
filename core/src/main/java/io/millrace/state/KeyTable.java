package io.millrace.state;

import java.util.Arrays;

/**
 * Gives each long key a dense slot from 0 on, so that what belongs to a key can lie in plain arrays.
 *
 * <pre>
 *   table, twice as many entries as keys or more      by slot
 *   +--------------+-----+--------------+-----+       0      1      2      3 = highWater
 *   | tag | slot+1 |  0  | tag | slot+1 |  0  | ...   +------+------+------+------
 *   +--------------+-----+--------------+-----+       | key  | key  | next |         keys
 *   '-- 4 bytes ---'                                  |  1   |  1   |  0   |  0      used, a bit each
 *                                                     +------+------+------+------
 *                                                       free slots are chained, last freed first
 * </pre>
 *
 * <p>A freed slot is the next one given out. Iterate by slot, from 0 to {@link #highWater}, asking {@link #isUsed}:
 * the order depends on the calls made and on nothing else.
 *
 * <p><b>Threading</b>: one thread. <b>Allocation</b>: none after construction. <b>Complexity</b>: expected O(1), one
 * cache line for most keys that are not in, two for one that is; {@link #load} and nothing else rebuilds. Somebody who
 * chooses keys on purpose can make it O(n).
 */
public final class KeyTable {
    /** Largest {@code maxKeys}; such a table takes 4 GiB. */
    public static final int MAX_KEYS_LIMIT = 1 << 28;

    private static final String WHAT = "key table";
    private static final int NO_SLOT = -1;

    /*
     * Design: linear probing with back-shift deletion (Knuth, TAOCP vol. 3, 6.4, algorithm R), so no tombstones, at a
     * load of at most one half. An entry has the slot and, in the bits that slots of this table do not need, some of
     * the key's hash, so that the key itself is looked at only where it is almost surely the one that is wanted. Four
     * bytes rather than sixteen with the key in the entry: the table of 100,000 keys then lies in the second cache, and
     * memory near the processor is what many keys cost. The table is not saved: where an entry lies in it has no effect
     * on any answer, so it is rebuilt from the slots. The free list is saved in order, because it decides which slot
     * the next key gets.
     */
    private final int maxKeys;
    private final int mask;
    /** The bits of an entry that hold the slot. */
    private final int slotMask;

    private final int[] table;
    /** Of a used slot its key, of a free one the slot that is given out after it. */
    private final long[] keys;

    private final long[] used;
    private int size;
    private int highWater;
    private int freeHead = NO_SLOT;

    /** Makes room for {@code maxKeys} keys, 1 to {@link #MAX_KEYS_LIMIT}. */
    public KeyTable(int maxKeys) {
        this.maxKeys = checkMaxKeys(maxKeys);
        int entryCount = entryCount(maxKeys);
        mask = entryCount - 1;
        slotMask = (Integer.highestOneBit(maxKeys) << 1) - 1;
        table = new int[entryCount];
        keys = new long[maxKeys];
        used = new long[bitWords(maxKeys)];
    }

    /** {@return bytes that a table for {@code maxKeys} keys takes} */
    public static long bytes(int maxKeys) {
        return 4L * entryCount(checkMaxKeys(maxKeys)) + Long.BYTES * ((long) maxKeys + bitWords(maxKeys));
    }

    private static int bitWords(int count) {
        return (count + Long.SIZE - 1) / Long.SIZE;
    }

    /** {@return bytes that this table takes, the same for its whole life} */
    public long bytes() {
        return bytes(maxKeys);
    }

    /** {@return keys that fit} */
    public int maxKeys() {
        return maxKeys;
    }

    /** {@return keys that are in} */
    public int size() {
        return size;
    }

    /** {@return the first slot that was never used: all used slots lie below} */
    public int highWater() {
        return highWater;
    }

    /** {@return the slot of a key, or -1 if it is not in} */
    public int slotOf(long key) {
        return slotIn(find(key));
    }

    /** {@return the slot of a key, which is put in if it was not; -1 if there is no room for it} */
    public int put(long key) {
        int entry = find(key);
        int slot = slotIn(entry);
        return slot == NO_SLOT && size < maxKeys ? insert(entry, key) : slot;
    }

    private int slotIn(int entry) {
        return (table[entry] & slotMask) - 1;
    }

    /**
     * Takes the key of a used slot out and frees the slot.
     *
     * @param slot for which {@link #isUsed} is true
     */
    public void remove(int slot) {
        if (!isUsed(slot)) {
            throw notUsed(slot);
        }
        closeGap(find(keys[slot]));
        used[slot / Long.SIZE] &= ~(1L << slot);
        keys[slot] = freeHead;
        freeHead = slot;
        size--;
    }

    /** {@return the key that has a used slot} */
    public long keyAt(int slot) {
        return keys[slot];
    }

    /** {@return whether a slot has a key; for any slot from 0 to {@code maxKeys - 1}} */
    public boolean isUsed(int slot) {
        return (used[slot / Long.SIZE] & 1L << slot) != 0;
    }

    /**
     * Loads the cache line in which the key is looked for; changes nothing.
     *
     * @return something that depends on the line
     */
    public long touch(long key) {
        return table[home(LongHash.mix(key))];
    }

    /**
     * Loads the cache line in which the key of a slot stands; changes nothing.
     *
     * @return something that depends on the line
     */
    public long touchSlot(int slot) {
        return keys[slot];
    }

    /** Takes all keys out. */
    public void clear() {
        Arrays.fill(table, 0);
        Arrays.fill(used, 0);
        size = 0;
        highWater = 0;
        freeHead = NO_SLOT;
    }

    /** Writes keys by slot, then the free slots, next one first. */
    public void save(StateWriter writer) {
        writer.putInt(maxKeys);
        writer.putInt(size);
        writer.putInt(highWater);
        for (int slot = 0; slot < highWater; slot++) {
            if (isUsed(slot)) {
                writer.putInt(slot);
                writer.putLong(keys[slot]);
            }
        }
        for (int slot = freeHead; slot != NO_SLOT; slot = (int) keys[slot]) {
            writer.putInt(slot);
        }
    }

    /**
     * Replaces all keys by saved ones.
     *
     * @throws StateException if they were saved under another {@code maxKeys} or contradict themselves; the table is
     *     then in no useful state
     */
    public void load(StateReader reader) {
        clear();
        StateException.requireSame(WHAT, "maxKeys", reader.getInt(), maxKeys);
        int savedSize = reader.getInt();
        int savedHighWater = reader.getInt();
        StateException.requireRange(WHAT, "highWater", savedHighWater, 0, maxKeys);
        StateException.requireRange(WHAT, "size", savedSize, 0, savedHighWater);
        highWater = savedHighWater;
        for (int i = 0; i < savedSize; i++) {
            loadUsed(reader.getInt(), reader.getLong());
        }
        loadFree(reader);
    }

    private void loadUsed(int slot, long key) {
        requireUnmet(slot);
        int entry = find(key);
        if (table[entry] != 0) {
            throw StateException.damaged(WHAT, "key", key, "each key once");
        }
        use(slot, entry, key);
    }

    /** Chains the free slots in the order in which they were saved. Meanwhile they count as used: each comes once. */
    private void loadFree(StateReader reader) {
        int last = NO_SLOT;
        for (int i = size; i < highWater; i++) {
            int slot = reader.getInt();
            requireUnmet(slot);
            use(slot);
            if (last == NO_SLOT) {
                freeHead = slot;
            } else {
                keys[last] = slot;
            }
            keys[slot] = NO_SLOT;
            last = slot;
        }
        for (int slot = freeHead; slot != NO_SLOT; slot = (int) keys[slot]) {
            used[slot / Long.SIZE] &= ~(1L << slot);
        }
    }

    private void requireUnmet(int slot) {
        StateException.requireRange(WHAT, "slot", slot, 0, highWater - 1L);
        if (isUsed(slot)) {
            throw StateException.damaged(WHAT, "slot", slot, "each slot once");
        }
    }

    private void use(int slot) {
        used[slot / Long.SIZE] |= 1L << slot;
    }

    /** {@return the entry that holds the key, or the empty one where it would go} */
    private int find(long key) {
        long hash = LongHash.mix(key);
        int tag = tag(hash);
        int entry = home(hash);
        int found = table[entry];
        while (found != 0 && ((found & ~slotMask) != tag || keys[(found & slotMask) - 1] != key)) {
            entry = (entry + 1) & mask;
            found = table[entry];
        }
        return entry;
    }

    private int tag(long hash) {
        return (int) (hash >>> Integer.SIZE) & ~slotMask;
    }

    private int insert(int entry, long key) {
        int slot = freeHead;
        if (slot == NO_SLOT) {
            slot = highWater++;
        } else {
            freeHead = (int) keys[slot];
        }
        use(slot, entry, key);
        return slot;
    }

    private void use(int slot, int entry, long key) {
        table[entry] = tag(LongHash.mix(key)) | (slot + 1);
        keys[slot] = key;
        use(slot);
        size++;
    }

    /** Moves entries back over the gap until none is left that a search would no longer reach. */
    private void closeGap(int removed) {
        int gap = removed;
        int entry = (gap + 1) & mask;
        while (table[entry] != 0) {
            int distanceFromHome = (entry - home(LongHash.mix(keys[slotIn(entry)]))) & mask;
            int distanceFromGap = (entry - gap) & mask;
            if (distanceFromHome >= distanceFromGap) {
                table[gap] = table[entry];
                gap = entry;
            }
            entry = (entry + 1) & mask;
        }
        table[gap] = 0;
    }

    private int home(long hash) {
        return (int) hash & mask;
    }

    private static int entryCount(int maxKeys) {
        return 2 * Integer.highestOneBit(2 * maxKeys - 1);
    }

    private static int checkMaxKeys(int maxKeys) {
        if (maxKeys < 1 || maxKeys > MAX_KEYS_LIMIT) {
            throw new IllegalArgumentException("cannot build key table: maxKeys=" + maxKeys + " (expected: 1 to "
                    + MAX_KEYS_LIMIT + "); choose the number of keys that may live at a time");
        }
        return maxKeys;
    }

    private static IllegalArgumentException notUsed(int slot) {
        return new IllegalArgumentException(
                "cannot remove key: slot=" + slot + " (expected: a used slot); ask isUsed first");
    }
}
