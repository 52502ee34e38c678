package io.millrace.state;

import java.util.Arrays;

/**
 * Deadlines of items that do not wait equally long: timers of users, ages per event, events held until they are in
 * order. An item is a number from 0 to {@code capacity - 1} that the caller gives a meaning. The first item is the one
 * with the least deadline, of equal ones that which was armed first: each arming takes a number of a counter that is
 * part of the state, so the order is total and a restored heap goes on in it.
 *
 * <pre>
 *                    0                          node i has the children 4 i + 1 ... 4 i + 4;
 *        .-------.---+---.-------.              none of them is before node i
 *        1       2       3       4
 *     .-.-.-. .-.-.-. .-.-.-.
 *     5 6 7 8 9 ...                             orders: (deadlineNs, number) of node 0, of node 1, ...
 * </pre>
 *
 * <p>Four children rather than two: half the depth, and the orders of four children are one cache line.
 *
 * <p><b>Threading</b>: one thread. <b>Allocation</b>: none after construction. <b>Complexity</b>: O(log size); 24
 * bytes per item. <b>Failure</b>: an item out of range is an {@link IndexOutOfBoundsException}. <b>Source</b>: D. B.
 * Johnson, "Priority queues with update and finding minimum spanning trees", 1975.
 */
public final class DeadlineHeap {
    /** No item. */
    public static final int NONE = -1;
    /** What {@link #firstNs} says when no item is armed: never. */
    public static final long NEVER_NS = Long.MAX_VALUE;
    /** Most items; such a heap takes 6 GiB. */
    public static final int CAPACITY_MAX = 1 << 28;

    private static final String WHAT = "deadline heap";

    /** Deadline and number of each node. */
    private final long[] orders;
    /** The item of each node. */
    private final int[] items;
    /** The node of each item, {@link #NONE} if it is not armed. */
    private final int[] nodes;

    private int size;
    private long nextNumber;

    /** Makes room for items 0 to {@code capacity - 1}; capacity is 1 to {@link #CAPACITY_MAX}. */
    public DeadlineHeap(int capacity) {
        if (capacity < 1 || capacity > CAPACITY_MAX) {
            throw new IllegalArgumentException("cannot build deadline heap: capacity=" + capacity + " (expected: 1 to "
                    + CAPACITY_MAX + "); choose how many items may wait at a time");
        }
        orders = new long[2 * capacity];
        items = new int[capacity];
        nodes = new int[capacity];
        Arrays.fill(nodes, NONE);
    }

    /** {@return bytes that a heap for so many items takes} */
    public static long bytes(int capacity) {
        return (2L * Long.BYTES + 2L * Integer.BYTES) * capacity;
    }

    public int capacity() {
        return items.length;
    }

    /** {@return how many items are armed} */
    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    public boolean isFull() {
        return size == items.length;
    }

    public boolean isArmed(int item) {
        return nodes[item] != NONE;
    }

    /** {@return the deadline of an armed item, in nanoseconds since the epoch} */
    public long deadlineNs(int item) {
        return orders[2 * nodes[item]];
    }

    /** {@return the item that is due first, {@link #NONE} if none is armed} */
    public int first() {
        return size == 0 ? NONE : items[0];
    }

    /** {@return the first deadline in nanoseconds since the epoch, {@link #NEVER_NS} if no item is armed} */
    public long firstNs() {
        return size == 0 ? NEVER_NS : orders[0];
    }

    /** {@return whether an item has a deadline at or before a time; ask before {@link #removeFirst}} */
    public boolean isDue(long timeNs) {
        return size > 0 && orders[0] <= timeNs;
    }

    /** Gives an item a deadline, in nanoseconds since the epoch; one that it had is forgotten. */
    public void arm(int item, long deadlineNs) {
        disarm(item);
        siftUp(size++, deadlineNs, nextNumber++, item);
    }

