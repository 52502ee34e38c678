package io.millrace.ops.format;

import java.math.BigInteger;

/** Integers in a cell: an optional minus sign, then digits. */
final class Decimals {
    /** Any number of so many digits fits into a long. */
    private static final int SAFE_LENGTH = 18;

    private Decimals() {}

    static boolean isInteger(Row row, int cell) {
        int length = row.length(cell);
        int first = length > 0 && row.byteAt(cell, 0) == '-' ? 1 : 0;
        for (int i = first; i < length; i++) {
            if (row.byteAt(cell, i) < '0' || row.byteAt(cell, i) > '9') {
                return false;
            }
        }
        return length > first && row.kind(cell) != Row.Kind.BOOLEAN;
    }

    /** {@return whether an integer fits into 64 bits} */
    static boolean fits(Row row, int cell, boolean isUnsigned) {
        if (row.length(cell) <= SAFE_LENGTH) {
            return !isUnsigned || row.byteAt(cell, 0) != '-';
        }
        BigInteger value = new BigInteger(row.text(cell));
        return isUnsigned ? value.signum() >= 0 && value.bitLength() <= 64 : value.bitLength() <= 63;
    }

    /** {@return the value of an integer that fits} */
    static long parse(Row row, int cell) {
        int length = row.length(cell);
        if (length > SAFE_LENGTH) {
            return new BigInteger(row.text(cell)).longValue();
        }
        boolean isNegative = row.byteAt(cell, 0) == '-';
        long value = 0;
        for (int i = isNegative ? 1 : 0; i < length; i++) {
            value = value * 10 + (row.byteAt(cell, i) - '0');
        }
        return isNegative ? -value : value;
    }
}
