package io.millrace.expression;

import java.util.Arrays;
import org.agrona.DirectBuffer;

/** A fixed set of texts in one encoding. <b>Complexity</b>: O(log n) comparisons, without allocation. */
final class TextSet {
    private final byte[][] sorted;

    TextSet(byte[]... values) {
        sorted = values.clone();
        Arrays.sort(sorted, Arrays::compareUnsigned);
    }

    boolean contains(DirectBuffer buffer, int offset, int length) {
        int low = 0;
        int high = sorted.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = compare(buffer, offset, length, sorted[middle]);
            if (order == 0) {
                return true;
            }
            if (order < 0) {
                high = middle - 1;
            } else {
                low = middle + 1;
            }
        }
        return false;
    }

    private static int compare(DirectBuffer buffer, int offset, int length, byte[] other) {
        int common = Math.min(length, other.length);
        for (int i = 0; i < common; i++) {
            int order = (buffer.getByte(offset + i) & 0xFF) - (other[i] & 0xFF);
            if (order != 0) {
                return order;
            }
        }
        return length - other.length;
    }
}
