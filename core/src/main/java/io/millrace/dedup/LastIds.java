package io.millrace.dedup;

import io.millrace.state.LongHash;
import io.millrace.state.StateException;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;
import java.util.Arrays;
import org.agrona.BitUtil;

/**
 * Knows exactly the last N accepted ids of 128 bits, wherever they come from, and the sequences of their events.
 *
 * <p>The distance of an id is the number of ids accepted after it. At distance N-1 it is the oldest of the N and
 * still a duplicate; at distance N it is forgotten and accepted anew. There is no {@link #TOO_OLD}.
 *
 * <pre>
 *   bucket: one cache line of 8 longs                             ring: one place per position
 *   0                1                     6                7
 *   +-----+----------+-----+----------+---+-----+----------+------------------+   +------+------+----------+
 *   | tag | position | tag | position |...| tag | position | passedAt, cursor |   | idHi | idLo | sequence |
 *   | u16 |   u48    |     |          |   |     |          |    i61      u3   |   +------+------+----------+
 *   +-----+----------+-----+----------+---+-----+----------+------------------+   | idHi | idLo | sequence |
 *     the entry at the cursor is the oldest one                                   +------+------+----------+
 * </pre>
 *
 * <p><b>Threading</b>: one thread. <b>Allocation</b>: none after construction. <b>Complexity</b>: one cache line for
 * most ids, beside the ring, which is written in order and read only where a tag agrees. Somebody who chooses ids on
 * purpose can make it O(N); the answers stay exact.
 */
public class LastIds implements Dedup {
    /** Largest capacity; such an instance takes 14 GiB. */
    public static final int MAX_CAPACITY = 1 << 28;

    private static final String WHAT = "last ids";
    private static final int ENTRIES_PER_BUCKET = 7;
    private static final int LINE = 8;
    private static final int CURSOR_BITS = 3;
    private static final int CURSOR_MASK = (1 << CURSOR_BITS) - 1;
    private static final int POSITION_BITS = 48;
    private static final long POSITION_MASK = (1L << POSITION_BITS) - 1;
    private static final int RING_STRIDE = 3;

    /*
     * A long array has a header of 16 bytes, and G1, ZGC and the parallel collector put a large one on a boundary of
     * a region or page: with 6 longs left out, a bucket is a cache line. The serial collector does not, and an id
     * then costs two lines. On the heap the table takes huge pages by the usual flag, and bounds checks cost least.
     */
    private static final int FIRST_BUCKET = 6;

    /*
     * Design
     *
     * Expiry. Each accepted id takes the next position; it is live until N more have been accepted. So nothing is
     * ever deleted. Positions start at N + 1, so that the zeros of a new table are entries long expired; 48 bits of
     * them last for 650 days at 5 million a second, and loading counts anew.
     *
     * Insertion writes over the entry at the cursor, the oldest of the bucket. If that one is still live, so are all:
     * the bucket is marked as passed at this position, and the next bucket is tried. There are at least 3.5 N
     * entries, so there is one with room.
     *
     * Look-up reads the home bucket and goes on to the next one as long as the bucket was passed within the last N
     * positions. An id that is live and was put further on passed all the buckets before, so it is met: the answer is
     * exact whatever the hash does. A tag that agrees only leads to the ring, where the whole id is compared. It
     * ends: each passed bucket held 7 ids of the last 2 N, too few for all buckets.
     *
     * Saved are the ids alone, oldest first: where an entry lies has no effect on any answer.
     */
    private final String name;
    private final int capacity;
    private final int bucketMask;
    private final int ringMask;
    private final long[] buckets;
    private final long[] ring;
    private long position;
    private int size;

    /**
     * Remembers the last {@code capacity} ids.
     *
     * @param name under which the state is saved
     * @param capacity in ids, 1 to {@link #MAX_CAPACITY}
     */
    public LastIds(String name, int capacity) {
        this(name, capacity, firstPosition(checkCapacity(capacity)));
    }

    LastIds(String name, int capacity, long firstPosition) {
        this.name = name;
        this.capacity = capacity;
        int bucketCount = bucketCount(capacity);
        bucketMask = bucketCount - 1;
        ringMask = ringCount(capacity) - 1;
        buckets = new long[FIRST_BUCKET + LINE * bucketCount];
        ring = new long[RING_STRIDE * (ringMask + 1)];
        position = firstPosition;
    }

    /** {@return bytes that an instance of this capacity takes} */
    public static long bytes(int capacity) {
        checkCapacity(capacity);
        return Long.BYTES
                * (FIRST_BUCKET + (long) LINE * bucketCount(capacity) + (long) RING_STRIDE * ringCount(capacity));
    }

    /** {@return bytes that this instance takes, the same for its whole life} */
    public long bytes() {
        return bytes(capacity);
    }

    /** {@return ids that are remembered once so many were accepted} */
    public int capacity() {
        return capacity;
    }

