package io.millrace.pattern;

import io.millrace.state.KeyTable;
import io.millrace.state.LongHash;
import io.millrace.state.StateException;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;
import java.util.Arrays;

/**
 * The events that count, of all keys, in one ring in the order of their times, which is the order in which they
 * leave.
 *
 * <pre>
 *             tail (oldest not swept)                                  head (next)
 *              v                                                        v
 *   ring   ----+------+------+------+------+------+------+------+------+----
 *              | k1 A | k2 B | k1 A | k3 C | k1 D | k2 B | k2 E | k1 A |
 *          ----+------+------+------+------+------+------+------+------+----
 *                 '------------->'------------->'-------------------->'    next: of the same key
 *                 x             x                                        x superseded: the same value comes later
 *   slot of k1: first, last, count = 4, distinct = 2 (those not superseded)
 * </pre>
 *
 * <p>Positions count up for ever; an event lies at {@code position & mask}. One event is one step, whatever the
 * numbers:
 *
 * <ul>
 *   <li>An event of a key counts if its position is at or behind {@code first} of the key's slot. Forgetting the
 *       oldest moves {@code first} on, forgetting all takes the key out: nothing in the ring is touched.
 *   <li>The number of distinct values is the number of events that are not superseded: an event supersedes the one
 *       before it with the same key and value. That one is found in a hash chain through the ring, newest first, as
 *       in deflate: what lies before the tail ends a chain, so nothing need be taken out of one, except that an event
 *       takes the place of the one it supersedes, so that a chain never holds a key and value twice.
 *   <li>The sweep moves the tail over events that are too old, a budget at a time, and forgets those which still
 *       count: so keys that come no more are freed, in the order of time and without a list of their own.
 * </ul>
 */
final class CountedEvents {
    private static final int TIMESTAMP_NS = 0;
    private static final int SEQUENCE = 1;
    private static final int VALUE = 2;
    private static final int SLOT_AND_FLAG = 3;
    private static final int NEXT = 4;
    private static final int OLDER_IN_CHAIN = 5;
    private static final int MEASURED = 6;
    /** Longs of an event are one cache line, as a power of two. */
    private static final int EVENT_SHIFT = 3;

    private static final int FIRST = 0;
    private static final int LAST = 1;
    /** Events in the low half, distinct values in the high one. */
    private static final int COUNTS = 2;
    /** Time of the first event, so that asking for it does not touch the ring. */
    private static final int FIRST_NS = 3;

    private static final long ONE_DISTINCT = 1L << 32;
    private static final int SUM = 4;
    private static final int VALUE_COUNT = 5;
    private static final int MIN = 6;
    private static final int MAX = 7;
    /** Says that the least or greatest value has to be looked for. */
    private static final long UNKNOWN = Long.MIN_VALUE;
    /** Longs of a slot as a power of two, without and with measured values. */
    private static final int PLAIN_SLOT_SHIFT = 2;

    private static final int MEASURED_SLOT_SHIFT = 3;

    /** Says that the event adds nothing to the number of distinct values. */
    private static final long SUPERSEDED = 1;

    private static final long NOT_COUNTED = Long.MAX_VALUE;
    private static final long NIL = -1;

    private final boolean hasDistinct;
    private final boolean hasValues;
    private final int slotShift;
    private final int mask;
    private final KeyTable keys;
    private final long[] ring;
    private final long[] slots;
    /** The newest position of each hash chain. */
    private final long[] chains;

    private long head;
    private long tail;

    CountedEvents(int maxKeys, int maxEvents, boolean hasDistinct, boolean hasValues) {
        int capacity = capacity(maxEvents);
        this.hasDistinct = hasDistinct;
        this.hasValues = hasValues;
        this.slotShift = slotShift(hasValues);
        this.mask = capacity - 1;
        this.keys = new KeyTable(maxKeys);
        this.ring = new long[capacity << EVENT_SHIFT];
        this.slots = new long[maxKeys << slotShift];
        this.chains = new long[hasDistinct ? capacity : 1];
        Arrays.fill(chains, NIL);
    }

