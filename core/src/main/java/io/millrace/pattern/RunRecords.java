package io.millrace.pattern;

/**
 * What is known of each run, and of each match that waits, in one cache line.
 *
 * <pre>
 *   ints    state   | tail | slot | next | prev | kind |      |
 *        or pattern
 *   longs   startNs      | lastNs or   | startOrder  | key
 *                          stampNs
 * </pre>
 */
abstract class RunRecords {
    /** Bytes of a run. */
    static final long RECORD_LENGTH = 64;

    private static final int STATE = 0;
    private static final int TAIL = 1;
    private static final int SLOT = 2;
    private static final int NEXT = 3;
    private static final int PREV = 4;
    private static final int KIND = 5;
    /** Ints of a run, as a power of two. */
    private static final int INT_SHIFT = 3;

    private static final int START_NS = 0;
    private static final int LAST_NS = 1;
    private static final int START_ORDER = 2;
    private static final int KEY = 3;
    /** Longs of a run, as a power of two. */
    private static final int LONG_SHIFT = 2;

    private final int[] ints;
    private final long[] longs;

    RunRecords(int capacity) {
        ints = new int[Math.multiplyExact(capacity, 1 << INT_SHIFT)];
        longs = new long[Math.multiplyExact(capacity, 1 << LONG_SHIFT)];
    }

    /** {@return something that depends on the cache lines of a run} */
    long touch(int run) {
        return ints[run << INT_SHIFT] + longs[run << LONG_SHIFT];
    }

    int state(int run) {
        return ints[(run << INT_SHIFT) + STATE];
    }

    void state(int run, int value) {
        ints[(run << INT_SHIFT) + STATE] = value;
    }

    /** {@return the number of the pattern that a match that waits belongs to} */
    int pattern(int run) {
        return ints[(run << INT_SHIFT) + STATE];
    }

    void pattern(int run, int value) {
        ints[(run << INT_SHIFT) + STATE] = value;
    }

    /** {@return the newest node of a run} */
    int tail(int run) {
        return ints[(run << INT_SHIFT) + TAIL];
    }

    void tail(int run, int value) {
        ints[(run << INT_SHIFT) + TAIL] = value;
    }

    /** {@return the key slot of a run} */
    int slot(int run) {
        return ints[(run << INT_SHIFT) + SLOT];
    }

    void slot(int run, int value) {
        ints[(run << INT_SHIFT) + SLOT] = value;
    }

    int next(int run) {
        return ints[(run << INT_SHIFT) + NEXT];
    }

    void next(int run, int value) {
        ints[(run << INT_SHIFT) + NEXT] = value;
    }

    int prev(int run) {
        return ints[(run << INT_SHIFT) + PREV];
    }

    void prev(int run, int value) {
        ints[(run << INT_SHIFT) + PREV] = value;
    }

    /** {@return what a match that waits is, as in {@link PatternMatch}} */
    int kind(int run) {
        return ints[(run << INT_SHIFT) + KIND];
    }

    void kind(int run, int value) {
        ints[(run << INT_SHIFT) + KIND] = value;
    }

    long startNs(int run) {
        return longs[(run << LONG_SHIFT) + START_NS];
    }

    void startNs(int run, long value) {
        longs[(run << LONG_SHIFT) + START_NS] = value;
    }

    /** {@return the time of a run's newest event, or at which its last absence was over} */
    long lastNs(int run) {
        return longs[(run << LONG_SHIFT) + LAST_NS];
    }

    void lastNs(int run, long value) {
        longs[(run << LONG_SHIFT) + LAST_NS] = value;
    }

    /** {@return the time at which a match was decided} */
    long stampNs(int run) {
        return longs[(run << LONG_SHIFT) + LAST_NS];
    }

    void stampNs(int run, long value) {
        longs[(run << LONG_SHIFT) + LAST_NS] = value;
    }

    /** {@return the place of a run's first event among those that the pattern processed} */
    long startOrder(int run) {
        return longs[(run << LONG_SHIFT) + START_ORDER];
    }

    void startOrder(int run, long value) {
        longs[(run << LONG_SHIFT) + START_ORDER] = value;
    }

    long key(int run) {
        return longs[(run << LONG_SHIFT) + KEY];
    }

    void key(int run, long value) {
        longs[(run << LONG_SHIFT) + KEY] = value;
    }
}
