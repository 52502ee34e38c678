package io.millrace.state;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Reads state from a range of a buffer and never beyond it.
 *
 * <p><b>Threading</b>: one thread. <b>Allocation</b>: none after construction. <b>Failure</b>: a read past the end
 * throws and takes nothing.
 */
public final class BufferStateReader implements StateReader {
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private final DirectBuffer buffer;
    private final int limit;
    private int offset;

    /**
     * Reads {@code length} bytes from {@code offset} on.
     *
     * @param buffer that must not change while this reader is used
     */
    public BufferStateReader(DirectBuffer buffer, int offset, int length) {
        buffer.boundsCheck(offset, length);
        this.buffer = buffer;
        this.offset = offset;
        this.limit = offset + length;
    }

    /** {@return bytes not read yet} */
    public int remainingLength() {
        return limit - offset;
    }

    /**
     * Checks that all was read.
     *
     * @throws StateException if bytes are left, which means that writer and reader do not agree
     */
    public void expectEnd() {
        if (offset != limit) {
            throw new StateException("cannot load state: remainingLength=" + remainingLength()
                    + " (expected: 0 at the end); it was saved by another version or is damaged");
        }
    }

    @Override
    public long getLong() {
        return buffer.getLong(take(Long.BYTES), ORDER);
    }

    @Override
    public int getInt() {
        return buffer.getInt(take(Integer.BYTES), ORDER);
    }

    @Override
    public void getBytes(MutableDirectBuffer target, int targetOffset, int length) {
        buffer.getBytes(take(length), target, targetOffset, length);
    }

    private int take(int length) {
        if (length < 0 || length > remainingLength()) {
            throw pastEnd(length);
        }
        int from = offset;
        offset += length;
        return from;
    }

    private StateException pastEnd(int length) {
        return new StateException("cannot read state: length=" + length + " (expected: 0 to " + remainingLength()
                + " bytes left); it was saved by another version or is damaged");
    }
}
