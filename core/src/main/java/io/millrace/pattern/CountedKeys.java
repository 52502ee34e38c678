package io.millrace.pattern;

import io.millrace.state.StateException;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;
import java.util.Arrays;

/**
 * What {@link CountedEvents} knows of each key: one cache line with its counts and its first two events, one more with
 * two further ones. That is all that most keys ever need; a key with more events than {@value #INLINE_COUNT} is linked:
 * its events are chained through the ring until none is left.
 *
 * <pre>
 *            0        1                  2          3           4        5     6     7
 *   line   | counts | last | is linked | position | timestamp | value | position, timestamp, value of the next |
 *   further                            | position | timestamp | value | position, timestamp, value |  -  |  -  |
 * </pre>
 *
 * <p>Of a linked key only the first event's position and time are kept here. A position is doubled, plus one if the
 * event has no value.
 */
final class CountedKeys {
    /** Events of a key that is not linked. */
    static final int INLINE_COUNT = 4;
    /** Longs of {@link #lines} before the first key: with the array's header they fill a cache line. */
    private static final int BASE = 6;

    private static final int COUNTS = 0;
    private static final int LAST = 1;
    private static final int FIRST = 2;
    private static final int POSITION = 0;
    private static final int TIMESTAMP_NS = 1;
    private static final int VALUE = 2;
    private static final int EVENT_LENGTH = 3;
    private static final int SHIFT = 3;
    private static final int EVENTS_PER_LINE = 2;

    private static final long ONE_DISTINCT = 1L << 32;
    private static final long LINKED = 1;
    private static final long WITHOUT_VALUE = 1;
    private static final long NOT_COUNTED = Long.MAX_VALUE;

    private final long[] lines;
    private final long[] further;

    CountedKeys(int maxKeys) {
        lines = new long[BASE + (maxKeys << SHIFT)];
        further = new long[BASE + (maxKeys << SHIFT)];
    }

    static long bytes(int maxKeys) {
        return 2L * Long.BYTES * (BASE + ((long) maxKeys << SHIFT));
    }

    private static int at(int slot) {
        return BASE + (slot << SHIFT);
    }

    /** {@return something that depends on the cache line of a key} */
    long touch(int slot) {
        return lines[at(slot)];
    }

    /** {@return something that depends on the further cache line of a key, if it comes to that} */
    long touchFurther(int slot) {
        return count(slot) < EVENTS_PER_LINE ? 0 : further[at(slot)];
    }

    int count(int slot) {
        return (int) lines[at(slot) + COUNTS];
    }

    long distinct(int slot) {
        return lines[at(slot) + COUNTS] >> 32;
    }

    /** Counts one event more, of a value that no other counted event has or not. */
    void countOne(int slot, boolean isDistinct) {
        lines[at(slot) + COUNTS] += isDistinct ? 1 + ONE_DISTINCT : 1;
    }

    private void forgetOne(int slot, boolean isDistinct) {
        lines[at(slot) + COUNTS] -= isDistinct ? 1 + ONE_DISTINCT : 1;
    }

    boolean isLinked(int slot) {
        return (lines[at(slot) + LAST] & LINKED) != 0;
    }

    long last(int slot) {
        return lines[at(slot) + LAST] >> 1;
    }

    void last(int slot, long position, boolean isLinked) {
        lines[at(slot) + LAST] = position << 1 | (isLinked ? LINKED : 0);
    }

    /** {@return the position of the first event; more than any if there is none} */
    long first(int slot) {
        return lines[at(slot) + FIRST] >> 1;
    }

    long firstTimestampNs(int slot) {
        return lines[at(slot) + FIRST + TIMESTAMP_NS];
    }

    private long[] lineOf(int index) {
        return index < EVENTS_PER_LINE ? lines : further;
    }

    private static int at(int slot, int index) {
        return index < EVENTS_PER_LINE
                ? at(slot) + FIRST + index * EVENT_LENGTH
                : at(slot) + (index - EVENTS_PER_LINE) * EVENT_LENGTH;
    }

