package io.millrace.state;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

/**
 * Collects state in one buffer on the heap that grows as needed, up to the 2 GiB that one Java array holds.
 *
 * <p><b>Threading</b>: one thread. <b>Allocation</b>: when the buffer grows; {@link #reset} keeps what it grew to.
 */
public final class BufferStateWriter implements StateWriter {
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private final ExpandableArrayBuffer buffer;
    private int length;

    /** Starts with room for {@code initialLength} bytes. */
    public BufferStateWriter(int initialLength) {
        buffer = new ExpandableArrayBuffer(initialLength);
    }

    /** Drops what was put, so that the buffer can be used again. */
    public void reset() {
        length = 0;
    }

    /** {@return the state, from 0 to {@link #length}; valid until the next put or reset} */
    public DirectBuffer buffer() {
        return buffer;
    }

    /** {@return bytes put since the last reset} */
    public int length() {
        return length;
    }

    /** {@return a reader over what was put so far; valid until the next put or reset} */
    public BufferStateReader reader() {
        return new BufferStateReader(buffer, 0, length);
    }

    @Override
    public void putLong(long value) {
        buffer.putLong(length, value, ORDER);
        length += Long.BYTES;
    }

    @Override
    public void putInt(int value) {
        buffer.putInt(length, value, ORDER);
        length += Integer.BYTES;
    }

    @Override
    public void putBytes(DirectBuffer source, int offset, int count) {
        buffer.putBytes(length, source, offset, count);
        length += count;
    }
}