    /** {@return ids that are remembered now} */
    public int size() {
        return size;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long touch(long idHi, long idLo) {
        return buckets[line((int) hash(idHi, idLo))];
    }

    @Override
    public long admit(long idHi, long idLo, long sequence) {
        long hash = hash(idHi, idLo);
        long original = find(hash, idHi, idLo);
        if (original == NEW) {
            insert(hash, idHi, idLo, sequence);
        }
        return original;
    }

    /** Writes the ids that are remembered, oldest first. */
    @Override
    public void save(StateWriter writer) {
        writer.putInt(capacity);
        writer.putInt(size);
        for (long at = position - size; at < position; at++) {
            writer.putLongs(ring, place(at), RING_STRIDE);
        }
    }

    @Override
    public void load(StateReader reader) {
        StateException.requireSame(WHAT, "capacity", reader.getInt(), capacity);
        int savedSize = reader.getInt();
        StateException.requireRange(WHAT, "size", savedSize, 0, capacity);
        clear();
        long last = -1;
        for (int i = 0; i < savedSize; i++) {
            last = loadId(reader.getLong(), reader.getLong(), reader.getLong(), last);
        }
    }

    /** Overridden by tests that force tags and buckets to agree. */
    long hash(long idHi, long idLo) {
        return LongHash.mix(idHi, idLo);
    }

    private void clear() {
        Arrays.fill(buckets, 0);
        position = firstPosition(capacity);
        size = 0;
    }

    private long loadId(long idHi, long idLo, long sequence, long last) {
        StateException.requireRange(WHAT, "sequence", sequence, last + 1, Long.MAX_VALUE);
        if (admit(idHi, idLo, sequence) != NEW) {
            throw StateException.damaged(WHAT, "sequence", sequence, "each id once");
        }
        return sequence;
    }

    private long find(long hash, long idHi, long idLo) {
        for (int bucket = (int) hash; ; bucket++) {
            int line = line(bucket);
            if (hasTag(line, hash)) {
                long original = compare(line, hash, idHi, idLo);
                if (original != NEW) {
                    return original;
                }
            }
            if (position - (buckets[line + ENTRIES_PER_BUCKET] >>> CURSOR_BITS) > capacity) {
                return NEW;
            }
        }
    }

    /** Seven comparisons and one branch, which nearly always goes the same way. */
    private boolean hasTag(int line, long hash) {
        long[] entries = buckets;
        long anyNegative = minusOneIfSameTag(entries[line], hash)
                | minusOneIfSameTag(entries[line + 1], hash)
                | minusOneIfSameTag(entries[line + 2], hash)
                | minusOneIfSameTag(entries[line + 3], hash)
                | minusOneIfSameTag(entries[line + 4], hash)
                | minusOneIfSameTag(entries[line + 5], hash)
                | minusOneIfSameTag(entries[line + 6], hash);
        return anyNegative < 0;
    }

    /** {@return -1, or at least 0 if the tags differ} */
    private static long minusOneIfSameTag(long entry, long hash) {
        return ((entry ^ hash) >>> POSITION_BITS) - 1;
    }

    private long compare(int line, long hash, long idHi, long idLo) {
        for (int i = line; i < line + ENTRIES_PER_BUCKET; i++) {
            int place = place(buckets[i]);
            if (minusOneIfSameTag(buckets[i], hash) < 0
                    && age(buckets[i]) <= capacity
                    && ring[place] == idHi
                    && ring[place + 1] == idLo) {
                return ring[place + 2];
            }
        }
        return NEW;
    }

    private void insert(long hash, long idHi, long idLo, long sequence) {
        if (position > POSITION_MASK) {
            throw exhausted();
        }
        int line = lineWithRoom((int) hash);
        long last = buckets[line + ENTRIES_PER_BUCKET];
        int cursor = (int) last & CURSOR_MASK;
        buckets[line + cursor] = (hash & ~POSITION_MASK) | position;
        buckets[line + ENTRIES_PER_BUCKET] = last - cursor + next(cursor);
        int place = place(position);
        ring[place] = idHi;
        ring[place + 1] = idLo;
        ring[place + 2] = sequence;
        position++;
        if (size < capacity) {
            size++;
        }
    }

    /** {@return the first line from home on with an entry that expires now; those before it are marked as passed} */
    private int lineWithRoom(int home) {
        for (int bucket = home; ; bucket++) {
            int line = line(bucket);
            int cursor = (int) buckets[line + ENTRIES_PER_BUCKET] & CURSOR_MASK;
            if (age(buckets[line + cursor]) >= capacity) {
                return line;
            }
            buckets[line + ENTRIES_PER_BUCKET] = (position << CURSOR_BITS) | cursor;
        }
    }

    /** {@return the next cursor, 0 after 6; without a branch, since one in seven would be mispredicted} */
    private static int next(int cursor) {
        return (cursor + 1) & ((cursor + 1 - ENTRIES_PER_BUCKET) >> 31);
    }

    /** {@return 1 for the entry of the last id, up to capacity while live} */
    private long age(long entry) {
        return position - (entry & POSITION_MASK);
    }

    private int line(int bucket) {
        return FIRST_BUCKET + (bucket & bucketMask) * LINE;
    }

    private int place(long entryOrPosition) {
        return ((int) entryOrPosition & ringMask) * RING_STRIDE;
    }

    private static long firstPosition(int capacity) {
        return capacity + 1L;
    }

    /** One or two ids for the seven entries of a bucket, so that less than one id in 200 needs another bucket. */
    private static int bucketCount(int capacity) {
        return BitUtil.findNextPositivePowerOfTwo((capacity + 1) / 2);
    }

    private static int ringCount(int capacity) {
        return BitUtil.findNextPositivePowerOfTwo(capacity);
    }

    private static int checkCapacity(int capacity) {
        if (capacity < 1 || capacity > MAX_CAPACITY) {
            throw new IllegalArgumentException("cannot build last ids: capacity=" + capacity + " (expected: 1 to "
                    + MAX_CAPACITY + "); choose the number of ids to remember");
        }
        return capacity;
    }

    private static IllegalStateException exhausted() {
        return new IllegalStateException("cannot admit id: position=" + (POSITION_MASK + 1) + " (expected: up to "
                + POSITION_MASK + "); restart, which counts positions anew");
    }
}