    private static int capacity(int maxEvents) {
        return maxEvents == 1 ? 1 : Integer.highestOneBit(maxEvents - 1) << 1;
    }

    private static int slotShift(boolean hasValues) {
        return hasValues ? MEASURED_SLOT_SHIFT : PLAIN_SLOT_SHIFT;
    }

    static long bytes(int maxKeys, int maxEvents, boolean hasDistinct, boolean hasValues) {
        long events = capacity(maxEvents);
        return KeyTable.bytes(maxKeys)
                + Long.BYTES
                        * ((events << EVENT_SHIFT)
                                + ((long) maxKeys << slotShift(hasValues))
                                + (hasDistinct ? events : 1));
    }

    int keyCount() {
        return keys.size();
    }

    /** {@return events in the ring, some of which may have been forgotten} */
    long eventCount() {
        return head - tail;
    }

    boolean isFull() {
        return head - tail > mask;
    }

    /** {@return the slot of a key, which is begun if it had none; -1 if there are too many keys} */
    int begin(long key) {
        return keys.put(key);
    }

    long count(int slot) {
        return (int) slots[(slot << slotShift) + COUNTS];
    }

    long distinct(int slot) {
        return slots[(slot << slotShift) + COUNTS] >> 32;
    }

    long firstTimestampNs(int slot) {
        return slots[(slot << slotShift) + FIRST_NS];
    }

    long firstSequence(int slot) {
        return ring[at(slots[(slot << slotShift) + FIRST]) + SEQUENCE];
    }

    /** Counts an event that is not older than any before; the ring must not be full. */
    void append(int slot, long timestampNs, long sequence) {
        long position = head++;
        int e = at(position);
        ring[e + TIMESTAMP_NS] = timestampNs;
        ring[e + SEQUENCE] = sequence;
        ring[e + VALUE] = 0;
        ring[e + SLOT_AND_FLAG] = (long) slot << 1 | SUPERSEDED;
        ring[e + NEXT] = NIL;
        link(slot, position);
    }

    private void link(int slot, long position) {
        int s = slot << slotShift;
        if ((int) slots[s + COUNTS]++ == 0) {
            slots[s + FIRST] = position;
            slots[s + FIRST_NS] = ring[at(position) + TIMESTAMP_NS];
        } else {
            ring[at(slots[s + LAST]) + NEXT] = position;
        }
        slots[s + LAST] = position;
    }

    /** Gives the event that was appended last its value, once. */
    void value(int slot, long value) {
        long position = head - 1;
        int e = at(position);
        ring[e + VALUE] = value;
        ring[e + SLOT_AND_FLAG] = (long) slot << 1;
        if (!supersede(slot, value, position)) {
            slots[(slot << slotShift) + COUNTS] += ONE_DISTINCT;
        }
    }

    /** Puts a position into its chain, in place of the one with the same key and value. {@return if that one counts} */
    private boolean supersede(int slot, long value, long position) {
        int chain = chainOf(slot, value);
        long wanted = (long) slot << 1;
        long newest = chains[chain];
        long newer = NIL;
        long found = newest;
        while (found >= tail && !(ring[at(found) + VALUE] == value && ring[at(found) + SLOT_AND_FLAG] == wanted)) {
            newer = found;
            found = ring[at(found) + OLDER_IN_CHAIN];
        }
        chains[chain] = position;
        ring[at(position) + OLDER_IN_CHAIN] = newest;
        if (found < tail) {
            return false;
        }
        ring[at(newer == NIL ? position : newer) + OLDER_IN_CHAIN] = ring[at(found) + OLDER_IN_CHAIN];
        ring[at(found) + SLOT_AND_FLAG] = wanted | SUPERSEDED;
        return found >= slots[(slot << slotShift) + FIRST];
    }

