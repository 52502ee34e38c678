package io.millrace.state;

import org.agrona.DirectBuffer;

/** Takes state in order, either into bytes or into a hash. Little endian. */
public interface StateWriter {
    void putLong(long value);

    void putInt(int value);

    void putBytes(DirectBuffer buffer, int offset, int length);

    /** Puts {@code count} elements from {@code from} on, without a length. */
    default void putLongs(long[] values, int from, int count) {
        for (int i = from; i < from + count; i++) {
            putLong(values[i]);
        }
    }

    /** Puts {@code count} elements from {@code from} on, without a length. */
    default void putInts(int[] values, int from, int count) {
        for (int i = from; i < from + count; i++) {
            putInt(values[i]);
        }
    }
}
