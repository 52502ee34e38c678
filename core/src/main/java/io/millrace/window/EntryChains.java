package io.millrace.window;

import io.millrace.state.KeyTable;
import io.millrace.state.StateException;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;
import java.util.Arrays;

/**
 * Entries of all keys in one slab, chained per key slot in the order of their positions: panes by their number,
 * sessions by
 * their start, events by their time. Only entries that hold something exist; freed ones are the next to be taken.
 *
 * <pre>
 *   slots                                  entries
 *   +-------------+------+                 +----------+------------+-------...
 * +----------+------------+-------...
 *   | first, last | mark |  first -------&gt; | position | prev, next | cells   &lt;-&gt;   | position | prev, next
 * | cells
 *   +-------------+------+                 +----------+------------+-------...
 * +----------+------------+-------...
 * </pre>
 *
 * <p>{@code mark} is the owner's. <b>Allocation</b>: none after construction.
 */
final class EntryChains {
    static final int NIL = -1;
    /** Longs of an entry that are not its cells. */
    static final int ENTRY_HEADER = 2;
    /** Longs of a slot. */
    static final int SLOT_HEADER = 2;

    private static final int POSITION = 0;
    private static final int LINKS = 1;
    private static final int MARK = 1;
    private static final long NO_LINKS = -1;

    private final int cellCount;
    private final int stride;
    private final int maxEntries;
    private final long[] slots;
    private final long[] entries;

    private int freeHead = NIL;
    private int highWater;
    private int size;

    EntryChains(int maxSlots, int maxEntries, int cellCount) {
        this.cellCount = cellCount;
        this.stride = ENTRY_HEADER + cellCount;
        this.maxEntries = maxEntries;
        this.slots = new long[maxSlots * SLOT_HEADER];
        this.entries = new long[maxEntries * stride];
        Arrays.fill(slots, NO_LINKS);
    }

    static long bytes(long maxSlots, long maxEntries, long cellCount) {
        return (maxSlots * SLOT_HEADER + maxEntries * (ENTRY_HEADER + cellCount)) * Long.BYTES;
    }

    /** {@return entries in use} */
    int size() {
        return size;
    }

    boolean isEmpty(int slot) {
        return slots[slot * SLOT_HEADER] == NO_LINKS;
    }

    long mark(int slot) {
        return slots[slot * SLOT_HEADER + MARK];
    }

    void mark(int slot, long value) {
        slots[slot * SLOT_HEADER + MARK] = value;
    }

    /** {@return the entry with the least position, {@link #NIL} if there is none} */
    int first(int slot) {
        return left(slots[slot * SLOT_HEADER]);
    }

    /** {@return the entry with the greatest position, {@link #NIL} if there is none} */
    int last(int slot) {
        return right(slots[slot * SLOT_HEADER]);
    }

    int prev(int entry) {
        return left(entries[entry * stride + LINKS]);
    }

    int next(int entry) {
        return right(entries[entry * stride + LINKS]);
    }

    long position(int entry) {
        return entries[entry * stride + POSITION];
    }

    /** Moves an entry to a position that keeps the order of its chain. */
    void position(int entry, long value) {
        entries[entry * stride + POSITION] = value;
    }

    /** {@return the slab in which the cells of entries are} */
    long[] cells() {
        return entries;
    }

    /** {@return where the cells of an entry begin} */
    int cellsAt(int entry) {
        return entry * stride + ENTRY_HEADER;
    }

    /** {@return the newest entry that is not behind a position, {@link #NIL} if there is none} */
    int floor(int slot, long position) {
        int at = last(slot);
        while (at != NIL && entries[at * stride + POSITION] > position) {
            at = left(entries[at * stride + LINKS]);
        }
        return at;
    }

    /**
     * Links a new entry, whose cells hold anything, in behind another one, or first.
     *
     * @param before of the slot, {@link #NIL} for first
     * @return {@link #NIL} if none is free
     */
    int insert(int slot, int before, long position) {
        int at = take();
        if (at == NIL) {
            return NIL;
        }
        link(slot, before, at);
        entries[at * stride + POSITION] = position;
        return at;
    }

    private void link(int slot, int before, int at) {
        int s = slot * SLOT_HEADER;
        int behind = before == NIL ? left(slots[s]) : next(before);
        entries[at * stride + LINKS] = links(before, behind);
        if (before == NIL) {
            slots[s] = links(at, right(slots[s]));
        } else {
            entries[before * stride + LINKS] = links(prev(before), at);
        }
        if (behind == NIL) {
            slots[s] = links(left(slots[s]), at);
        } else {
            entries[behind * stride + LINKS] = links(at, next(behind));
        }
    }

