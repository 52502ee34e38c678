package io.millrace.pattern;

import io.millrace.state.KeyTable;
import io.millrace.state.LongHash;
import io.millrace.state.StateException;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The events that count, of all keys, in one ring in the order of their times, which is the order in which they
 * leave.
 *
 * <pre>
 *             tail (oldest not swept)                                  head (next)
 *              v                                                        v
 *   ring   ----+------+------+------+------+------+------+------+------+----
 *              | k1 A | k2 B | k1 A | k3 C | k1 D | k2 B | k1 E | k1 A |
 *          ----+------+------+------+------+------+------+------+------+----
 *                 '------------->'------------->'------------->'------>'   next: of the same linked key
 *                 x             x                                          x superseded: the same value comes later
 *   k1: first, last, count = 5, distinct = 3 (those not superseded); linked, as there are more than four
 *   k2: first, last, count = 2, distinct = 1; position, time and value of both lie beside these
 * </pre>
 *
 * <p>Positions count up for ever; an event lies at {@code position & mask}. One event is one step, whatever the
 * numbers:
 *
 * <ul>
 *   <li>An event of a key counts if its position is at or behind {@code first} of the key's slot. Forgetting the
 *       oldest moves {@code first} on, forgetting all takes the key out: nothing in the ring is touched.
 *   <li>A key with few events has them in {@link CountedKeys}, where equal values are found by looking: one cache line,
 *       where the ring would be one for each event. What comes to the ring is then written once, and read once by the
 *       sweep, both in sequence.
 *   <li>For a linked key the number of distinct values is the number of events that are not superseded: an event
 *       supersedes the one before it with the same key and value. That one is found in a hash chain through the ring,
 *       newest first, as in deflate: what lies before the tail ends a chain, so nothing need be taken out of one,
 *       except that an event takes the place of the one it supersedes: a chain never holds a key and value twice.
 *   <li>The sweep moves the tail over events that are too old, a budget at a time, and forgets those which still
 *       count: so keys that come no more are freed, in the order of time and without a list of their own.
 * </ul>
 */
final class CountedEvents {
    private static final int TIMESTAMP_NS = 0;
    private static final int SEQUENCE = 1;
    private static final int VALUE = 2;
    private static final int SLOT_AND_FLAG = 3;
    /** Longs of an event, as a power of two: half a cache line. */
    private static final int EVENT_SHIFT = 2;

    private static final int NEXT = 0;
    private static final int OLDER_IN_CHAIN = 1;
    private static final int LINKS_SHIFT = 1;
    /** Longs of the ring before the first event: with the array's header they fill a cache line. */
    private static final int BASE = 6;

    /** Says that the event adds nothing to the number of distinct values, or that its key is not linked. */
    private static final long SUPERSEDED = 1;

    private static final long NIL = -1;

    private final boolean hasDistinct;
    private final int mask;
    private final KeyTable keys;
    private final CountedKeys counted;
    private final long[] ring;
    /** How far the next event of the same key is ahead, and the older one in the chain behind; 0 for none. */
    private final int[] links;

    private final @Nullable MeasuredValues measured;
    /** The newest position of each hash chain. */
    private final long[] chains;

    private long head;
    private long tail;

    CountedEvents(int maxKeys, int maxEvents, boolean hasDistinct, boolean hasValues) {
        int capacity = capacity(maxEvents);
        this.hasDistinct = hasDistinct;
        this.mask = capacity - 1;
        this.keys = new KeyTable(maxKeys);
        this.counted = new CountedKeys(maxKeys);
        this.ring = new long[BASE + (capacity << EVENT_SHIFT)];
        this.links = new int[capacity << LINKS_SHIFT];
        this.measured = hasValues ? new MeasuredValues(maxKeys, capacity) : null;
        this.chains = new long[hasDistinct ? capacity : 1];
        Arrays.fill(chains, NIL);
    }

    private static int capacity(int maxEvents) {
        return maxEvents == 1 ? 1 : Integer.highestOneBit(maxEvents - 1) << 1;
    }