    /** Gives the event that was appended last the value that is summed and compared, once; {@code null} as UNKNOWN. */
    void measure(int slot, long value, boolean isNull) {
        int s = slot << slotShift;
        ring[at(head - 1) + MEASURED] = isNull ? UNKNOWN : value;
        if ((int) slots[s + COUNTS] == 1) {
            slots[s + SUM] = 0;
            slots[s + VALUE_COUNT] = 0;
        }
        if (!isNull) {
            boolean isFirst = slots[s + VALUE_COUNT]++ == 0;
            slots[s + SUM] += value;
            slots[s + MIN] = isFirst ? value : lesser(slots[s + MIN], value);
            slots[s + MAX] = isFirst ? value : greater(slots[s + MAX], value);
        }
    }

    private static long lesser(long min, long value) {
        return min == UNKNOWN ? UNKNOWN : Math.min(min, value);
    }

    private static long greater(long max, long value) {
        return max == UNKNOWN ? UNKNOWN : Math.max(max, value);
    }

    private void unmeasure(int s, int e) {
        long value = ring[e + MEASURED];
        if (value != UNKNOWN) {
            slots[s + SUM] -= value;
            slots[s + VALUE_COUNT]--;
            slots[s + MIN] = slots[s + MIN] == value ? UNKNOWN : slots[s + MIN];
            slots[s + MAX] = slots[s + MAX] == value ? UNKNOWN : slots[s + MAX];
        }
    }

    /** {@return events of a key whose measured value is not null} */
    long valueCount(int slot) {
        return slots[(slot << slotShift) + VALUE_COUNT];
    }

    long sum(int slot) {
        return slots[(slot << slotShift) + SUM];
    }

    /** {@return the least value; there must be one} */
    long min(int slot) {
        lookForExtremes(slot << slotShift);
        return slots[(slot << slotShift) + MIN];
    }

    /** {@return the greatest value; there must be one} */
    long max(int slot) {
        lookForExtremes(slot << slotShift);
        return slots[(slot << slotShift) + MAX];
    }

    /** Goes through the key's events, if one that left had the least or the greatest value. */
    private void lookForExtremes(int s) {
        if (slots[s + MIN] != UNKNOWN && slots[s + MAX] != UNKNOWN) {
            return;
        }
        long min = Long.MAX_VALUE;
        long max = Long.MIN_VALUE;
        long position = slots[s + FIRST];
        for (int left = (int) slots[s + COUNTS]; left > 0; left--) {
            int e = at(position);
            if (ring[e + MEASURED] != UNKNOWN) {
                min = Math.min(min, ring[e + MEASURED]);
                max = Math.max(max, ring[e + MEASURED]);
            }
            position = ring[e + NEXT];
        }
        slots[s + MIN] = min;
        slots[s + MAX] = max;
    }

    /** Forgets the events of a key up to a time, in nanoseconds. */
    void forgetUpTo(int slot, long timeNs) {
        while (count(slot) > 0 && firstTimestampNs(slot) <= timeNs) {
            forgetFirst(slot);
        }
    }

    /** Forgets the oldest event of a key that has one; the key stays. */
    void forgetFirst(int slot) {
        int s = slot << slotShift;
        int e = at(slots[s + FIRST]);
        slots[s + COUNTS] -= 1 + ((~ring[e + SLOT_AND_FLAG] & SUPERSEDED) << 32);
        if (hasValues) {
            unmeasure(s, e);
        }
        if ((int) slots[s + COUNTS] == 0) {
            slots[s + FIRST] = NOT_COUNTED;
        } else {
            slots[s + FIRST] = ring[e + NEXT];
            slots[s + FIRST_NS] = ring[at(ring[e + NEXT]) + TIMESTAMP_NS];
        }
    }

    /** Forgets a key and its events. */
    void end(int slot) {
        int s = slot << slotShift;
        slots[s + FIRST] = NOT_COUNTED;
        slots[s + COUNTS] = 0;
        keys.remove(slot);
    }

    /** {@return whether the oldest event in the ring is one up to a time, in nanoseconds} */
    boolean isOldestUpTo(long timeNs) {
        return tail < head && ring[at(tail) + TIMESTAMP_NS] <= timeNs;
    }

