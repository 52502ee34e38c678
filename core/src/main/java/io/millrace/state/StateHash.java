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
    private static final int STRIPE_LENGTH = Xxh64.STRIPE_LENGTH;
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
        lane1 = Xxh64.PRIME_1_PLUS_2;
        lane2 = Xxh64.PRIME_2;
        lane3 = 0;
        lane4 = -Xxh64.PRIME_1;
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
        long hash = length < STRIPE_LENGTH ? Xxh64.PRIME_5 : Xxh64.merge(lane1, lane2, lane3, lane4);
        return Xxh64.avalanche(Xxh64.mixTail(hash + length, stage, 0, stagedLength));
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
            lane1 = Xxh64.round(lane1, stage.getLong(i, ORDER));
            lane2 = Xxh64.round(lane2, stage.getLong(i + 8, ORDER));
            lane3 = Xxh64.round(lane3, stage.getLong(i + 16, ORDER));
            lane4 = Xxh64.round(lane4, stage.getLong(i + 24, ORDER));
        }
        stagedLength -= length;
        mixedLength += length;
        stage.putBytes(0, stage, length, stagedLength);
    }
}
