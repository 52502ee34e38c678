package io.millrace.pattern;

import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;

/**
 * The value that is summed and compared of each event, by its place, and sum, number, least and greatest of each key.
 * When the least or the greatest leaves, both are unknown until {@link CountedEvents} has looked at all that are left.
 */
final class MeasuredValues {
    /** Of an event: {@code null}. Of a key: to be looked for. */
    static final long UNKNOWN = Long.MIN_VALUE;

    private static final int SUM = 0;
    private static final int COUNT = 1;
    private static final int MIN = 2;
    private static final int MAX = 3;
    private static final int SHIFT = 2;

    private final long[] values;
    private final long[] measures;

    MeasuredValues(int maxKeys, int capacity) {
        values = new long[capacity];
        measures = new long[maxKeys << SHIFT];
    }

    static long bytes(int maxKeys, int capacity) {
        return Long.BYTES * (capacity + ((long) maxKeys << SHIFT));
    }

    /** {@return the value of an event, {@link #UNKNOWN} for null} */
    long value(int place) {
        return values[place];
    }

    /** @param isFirst whether the key has no other event */
    void add(int slot, int place, long value, boolean isFirst) {
        int m = slot << SHIFT;
        values[place] = value;
        if (isFirst) {
            measures[m + SUM] = 0;
            measures[m + COUNT] = 0;
        }
        if (value != UNKNOWN) {
            boolean isOnly = measures[m + COUNT]++ == 0;
            measures[m + SUM] += value;
            measures[m + MIN] = isOnly ? value : lesser(measures[m + MIN], value);
            measures[m + MAX] = isOnly ? value : greater(measures[m + MAX], value);
        }
    }

    private static long lesser(long min, long value) {
        return min == UNKNOWN ? UNKNOWN : Math.min(min, value);
    }

    private static long greater(long max, long value) {
        return max == UNKNOWN ? UNKNOWN : Math.max(max, value);
    }

    void remove(int slot, int place) {
        int m = slot << SHIFT;
        long value = values[place];
        if (value != UNKNOWN) {
            measures[m + SUM] -= value;
            measures[m + COUNT]--;
            measures[m + MIN] = measures[m + MIN] == value ? UNKNOWN : measures[m + MIN];
            measures[m + MAX] = measures[m + MAX] == value ? UNKNOWN : measures[m + MAX];
        }
    }

    /** {@return events of a key whose value is not null} */
    long count(int slot) {
        return measures[(slot << SHIFT) + COUNT];
    }

    long sum(int slot) {
        return measures[(slot << SHIFT) + SUM];
    }

    long min(int slot) {
        return measures[(slot << SHIFT) + MIN];
    }

    long max(int slot) {
        return measures[(slot << SHIFT) + MAX];
    }

    void extremes(int slot, long min, long max) {
        measures[(slot << SHIFT) + MIN] = min;
        measures[(slot << SHIFT) + MAX] = max;
    }

    void save(int slot, StateWriter writer) {
        writer.putLongs(measures, slot << SHIFT, 1 << SHIFT);
    }

    void load(int slot, StateReader reader) {
        reader.getLongs(measures, slot << SHIFT, 1 << SHIFT);
    }

    void loadValue(int place, long value) {
        values[place] = value;
    }
}