    /** Takes the first item out. {@return it, {@link #NONE} if none is armed} */
    public int removeFirst() {
        int item = first();
        if (item != NONE) {
            disarm(item);
        }
        return item;
    }

    /** Takes an item out; nothing if it is not armed. */
    public void disarm(int item) {
        int node = nodes[item];
        if (node == NONE) {
            return;
        }
        nodes[item] = NONE;
        size--;
        if (node == size) {
            return;
        }
        long deadlineNs = orders[2 * size];
        long number = orders[2 * size + 1];
        int moved = items[size];
        if (node > 0 && isBefore(deadlineNs, number, (node - 1) / 4)) {
            siftUp(node, deadlineNs, number, moved);
        } else {
            siftDown(node, deadlineNs, number, moved);
        }
    }

    private void siftUp(int from, long deadlineNs, long number, int item) {
        int node = from;
        while (node > 0) {
            int parent = (node - 1) / 4;
            if (!isBefore(deadlineNs, number, parent)) {
                break;
            }
            move(parent, node);
            node = parent;
        }
        set(node, deadlineNs, number, item);
    }

    private void siftDown(int from, long deadlineNs, long number, int item) {
        int node = from;
        for (int child = 4 * node + 1; child < size; child = 4 * node + 1) {
            int least = leastOf(child, Math.min(child + 4, size));
            if (isBefore(deadlineNs, number, least)) {
                break;
            }
            move(least, node);
            node = least;
        }
        set(node, deadlineNs, number, item);
    }

    private int leastOf(int child, int limit) {
        int least = child;
        for (int i = child + 1; i < limit; i++) {
            if (isBefore(orders[2 * i], orders[2 * i + 1], least)) {
                least = i;
            }
        }
        return least;
    }

    private boolean isBefore(long deadlineNs, long number, int node) {
        long other = orders[2 * node];
        return deadlineNs < other || (deadlineNs == other && number < orders[2 * node + 1]);
    }

    private void move(int from, int to) {
        set(to, orders[2 * from], orders[2 * from + 1], items[from]);
    }

    private void set(int node, long deadlineNs, long number, int item) {
        orders[2 * node] = deadlineNs;
        orders[2 * node + 1] = number;
        items[node] = item;
        nodes[item] = node;
    }

    /** Takes all items out; the counter goes on. */
    public void clear() {
        Arrays.fill(nodes, NONE);
        size = 0;
    }

    /** Writes the counter and the nodes in their order. */
    public void save(StateWriter writer) {
        writer.putInt(items.length);
        writer.putLong(nextNumber);
        writer.putInt(size);
        for (int node = 0; node < size; node++) {
            writer.putLong(orders[2 * node]);
            writer.putLong(orders[2 * node + 1]);
            writer.putInt(items[node]);
        }
    }

    /**
     * Replaces all items by saved ones.
     *
     * @throws StateException if they were saved under another capacity or contradict themselves; the heap is then in no
     *     useful state
     */
    public void load(StateReader reader) {
        clear();
        StateException.requireSame(WHAT, "capacity", reader.getInt(), items.length);
        nextNumber = reader.getLong();
        int savedSize = reader.getInt();
        StateException.requireRange(WHAT, "size", savedSize, 0, items.length);
        for (int node = 0; node < savedSize; node++) {
            load(node, reader.getLong(), reader.getLong(), reader.getInt());
        }
        size = savedSize;
    }

    private void load(int node, long deadlineNs, long number, int item) {
        StateException.requireRange(WHAT, "number", number, 0, nextNumber - 1);
        StateException.requireRange(WHAT, "item", item, 0, items.length - 1L);
        if (isArmed(item)) {
            throw StateException.damaged(WHAT, "item", item, "each item once");
        }
        if (node > 0 && isBefore(deadlineNs, number, (node - 1) / 4)) {
            throw StateException.damaged(WHAT, "deadlineNs", deadlineNs, "none before its parent's");
        }
        set(node, deadlineNs, number, item);
    }
}