    static long bytes(int maxKeys, int maxEvents, boolean hasDistinct, boolean hasValues) {
        long events = capacity(maxEvents);
        return KeyTable.bytes(maxKeys)
                + CountedKeys.bytes(maxKeys)
                + Long.BYTES * (BASE + (events << EVENT_SHIFT) + events + (hasDistinct ? events : 1))
                + (hasValues ? MeasuredValues.bytes(maxKeys, capacity(maxEvents)) : 0);
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
        return counted.count(slot);
    }

    long distinct(int slot) {
        return counted.distinct(slot);
    }

    long firstTimestampNs(int slot) {
        return counted.firstTimestampNs(slot);
    }

    long firstSequence(int slot) {
        return ring[at(counted.first(slot)) + SEQUENCE];
    }

    /**
     * Counts an event that is not older than any before; the ring must not be full.
     *
     * @param hasValue whether it has a value that is told apart
     */
    void append(int slot, long timestampNs, long sequence, long value, boolean hasValue) {
        long position = head++;
        int e = at(position);
        ring[e + TIMESTAMP_NS] = timestampNs;
        ring[e + SEQUENCE] = sequence;
        ring[e + VALUE] = value;
        ring[e + SLOT_AND_FLAG] = (long) slot << 1 | SUPERSEDED;
        links[linksOf(position) + NEXT] = 0;
        int count = counted.count(slot);
        if (count == 0) {
            counted.last(slot, position, false);
        }
        boolean isLinked = counted.isLinked(slot);
        if (!isLinked && count == CountedKeys.INLINE_COUNT) {
            linkAll(slot);
            isLinked = true;
        }
        boolean isDistinct;
        if (isLinked) {
            next(counted.last(slot), position);
            isDistinct = hasValue && !supersede(slot, value, position);
        } else {
            isDistinct = hasValue && !counted.hasValue(slot, 0, value);
            counted.add(slot, position, timestampNs, value, hasValue);
        }
        counted.last(slot, position, isLinked);
        counted.countOne(slot, isDistinct);
    }

    /** Makes a key linked: its events get what they have when they come to a linked one. */
    private void linkAll(int slot) {
        for (int i = 0; i < CountedKeys.INLINE_COUNT; i++) {
            long position = counted.position(slot, i);
            if (i > 0) {
                next(counted.position(slot, i - 1), position);
            }
            if (counted.hasValue(slot, i)) {
                supersede(slot, counted.value(slot, i), position);
            }
        }
    }

    /**
     * Puts an event of a linked key with a value into its chain, in place of the one with the same key and value, which
     * is older.
     *
     * @return if that one counts
     */
    private boolean supersede(int slot, long value, long position) {
        long wanted = (long) slot << 1;
        ring[at(position) + SLOT_AND_FLAG] = wanted;
        long newer = enchain(chainOf(slot, value), position);
        long found = older(position);
        while (found >= tail && !(ring[at(found) + VALUE] == value && ring[at(found) + SLOT_AND_FLAG] == wanted)) {
            newer = found;
            found = older(found);
        }
        if (found < tail) {
            return false;
        }
        older(newer, older(found));
        ring[at(found) + SLOT_AND_FLAG] = wanted | SUPERSEDED;
        return found >= counted.first(slot);
    }

    /** Puts an event into a chain, behind those that are newer. {@return it} */
    private long enchain(int chain, long position) {
        long newer = NIL;
        long older = chains[chain];
        while (older > position) {
            newer = older;
            older = older(older);
        }
        if (newer == NIL) {
            chains[chain] = position;
        } else {
            older(newer, position);
        }
        older(position, older);
        return position;
    }

    private static long ahead(long position, int distance) {
        return distance == 0 ? NIL : position + distance;
    }

    /** {@return the position of the next event of a linked key, {@link #NIL} behind the last} */
    private long next(long position) {
        return ahead(position, links[linksOf(position) + NEXT]);
    }

    private void next(long position, long next) {
        links[linksOf(position) + NEXT] = (int) (next - position);
    }

    /** {@return the position of the older event in the chain, {@link #NIL} if it has left the ring} */
    private long older(long position) {
        return ahead(position, -links[linksOf(position) + OLDER_IN_CHAIN]);
    }

