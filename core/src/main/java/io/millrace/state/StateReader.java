package io.millrace.state;

import org.agrona.MutableDirectBuffer;

/** Gives saved state back in the order in which it was written; reading past its end is a {@link StateException}. */
public interface StateReader {
    long getLong();

    int getInt();

    void getBytes(MutableDirectBuffer buffer, int offset, int length);

    default void getLongs(long[] values, int from, int count) {
        for (int i = from; i < from + count; i++) {
            values[i] = getLong();
        }
    }

    default void getInts(int[] values, int from, int count) {
        for (int i = from; i < from + count; i++) {
            values[i] = getInt();
        }
    }
}
