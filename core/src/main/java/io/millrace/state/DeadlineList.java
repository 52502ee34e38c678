package io.millrace.state;

import java.util.Arrays;

/**
 * Deadlines of items that all wait equally long: a {@code within}, the gap of a session, the age of an id. An item is
 * a number from 0 to {@code capacity - 1} that the caller gives a meaning, such as a key slot or a run. Items that are
 * armed are linked in the order of their deadlines, those of one deadline in the order in which they were armed.
 *
 * <pre>
 *          first                              last
 *            |                                  |
 *            v                                  v
 *          +----+      +----+      +----+     +----+
 *   item   | 17 | ---> |  3 | ---> | 42 | --> |  8 |      next[17] = 3, prev[3] = 17, ...
 *          +----+ <--- +----+ <--- +----+ <-- +----+
 *   due at  100         100         130        145        deadlineNs[17] = 100, ...
 * </pre>
 *
 * <p>With a constant wait and events in the order of event time each deadline is at least the last one, so arming is
 * an append. An earlier one walks back from the last to its place: never wrong, only slow.
 *
 * <p><b>Threading</b>: one thread. <b>Allocation</b>: none after construction. <b>Complexity</b>: O(1); {@link #arm}
 * O(items with a later deadline). 16 bytes per item. <b>Failure</b>: an item out of range is an {@link
 * IndexOutOfBoundsException}.
 */
public final class DeadlineList {
    /** No item. */
    public static final int NONE = -1;
    /** What {@link #firstNs} says when no item is armed: never. */
    public static final long NEVER_NS = Long.MAX_VALUE;

    private static final String WHAT = "deadline list";
    /** In {@code prev}, of an item that is not armed. */
    private static final int IDLE = -2;

    private final int[] prev;
    private final int[] next;
    private final long[] deadlineNs;
    private int first = NONE;
    private int last = NONE;
    private int size;

    /** Makes room for items 0 to {@code capacity - 1}; capacity is at least 1. */
    public DeadlineList(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("cannot build deadline list: capacity=" + capacity
                    + " (expected: 1 or more); choose how many items may wait at a time");
        }
        prev = new int[capacity];
        next = new int[capacity];
        deadlineNs = new long[capacity];
        Arrays.fill(prev, IDLE);
    }

    /** {@return bytes that a list for so many items takes} */
    public static long bytes(int capacity) {
        return (2L * Integer.BYTES + Long.BYTES) * capacity;
    }

    public int capacity() {
        return prev.length;
    }

    /** {@return how many items are armed} */
    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    public boolean isArmed(int item) {
        return prev[item] != IDLE;
    }

    /** {@return the item that is due first, {@link #NONE} if none is armed} */
    public int first() {
        return first;
    }

    /** {@return the item behind an armed one, {@link #NONE} behind the last} */
    public int next(int item) {
        return next[item];
    }

    /** {@return the deadline of an armed item, in nanoseconds since the epoch} */
    public long deadlineNs(int item) {
        return deadlineNs[item];
    }

    /** {@return the first deadline in nanoseconds since the epoch, {@link #NEVER_NS} if no item is armed} */
    public long firstNs() {
        return first == NONE ? NEVER_NS : deadlineNs[first];
    }

    /** {@return whether an item has a deadline at or before a time; ask before {@link #removeFirst}} */
    public boolean isDue(long timeNs) {
        return first != NONE && deadlineNs[first] <= timeNs;
    }

    /** Takes the first item out. {@return it, {@link #NONE} if none is armed} */
    public int removeFirst() {
        int item = first;
        if (item != NONE) {
            disarm(item);
        }
        return item;
    }

    /** Gives an item a deadline, in nanoseconds since the epoch; one that it had is forgotten. */
    public void arm(int item, long itemDeadlineNs) {
        disarm(item);
        int before = last;
        while (before != NONE && deadlineNs[before] > itemDeadlineNs) {
            before = prev[before];
        }
        link(item, before, before == NONE ? first : next[before]);
        deadlineNs[item] = itemDeadlineNs;
    }

    private void link(int item, int before, int behind) {
        prev[item] = before;
        next[item] = behind;
        if (before == NONE) {
            first = item;
        } else {
            next[before] = item;
        }
        if (behind == NONE) {
            last = item;
        } else {
            prev[behind] = item;
        }
        size++;
    }

    /** Takes an item out; nothing if it is not armed. */
    public void disarm(int item) {
        int before = prev[item];
        if (before == IDLE) {
            return;
        }
        int behind = next[item];
        if (before == NONE) {
            first = behind;
        } else {
            next[before] = behind;
        }
        if (behind == NONE) {
            last = before;
        } else {
            prev[behind] = before;
        }
        prev[item] = IDLE;
        size--;
    }

    /** Takes all items out. */
    public void clear() {
        Arrays.fill(prev, IDLE);
        first = NONE;
        last = NONE;
        size = 0;
    }

    /** Writes the armed items with their deadlines, first to last. */
    public void save(StateWriter writer) {
        writer.putInt(prev.length);
        writer.putInt(size);
        for (int item = first; item != NONE; item = next[item]) {
            writer.putInt(item);
            writer.putLong(deadlineNs[item]);
        }
    }

    /**
     * Replaces all items by saved ones.
     *
     * @throws StateException if they were saved under another capacity or contradict themselves; the list is then in no
     *     useful state
     */
    public void load(StateReader reader) {
        clear();
        StateException.requireSame(WHAT, "capacity", reader.getInt(), prev.length);
        int savedSize = reader.getInt();
        StateException.requireRange(WHAT, "size", savedSize, 0, prev.length);
        for (int i = 0; i < savedSize; i++) {
            load(reader.getInt(), reader.getLong());
        }
    }

    private void load(int item, long itemDeadlineNs) {
        StateException.requireRange(WHAT, "item", item, 0, prev.length - 1L);
        if (isArmed(item)) {
            throw StateException.damaged(WHAT, "item", item, "each item once");
        }
        if (last != NONE) {
            StateException.requireRange(WHAT, "deadlineNs", itemDeadlineNs, deadlineNs[last], Long.MAX_VALUE);
        }
        arm(item, itemDeadlineNs);
    }
}