    private void older(long position, long older) {
        links[linksOf(position) + OLDER_IN_CHAIN] = older < tail ? 0 : (int) (position - older);
    }

    private int linksOf(long position) {
        return placeOf(position) << LINKS_SHIFT;
    }

    private MeasuredValues measured() {
        if (measured == null) {
            throw new AssertionError("measured=null");
        }
        return measured;
    }

    /** Gives the event that was appended last the value that is summed and compared, once. */
    void measure(int slot, long value, boolean isNull) {
        measured().add(slot, placeOf(head - 1), isNull ? MeasuredValues.UNKNOWN : value, counted.count(slot) == 1);
    }

    /** {@return events of a key whose measured value is not null} */
    long valueCount(int slot) {
        return measured == null ? 0 : measured.count(slot);
    }

    long sum(int slot) {
        return measured().sum(slot);
    }

    /** {@return the least value; there must be one} */
    long min(int slot) {
        lookForExtremes(slot, measured());
        return measured().min(slot);
    }

    /** {@return the greatest value; there must be one} */
    long max(int slot) {
        lookForExtremes(slot, measured());
        return measured().max(slot);
    }

    /** Goes through the key's events, if one that left had the least or the greatest value. */
    private void lookForExtremes(int slot, MeasuredValues values) {
        if (values.min(slot) != MeasuredValues.UNKNOWN && values.max(slot) != MeasuredValues.UNKNOWN) {
            return;
        }
        long min = Long.MAX_VALUE;
        long max = Long.MIN_VALUE;
        boolean isLinked = counted.isLinked(slot);
        long position = counted.first(slot);
        for (int i = 0; i < counted.count(slot); i++) {
            long value = values.value(placeOf(isLinked ? position : counted.position(slot, i)));
            if (value != MeasuredValues.UNKNOWN) {
                min = Math.min(min, value);
                max = Math.max(max, value);
            }
            position = isLinked ? next(position) : position;
        }
        values.extremes(slot, min, max);
    }

    /** Forgets the events of a key up to a time, in nanoseconds. */
    void forgetUpTo(int slot, long timeNs) {
        while (counted.count(slot) > 0 && counted.firstTimestampNs(slot) <= timeNs) {
            forgetFirst(slot);
        }
    }

    /** Forgets the oldest event of a key that has one; the key stays. */
    void forgetFirst(int slot) {
        if (measured != null) {
            measured.remove(slot, placeOf(counted.first(slot)));
        }
        if (counted.isLinked(slot)) {
            long first = counted.first(slot);
            boolean isDistinct = (ring[at(first) + SLOT_AND_FLAG] & SUPERSEDED) == 0;
            long next = next(first);
            counted.moveFirst(slot, isDistinct, next, next == NIL ? 0 : ring[at(next) + TIMESTAMP_NS]);
        } else {
            counted.removeFirst(slot);
        }
    }

    /** Forgets a key and its events. */
    void end(int slot) {
        counted.clear(slot);
        keys.remove(slot);
    }

    /** {@return whether the oldest event in the ring is one up to a time, in nanoseconds} */
    boolean isOldestUpTo(long timeNs) {
        return tail < head && ring[at(tail) + TIMESTAMP_NS] <= timeNs;
    }

    /** Takes the oldest event out of the ring, which is not empty. {@return whether it counted} */
    boolean removeOldest() {
        int slot = (int) (ring[at(tail) + SLOT_AND_FLAG] >>> 1);
        boolean isCounted = counted.first(slot) == tail;
        tail++;
        if (isCounted) {
            forgetFirst(slot);
            if (counted.count(slot) == 0) {
                end(slot);
            }
        }
        return isCounted;
    }

    /** {@return something that depends on the cache line in which a key is looked for} */
    long touchKey(long key) {
        return keys.touch(key);
    }

    /** {@return the slot of a key, -1 if it has none} */
    int slotOf(long key) {
        return keys.slotOf(key);
    }

    /** {@return something that depends on the cache line of a key} */
    long touchCounts(int slot) {
        return counted.touch(slot);
    }