    /** Takes the oldest event out of the ring, which is not empty. {@return whether it counted} */
    boolean removeOldest() {
        int slot = (int) (ring[at(tail) + SLOT_AND_FLAG] >>> 1);
        boolean counted = slots[(slot << slotShift) + FIRST] == tail;
        tail++;
        if (counted) {
            forgetFirst(slot);
            if (count(slot) == 0) {
                end(slot);
            }
        }
        return counted;
    }

    /** {@return the slot of a key, below 0 if it has none} */
    int slotOf(long key) {
        return keys.slotOf(key);
    }

    /** {@return something that depends on the cache lines which counting an event will need} */
    long touch(long key) {
        int slot = keys.slotOf(key);
        return slot < 0 ? slot : slots[slot << slotShift];
    }

    /** {@return something that depends on the cache line that {@link #value} will need} */
    long touchValue(long key, long value) {
        int slot = keys.slotOf(key);
        return slot < 0 ? slot : slots[slot << slotShift] + chains[chainOf(slot, value)];
    }

    private int chainOf(int slot, long value) {
        return (int) LongHash.mix(value + slot * 0x9E3779B97F4A7C15L) & mask;
    }

    private int at(long position) {
        return ((int) position & mask) << EVENT_SHIFT;
    }

    /** Writes keys, slots and ring; the chains follow from them. */
    void save(StateWriter writer) {
        keys.save(writer);
        for (int slot = 0; slot < keys.highWater(); slot++) {
            if (keys.isUsed(slot)) {
                writer.putLongs(slots, slot << slotShift, 1 << slotShift);
            }
        }
        writer.putInt(mask + 1);
        writer.putLong(tail);
        writer.putLong(head);
        for (long position = tail; position < head; position++) {
            writer.putLongs(ring, at(position), OLDER_IN_CHAIN);
            if (hasValues) {
                writer.putLong(ring[at(position) + MEASURED]);
            }
        }
    }

    void load(String what, StateReader reader) {
        keys.load(reader);
        Arrays.fill(slots, 0);
        for (int slot = 0; slot < keys.highWater(); slot++) {
            if (keys.isUsed(slot)) {
                reader.getLongs(slots, slot << slotShift, 1 << slotShift);
            } else {
                slots[slot << slotShift] = NOT_COUNTED;
            }
        }
        StateException.requireSame(what, "eventCapacity", reader.getInt(), mask + 1L);
        tail = reader.getLong();
        StateException.requireRange(what, "tail", tail, 0, Long.MAX_VALUE);
        head = reader.getLong();
        StateException.requireRange(what, "head", head, tail, tail + mask + 1);
        Arrays.fill(chains, NIL);
        for (long position = tail; position < head; position++) {
            loadEvent(position, what, reader);
        }
        checkSlots(what);
    }

    private void loadEvent(long position, String what, StateReader reader) {
        int e = at(position);
        reader.getLongs(ring, e, OLDER_IN_CHAIN);
        if (hasValues) {
            ring[e + MEASURED] = reader.getLong();
        }
        long slotAndFlag = ring[e + SLOT_AND_FLAG];
        StateException.requireRange(what, "slot", slotAndFlag >> 1, 0, keys.highWater() - 1L);
        if (hasDistinct && (slotAndFlag & SUPERSEDED) == 0) {
            int chain = chainOf((int) (slotAndFlag >> 1), ring[e + VALUE]);
            ring[e + OLDER_IN_CHAIN] = chains[chain];
            chains[chain] = position;
        }
    }

    private void checkSlots(String what) {
        for (int slot = 0; slot < keys.highWater(); slot++) {
            if (keys.isUsed(slot)) {
                int s = slot << slotShift;
                StateException.requireRange(what, "count", (int) slots[s + COUNTS], 1, head - tail);
                StateException.requireRange(what, "first", slots[s + FIRST], tail, slots[s + LAST]);
                StateException.requireRange(what, "last", slots[s + LAST], slots[s + FIRST], head - 1);
            }
        }
    }
}
