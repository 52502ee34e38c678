package io.millrace.state;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * XXH64 of a run of bytes at once, for hashes over many short records: the hash of one is the seed of the next.
 * {@link StateHash} gives the same with seed 0, piece by piece.
 *
 * <p><b>Allocation</b>: none. <b>Source</b>: Yann Collet, "XXH64 algorithm description", xxHash repository,
 * doc/xxhash_spec.md.
 */
public final class Xxh64 {
    static final long PRIME_1 = 0x9E3779B185EBCA87L;
    static final long PRIME_2 = 0xC2B2AE3D27D4EB4FL;
    static final long PRIME_3 = 0x165667B19E3779F9L;
    static final long PRIME_4 = 0x85EBCA77C2B2AE63L;
    static final long PRIME_5 = 0x27D4EB2F165667C5L;
    /** Modulo 2^64; written out because the compiler refuses a constant that overflows. */
    static final long PRIME_1_PLUS_2 = 0x60EA27EEADC0B5D6L;

    static final int STRIPE_LENGTH = 32;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private Xxh64() {}

    /** {@return the hash of {@code length} bytes from {@code offset} on} */
    public static long hash(DirectBuffer buffer, int offset, int length, long seed) {
        int at = offset;
        int end = offset + length;
        long hash = seed + PRIME_5;
        if (length >= STRIPE_LENGTH) {
            long lane1 = seed + PRIME_1_PLUS_2;
            long lane2 = seed + PRIME_2;
            long lane3 = seed;
            long lane4 = seed - PRIME_1;
            for (; at <= end - STRIPE_LENGTH; at += STRIPE_LENGTH) {
                lane1 = round(lane1, buffer.getLong(at, ORDER));
                lane2 = round(lane2, buffer.getLong(at + 8, ORDER));
                lane3 = round(lane3, buffer.getLong(at + 16, ORDER));
                lane4 = round(lane4, buffer.getLong(at + 24, ORDER));
            }
            hash = merge(lane1, lane2, lane3, lane4);
        }
        return avalanche(mixTail(hash + length, buffer, at, end));
    }

    static long mixTail(long start, DirectBuffer buffer, int from, int end) {
        long hash = start;
        int at = from;
        for (; at <= end - Long.BYTES; at += Long.BYTES) {
            hash = Long.rotateLeft(hash ^ round(0, buffer.getLong(at, ORDER)), 27) * PRIME_1 + PRIME_4;
        }
        if (at <= end - Integer.BYTES) {
            hash = Long.rotateLeft(hash ^ (buffer.getInt(at, ORDER) & 0xFFFF_FFFFL) * PRIME_1, 23) * PRIME_2 + PRIME_3;
            at += Integer.BYTES;
        }
        for (; at < end; at++) {
            hash = Long.rotateLeft(hash ^ (buffer.getByte(at) & 0xFF) * PRIME_5, 11) * PRIME_1;
        }
        return hash;
    }

    static long round(long lane, long input) {
        return Long.rotateLeft(lane + input * PRIME_2, 31) * PRIME_1;
    }

    static long merge(long lane1, long lane2, long lane3, long lane4) {
        long hash = Long.rotateLeft(lane1, 1)
                + Long.rotateLeft(lane2, 7)
                + Long.rotateLeft(lane3, 12)
                + Long.rotateLeft(lane4, 18);
        return merge(merge(merge(merge(hash, lane1), lane2), lane3), lane4);
    }

    private static long merge(long hash, long lane) {
        return (hash ^ round(0, lane)) * PRIME_1 + PRIME_4;
    }

    static long avalanche(long value) {
        long hash = value;
        hash = (hash ^ (hash >>> 33)) * PRIME_2;
        hash = (hash ^ (hash >>> 29)) * PRIME_3;
        return hash ^ (hash >>> 32);
    }
}