    long position(int slot, int index) {
        return lineOf(index)[at(slot, index) + POSITION] >> 1;
    }

    boolean hasValue(int slot, int index) {
        return (lineOf(index)[at(slot, index) + POSITION] & WITHOUT_VALUE) == 0;
    }

    long value(int slot, int index) {
        return lineOf(index)[at(slot, index) + VALUE];
    }

    /** Writes the event behind those of a key that is not linked; it does not count yet. */
    void add(int slot, long position, long timestampNs, long value, boolean hasValue) {
        int index = count(slot);
        long[] line = lineOf(index);
        int e = at(slot, index);
        line[e + POSITION] = position << 1 | (hasValue ? 0 : WITHOUT_VALUE);
        line[e + TIMESTAMP_NS] = timestampNs;
        line[e + VALUE] = value;
    }

    /** {@return whether one of the events from an index on, of a key that is not linked, has the value} */
    boolean hasValue(int slot, int from, long value) {
        int count = count(slot);
        for (int i = from; i < count; i++) {
            if (value(slot, i) == value && hasValue(slot, i)) {
                return true;
            }
        }
        return false;
    }

    /** Forgets the first event of a key that is not linked. */
    void removeFirst(int slot) {
        int count = count(slot);
        boolean isDistinct = hasValue(slot, 0) && !hasValue(slot, 1, value(slot, 0));
        forgetOne(slot, isDistinct);
        if (count == 1) {
            lines[at(slot) + FIRST] = NOT_COUNTED;
            return;
        }
        for (int i = 1; i < count; i++) {
            move(lineOf(i), at(slot, i), lineOf(i - 1), at(slot, i - 1));
        }
    }

    private static void move(long[] from, int fromAt, long[] to, int toAt) {
        to[toAt + POSITION] = from[fromAt + POSITION];
        to[toAt + TIMESTAMP_NS] = from[fromAt + TIMESTAMP_NS];
        to[toAt + VALUE] = from[fromAt + VALUE];
    }

    /** Has the next event of a linked key be its first. */
    void moveFirst(int slot, boolean wasDistinct, long position, long timestampNs) {
        forgetOne(slot, wasDistinct);
        lines[at(slot) + FIRST] = count(slot) == 0 ? NOT_COUNTED : position << 1;
        lines[at(slot) + FIRST + TIMESTAMP_NS] = timestampNs;
    }

    /** Forgets all of a key. */
    void clear(int slot) {
        lines[at(slot) + FIRST] = NOT_COUNTED;
        lines[at(slot) + COUNTS] = 0;
    }

    void clear() {
        Arrays.fill(lines, 0);
        Arrays.fill(further, 0);
    }

    void save(int slot, StateWriter writer) {
        writer.putLongs(lines, at(slot), FIRST);
        if (isLinked(slot)) {
            writer.putLongs(lines, at(slot) + FIRST, VALUE);
            return;
        }
        for (int i = 0; i < count(slot); i++) {
            writer.putLongs(lineOf(i), at(slot, i), EVENT_LENGTH);
        }
    }

    void load(int slot, String what, StateReader reader) {
        reader.getLongs(lines, at(slot), FIRST);
        if (isLinked(slot)) {
            reader.getLongs(lines, at(slot) + FIRST, VALUE);
            return;
        }
        StateException.requireRange(what, "count", count(slot), 1, INLINE_COUNT);
        for (int i = 0; i < count(slot); i++) {
            reader.getLongs(lineOf(i), at(slot, i), EVENT_LENGTH);
        }
    }

    /** Makes sure that a loaded key has events, all of them in the ring. */
    void check(int slot, String what, long tail, long head) {
        StateException.requireRange(what, "count", count(slot), 1, head - tail);
        StateException.requireRange(what, "first", first(slot), tail, last(slot));
        StateException.requireRange(what, "last", last(slot), first(slot), head - 1);
        for (int i = 1; !isLinked(slot) && i < count(slot); i++) {
            StateException.requireRange(what, "position", position(slot, i), position(slot, i - 1) + 1, last(slot));
        }
    }
}
