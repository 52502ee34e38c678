package io.millrace.expression;

import java.util.Arrays;

/** A fixed set of longs. <b>Complexity</b>: O(log n), without allocation. */
final class LongSet {
    private final long[] sorted;

    LongSet(long... values) {
        sorted = values.clone();
        Arrays.sort(sorted);
    }

    boolean contains(long value) {
        return Arrays.binarySearch(sorted, value) >= 0;
    }

    long[] values() {
        return sorted.clone();
    }

    @Override
    public String toString() {
        return Arrays.toString(sorted);
    }
}
