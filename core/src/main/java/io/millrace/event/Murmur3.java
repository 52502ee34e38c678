package io.millrace.event;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * MurmurHash3 x64 128 with seed 0: the hash behind ids and keys made of text. It is stored in journals, so it never
 * changes.
 *
 * <p><b>Allocation</b>: none. <b>Source</b>: Austin Appleby, MurmurHash3 (public domain).
 */
public final class Murmur3 {
    private static final long C1 = 0x87C37B91114253D5L;
    private static final long C2 = 0x4CF5AD432745937FL;

    private Murmur3() {}

    /** {@return the first half of the hash of bytes} */
    public static long hi(DirectBuffer buffer, int offset, int length) {
        return half(buffer, offset, length, true);
    }

    /** {@return the second half of the hash of bytes} */
    public static long lo(DirectBuffer buffer, int offset, int length) {
        return half(buffer, offset, length, false);
    }

    /** Each half takes a pass of its own, so that no object has to carry two results. */
    private static long half(DirectBuffer buffer, int offset, int length, boolean isFirst) {
        long h1 = 0;
        long h2 = 0;
        int end = offset + (length & ~15);
        for (int at = offset; at < end; at += 16) {
            h1 ^= mix1(buffer.getLong(at, ByteOrder.LITTLE_ENDIAN));
            h1 = (Long.rotateLeft(h1, 27) + h2) * 5 + 0x52DCE729L;
            h2 ^= mix2(buffer.getLong(at + 8, ByteOrder.LITTLE_ENDIAN));
            h2 = (Long.rotateLeft(h2, 31) + h1) * 5 + 0x38495AB5L;
        }
        int rest = length & 15;
        h1 ^= mix1(tail(buffer, end, Math.min(rest, 8))) ^ length;
        h2 ^= mix2(tail(buffer, end + 8, rest - 8)) ^ length;
        h1 += h2;
        h2 += h1;
        long first = avalanche(h1) + avalanche(h2);
        return isFirst ? first : first + avalanche(h2);
    }

    /** {@return up to 8 bytes as a little-endian number, 0 if there are none} */
    private static long tail(DirectBuffer buffer, int at, int length) {
        long value = 0;
        for (int i = length - 1; i >= 0; i--) {
            value = (value << 8) | (buffer.getByte(at + i) & 0xFF);
        }
        return value;
    }

    private static long mix1(long k) {
        return Long.rotateLeft(k * C1, 31) * C2;
    }

    private static long mix2(long k) {
        return Long.rotateLeft(k * C2, 33) * C1;
    }

    private static long avalanche(long h) {
        long x = (h ^ h >>> 33) * 0xFF51AFD7ED558CCDL;
        x = (x ^ x >>> 33) * 0xC4CEB9FE1A85EC53L;
        return x ^ x >>> 33;
    }
}