    /** Takes an entry out of its slot's chain and frees it. */
    void remove(int slot, int entry) {
        int s = slot * SLOT_HEADER;
        int before = prev(entry);
        int behind = next(entry);
        if (before == NIL) {
            slots[s] = links(behind, right(slots[s]));
        } else {
            entries[before * stride + LINKS] = links(prev(before), behind);
        }
        if (behind == NIL) {
            slots[s] = links(left(slots[s]), before);
        } else {
            entries[behind * stride + LINKS] = links(before, next(behind));
        }
        give(entry);
    }

    private int take() {
        int at = freeHead;
        if (at != NIL) {
            freeHead = (int) entries[at * stride + LINKS];
        } else if (highWater < maxEntries) {
            at = highWater++;
        } else {
            return NIL;
        }
        size++;
        return at;
    }

    private void give(int entry) {
        entries[entry * stride + LINKS] = freeHead;
        freeHead = entry;
        size--;
    }

    /** {@return something that depends on the cache lines of the newest entry} */
    long touch(int slot) {
        int last = last(slot);
        return last == NIL ? 0 : entries[last * stride];
    }

    /** {@return something that depends on the cache lines of the oldest and the newest entry} */
    long touchEnds(int slot) {
        int first = first(slot);
        return first == NIL ? 0 : entries[first * stride] + entries[last(slot) * stride];
    }

    private void clear() {
        Arrays.fill(slots, NO_LINKS);
        freeHead = NIL;
        highWater = 0;
        size = 0;
    }

    /** Writes the entries of all keys, and which are free. */
    void save(KeyTable keys, StateWriter writer) {
        for (int slot = 0; slot < keys.highWater(); slot++) {
            if (keys.isUsed(slot)) {
                save(slot, writer);
            }
        }
        saveFree(writer);
    }

    /** Reads what {@link #save(KeyTable, StateWriter)} wrote; keys are loaded. */
    void load(KeyTable keys, String what, StateReader reader) {
        clear();
        for (int slot = 0; slot < keys.highWater(); slot++) {
            if (keys.isUsed(slot)) {
                load(slot, what, reader);
            }
        }
        loadFree(what, reader);
    }

    /** Writes a slot's mark and entries. */
    private void save(int slot, StateWriter writer) {
        int count = 0;
        for (int at = first(slot); at != NIL; at = next(at)) {
            count++;
        }
        writer.putLong(mark(slot));
        writer.putInt(count);
        for (int at = first(slot); at != NIL; at = next(at)) {
            writer.putInt(at);
            writer.putLong(position(at));
            writer.putLongs(entries, cellsAt(at), cellCount);
        }
    }

    /** Writes which entries are free, next one first; behind all slots. */
    private void saveFree(StateWriter writer) {
        writer.putInt(highWater - size);
        for (int at = freeHead; at != NIL; at = (int) entries[at * stride + LINKS]) {
            writer.putInt(at);
        }
    }

    /** Reads what {@link #save} wrote into an empty slot. */
    private void load(int slot, String what, StateReader reader) {
        mark(slot, reader.getLong());
        int count = reader.getInt();
        StateException.requireRange(what, "entryCount", count, 0, maxEntries - (long) size);
        for (int i = 0; i < count; i++) {
            int at = reader.getInt();
            StateException.requireRange(what, "entry", at, 0, maxEntries - 1L);
            long position = reader.getLong();
            int last = last(slot);
            if (last != NIL) {
                StateException.requireRange(what, "position", position, position(last), Long.MAX_VALUE);
            }
            link(slot, last, at);
            position(at, position);
            reader.getLongs(entries, cellsAt(at), cellCount);
            size++;
            highWater = Math.max(highWater, at + 1);
        }
    }

    /** Reads what {@link #saveFree} wrote, when all slots are loaded. */
    private void loadFree(String what, StateReader reader) {
        int count = reader.getInt();
        StateException.requireRange(what, "freeCount", count, (long) highWater - size, maxEntries - (long) size);
        highWater = size + count;
        int last = NIL;
        for (int i = 0; i < count; i++) {
            int at = reader.getInt();
            StateException.requireRange(what, "free", at, 0, highWater - 1L);
            if (last == NIL) {
                freeHead = at;
            } else {
                entries[last * stride + LINKS] = at;
            }
            entries[at * stride + LINKS] = NIL;
            last = at;
        }
    }

    private static long links(int left, int right) {
        return (long) left << 32 | (right & 0xFFFF_FFFFL);
    }

    private static int left(long links) {
        return (int) (links >> 32);
    }

    private static int right(long links) {
        return (int) links;
    }
}