    /** {@return something that depends on what else counting an event needs; when {@link #touchCounts} is done} */
    long touchMore(int slot, long value) {
        if (!counted.isLinked(slot)) {
            return counted.touchFurther(slot);
        }
        return links[linksOf(counted.last(slot))]
                + links[linksOf(counted.first(slot))]
                + ring[at(counted.first(slot))]
                + (hasDistinct ? chains[chainOf(slot, value)] : 0);
    }

    /** {@return something that depends on the chain of a linked key; when {@link #touchMore} is done} */
    long touchChain(int slot, long value) {
        long newest = hasDistinct && counted.isLinked(slot) ? chains[chainOf(slot, value)] : NIL;
        return newest < tail ? newest : ring[at(newest)] + links[linksOf(newest)];
    }

    /** {@return something that depends on the cache lines of the keys whose events leave next} */
    long touchLeaving(int maxCount) {
        long touched = 0;
        long end = Math.min(head, tail + maxCount);
        for (long position = tail; position < end; position++) {
            int slot = (int) (ring[at(position) + SLOT_AND_FLAG] >>> 1);
            touched += counted.touch(slot) + keys.touchSlot(slot);
        }
        return touched;
    }

    /** {@return something that depends on what forgetting those events needs; when {@link #touchLeaving} is done} */
    long touchForgotten(int maxCount) {
        long touched = 0;
        long end = Math.min(head, tail + maxCount);
        for (long position = tail; position < end; position++) {
            int slot = (int) (ring[at(position) + SLOT_AND_FLAG] >>> 1);
            if (counted.isLinked(slot)) {
                long next = next(position);
                touched += next == NIL ? 0 : ring[at(next)];
            } else if (counted.first(slot) == position) {
                touched += counted.touchFurther(slot) + keys.touch(keys.keyAt(slot));
            }
        }
        return touched;
    }

    private int chainOf(int slot, long value) {
        return (int) LongHash.mix(value + slot * 0x9E3779B97F4A7C15L) & mask;
    }

    private int placeOf(long position) {
        return (int) position & mask;
    }

    private int at(long position) {
        return BASE + (placeOf(position) << EVENT_SHIFT);
    }

    /** Writes keys, slots and ring; the chains follow from them. */
    void save(StateWriter writer) {
        keys.save(writer);
        for (int slot = 0; slot < keys.highWater(); slot++) {
            if (keys.isUsed(slot)) {
                counted.save(slot, writer);
                if (measured != null) {
                    measured.save(slot, writer);
                }
            }
        }
        writer.putInt(mask + 1);
        writer.putLong(tail);
        writer.putLong(head);
        for (long position = tail; position < head; position++) {
            writer.putLongs(ring, at(position), 1 << EVENT_SHIFT);
            writer.putInt(links[linksOf(position) + NEXT]);
            if (measured != null) {
                writer.putLong(measured.value(placeOf(position)));
            }
        }
    }

    void load(String what, StateReader reader) {
        keys.load(reader);
        counted.clear();
        for (int slot = 0; slot < keys.highWater(); slot++) {
            if (!keys.isUsed(slot)) {
                counted.clear(slot);
                continue;
            }
            counted.load(slot, what, reader);
            if (measured != null) {
                measured.load(slot, reader);
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
        reader.getLongs(ring, e, 1 << EVENT_SHIFT);
        int ahead = reader.getInt();
        StateException.requireRange(what, "next", ahead, 0, head - 1 - position);
        links[linksOf(position) + NEXT] = ahead;
        if (measured != null) {
            measured.loadValue(placeOf(position), reader.getLong());
        }
        long slotAndFlag = ring[e + SLOT_AND_FLAG];
        StateException.requireRange(what, "slot", slotAndFlag >> 1, 0, keys.highWater() - 1L);
        if (hasDistinct && (slotAndFlag & SUPERSEDED) == 0) {
            int chain = chainOf((int) (slotAndFlag >> 1), ring[e + VALUE]);
            older(position, chains[chain]);
            chains[chain] = position;
        }
    }

    private void checkSlots(String what) {
        for (int slot = 0; slot < keys.highWater(); slot++) {
            if (keys.isUsed(slot)) {
                counted.check(slot, what, tail, head);
            }
        }
    }
}
