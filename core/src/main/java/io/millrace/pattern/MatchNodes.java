package io.millrace.pattern;

import io.millrace.event.Event;
import io.millrace.state.StateException;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;

/**
 * The events of all runs. Each node points to the one before it in its run; copies of a run share what they have in
 * common, and a node is freed when nothing points to it.
 *
 * <pre>
 *   run 1 ---> [c, 9] ---.
 *                        v
 *   run 2 ---> [b, 7] ---+--> [b, 5] ---> [a, 2] ---> none
 *                             refs=2      refs=1
 * </pre>
 *
 * <p>A node is one cache line.
 */
final class MatchNodes {
    static final int NONE = -1;

    private static final String WHAT = "match nodes";
    private static final int SEQUENCE = 0;
    private static final int ID_HI = 1;
    private static final int ID_LO = 2;
    private static final int TIMESTAMP_NS = 3;
    /** The event's place among those that the pattern processed: the order of event time. */
    private static final int ORDER = 4;
    /** Parent in the high half, references in the low. */
    private static final int PARENT_REFS = 5;
    /** Label in the high half, number of events up to here in the low. */
    private static final int LABEL_DEPTH = 6;
    /** Longs of a node, as a power of two. */
    private static final int SHIFT = 3;

    private static final int MAX_CAPACITY = (1 << (31 - SHIFT)) - 1;
    private static final long LOW = 0xFFFF_FFFFL;

    private final int capacity;
    private final int valueCount;
    private final long[] nodes;
    private final long[] values;
    private int highWater;
    private int freeHead = NONE;
    private int size;

    MatchNodes(int capacity, int valueCount) {
        if (capacity > MAX_CAPACITY) {
            throw new IllegalArgumentException("cannot build pattern: maxNodes=" + capacity + " (expected: up to "
                    + MAX_CAPACITY + "); use several pipelines");
        }
        this.capacity = capacity;
        this.valueCount = valueCount;
        this.nodes = new long[capacity << SHIFT];
        this.values = new long[capacity * valueCount];
    }

    static long bytes(int capacity, int valueCount) {
        return (long) capacity * Long.BYTES * ((1 << SHIFT) + valueCount);
    }

    int size() {
        return size;
    }

    boolean isFull() {
        return size == capacity;
    }

    /** {@return a node with one reference; there must be room} Takes a reference to the parent. */
    int add(Event event, long order, int label, int parent) {
        int node = freeHead;
        if (node == NONE) {
            node = highWater++;
        } else {
            freeHead = (int) (nodes[(node << SHIFT) + PARENT_REFS] >> 32);
        }
        size++;
        int n = node << SHIFT;
        nodes[n + SEQUENCE] = event.sequence();
        nodes[n + ID_HI] = event.idHi();
        nodes[n + ID_LO] = event.idLo();
        nodes[n + TIMESTAMP_NS] = event.timestampNs();
        nodes[n + ORDER] = order;
        nodes[n + PARENT_REFS] = ((long) parent << 32) | 1;
        nodes[n + LABEL_DEPTH] = ((long) label << 32) | (parent == NONE ? 1 : depth(parent) + 1);
        for (int i = 0; i < valueCount; i++) {
            values[node * valueCount + i] = Long.MIN_VALUE;
        }
        retain(parent);
        return node;
    }

    void retain(int node) {
        if (node != NONE) {
            nodes[(node << SHIFT) + PARENT_REFS]++;
        }
    }

    /** Gives a reference back, and those of nodes that are freed by it. */
    void release(int node) {
        int at = node;
        while (at != NONE) {
            long parentRefs = --nodes[(at << SHIFT) + PARENT_REFS];
            if ((parentRefs & LOW) != 0) {
                return;
            }
            nodes[(at << SHIFT) + PARENT_REFS] = (long) freeHead << 32;
            freeHead = at;
            size--;
            at = (int) (parentRefs >> 32);
        }
    }

    int parent(int node) {
        return (int) (nodes[(node << SHIFT) + PARENT_REFS] >> 32);
    }

    int label(int node) {
        return (int) (nodes[(node << SHIFT) + LABEL_DEPTH] >> 32);
    }

    /** {@return events up to this one} */
    int depth(int node) {
        return (int) nodes[(node << SHIFT) + LABEL_DEPTH];
    }

    long sequence(int node) {
        return nodes[(node << SHIFT) + SEQUENCE];
    }

    long idHi(int node) {
        return nodes[(node << SHIFT) + ID_HI];
    }

    long idLo(int node) {
        return nodes[(node << SHIFT) + ID_LO];
    }

    long timestampNs(int node) {
        return nodes[(node << SHIFT) + TIMESTAMP_NS];
    }

    long order(int node) {
        return nodes[(node << SHIFT) + ORDER];
    }

    /** Gives a node a value. {@return whether none of the nodes before it has the same} */
    boolean addValue(int node, int index, long value) {
        values[node * valueCount + index] = value;
        for (int at = parent(node); at != NONE; at = parent(at)) {
            if (values[at * valueCount + index] == value) {
                return false;
            }
        }
        return true;
    }

    /**
     * Compares two runs by the sequences of their events, first to last; a beginning of the other is before it. Of
     * equal ones the labels decide.
     */
    int compare(int left, int right) {
        int difference = depth(left) - depth(right);
        int l = left;
        int r = right;
        for (int i = 0; i < difference; i++) {
            l = parent(l);
        }
        for (int i = 0; i > difference; i--) {
            r = parent(r);
        }
        int bySequence = 0;
        int byLabel = 0;
        while (l != r) {
            int order = Long.compare(sequence(l), sequence(r));
            bySequence = order == 0 ? bySequence : order;
            order = Integer.compare(label(l), label(r));
            byLabel = order == 0 ? byLabel : order;
            l = parent(l);
            r = parent(r);
        }
        if (bySequence != 0) {
            return bySequence;
        }
        return difference != 0 ? difference : byLabel;
    }

    void save(StateWriter writer) {
        writer.putInt(capacity);
        writer.putInt(highWater);
        writer.putInt(size);
        writer.putInt(freeHead);
        for (int node = 0; node < highWater; node++) {
            int n = node << SHIFT;
            writer.putLong(nodes[n + PARENT_REFS]);
            if ((nodes[n + PARENT_REFS] & LOW) != 0) {
                writer.putLongs(nodes, n, PARENT_REFS);
                writer.putLong(nodes[n + LABEL_DEPTH]);
                writer.putLongs(values, node * valueCount, valueCount);
            }
        }
    }

    void load(StateReader reader) {
        StateException.requireSame(WHAT, "maxNodes", reader.getInt(), capacity);
        highWater = reader.getInt();
        StateException.requireRange(WHAT, "highWater", highWater, 0, capacity);
        size = reader.getInt();
        StateException.requireRange(WHAT, "size", size, 0, highWater);
        freeHead = reader.getInt();
        StateException.requireRange(WHAT, "freeHead", freeHead, NONE, highWater - 1L);
        for (int node = 0; node < highWater; node++) {
            int n = node << SHIFT;
            long parentRefs = reader.getLong();
            StateException.requireRange(WHAT, "parent", parentRefs >> 32, NONE, highWater - 1L);
            nodes[n + PARENT_REFS] = parentRefs;
            if ((parentRefs & LOW) != 0) {
                reader.getLongs(nodes, n, PARENT_REFS);
                nodes[n + LABEL_DEPTH] = reader.getLong();
                reader.getLongs(values, node * valueCount, valueCount);
            }
        }
    }
}
