package io.millrace.state;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * XXH64 with seed 0 over everything that is put, in little-endian bytes; only the bytes count, not how they were cut
 * into puts. It tells apart states that differ by accident; it is no defence against somebody who wants two to look
 * alike.
 *
 * <p><b>Threading</b>: one thread. <b>Allocation</b>: none after construction. <b>Source</b>: Yann Collet, "XXH64
 * algorithm description", xxHash repository, doc/xxhash_spec.md. Puts are staged so that whole stripes are mixed at
 * once.
 */
public final class StateHash implements StateWriter {
    private static final long PRIME_1 = 0x9E3779B185EBCA87L;
    private static final long PRIME_2 = 0xC2B2AE3D27D4EB4FL;
    private static final long PRIME_3 = 0x165667B19E3779F9L;
    private static final long PRIME_4 = 0x85EBCA77C2B2AE63L;
    private static final long PRIME_5 = 0x27D4EB2F165667C5L;
    /** Modulo 2^64; written out because the compiler refuses a constant that overflows. */
    private static final long PRIME_1_PLUS_2 = 0x60EA27EEADC0B5D6L;

    private static final int STRIPE_LENGTH = 32;
    private static final int STAGE_LENGTH = 16 * STRIPE_LENGTH;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private final UnsafeBuffer stage = new UnsafeBuffer(new byte[STAGE_LENGTH]);
    private int stagedLength;
    private long mixedLength;
    private long lane1;
    private long lane2;
    private long lane3;
    private long lane4;

    public StateHash() {
        reset();
    }

    /** Forgets all that was put. */
    public void reset() {
        stagedLength = 0;
        mixedLength = 0;
        lane1 = PRIME_1_PLUS_2;
        lane2 = PRIME_2;
        lane3 = 0;
        lane4 = -PRIME_1;
    }

    @Override
    public void putLong(long value) {
        makeRoom(Long.BYTES);
        stage.putLong(stagedLength, value, ORDER);
        stagedLength += Long.BYTES;
    }

    @Override
    public void putInt(int value) {
        makeRoom(Integer.BYTES);
        stage.putInt(stagedLength, value, ORDER);
        stagedLength += Integer.BYTES;
    }

    @Override
    public void putBytes(DirectBuffer buffer, int offset, int length) {
        int from = offset;
        int left = length;
        while (left > 0) {
            makeRoom(1);
            int part = Math.min(left, STAGE_LENGTH - stagedLength);
            stage.putBytes(stagedLength, buffer, from, part);
            stagedLength += part;
            from += part;
            left -= part;
        }
    }

    /** {@return the hash of all that was put since the last reset; more may be put afterwards} */
    public long value() {
        mixStripes();
        long length = mixedLength + stagedLength;
        long hash = length < STRIPE_LENGTH ? PRIME_5 : mergedLanes();
        return avalanche(mixTail(hash + length));
    }

    private void makeRoom(int length) {
        if (STAGE_LENGTH - stagedLength < length) {
            mixStripes();
        }
    }

    /** Leaves less than a stripe staged. */
    private void mixStripes() {
        int length = stagedLength & -STRIPE_LENGTH;
        for (int i = 0; i < length; i += STRIPE_LENGTH) {
            lane1 = round(lane1, stage.getLong(i, ORDER));
            lane2 = round(lane2, stage.getLong(i + 8, ORDER));
            lane3 = round(lane3, stage.getLong(i + 16, ORDER));
            lane4 = round(lane4, stage.getLong(i + 24, ORDER));
        }
        stagedLength -= length;
        mixedLength += length;
        stage.putBytes(0, stage, length, stagedLength);
    }

    private long mergedLanes() {
        long hash = Long.rotateLeft(lane1, 1)
                + Long.rotateLeft(lane2, 7)
                + Long.rotateLeft(lane3, 12)
                + Long.rotateLeft(lane4, 18);
        return merge(merge(merge(merge(hash, lane1), lane2), lane3), lane4);
    }

    private long mixTail(long start) {
        long hash = start;
        int i = 0;
        for (; i + Long.BYTES <= stagedLength; i += Long.BYTES) {
            hash = Long.rotateLeft(hash ^ round(0, stage.getLong(i, ORDER)), 27) * PRIME_1 + PRIME_4;
        }
        if (i + Integer.BYTES <= stagedLength) {
            hash = Long.rotateLeft(hash ^ (stage.getInt(i, ORDER) & 0xFFFF_FFFFL) * PRIME_1, 23) * PRIME_2 + PRIME_3;
            i += Integer.BYTES;
        }
        for (; i < stagedLength; i++) {
            hash = Long.rotateLeft(hash ^ (stage.getByte(i) & 0xFF) * PRIME_5, 11) * PRIME_1;
        }
        return hash;
    }

    private static long round(long lane, long input) {
        return Long.rotateLeft(lane + input * PRIME_2, 31) * PRIME_1;
    }

    private static long merge(long hash, long lane) {
        return (hash ^ round(0, lane)) * PRIME_1 + PRIME_4;
    }

    private static long avalanche(long value) {
        long hash = value;
        hash = (hash ^ (hash >>> 33)) * PRIME_2;
        hash = (hash ^ (hash >>> 29)) * PRIME_3;
        return hash ^ (hash >>> 32);
    }
}
