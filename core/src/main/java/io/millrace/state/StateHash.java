package io.millrace.state;

import org.agrona.DirectBuffer;

/** A 64-bit hash over state in the order in which it is written. */
public final class StateHash implements StateWriter {
    private long hash;

    public long value() {
        return hash;
    }

    @Override
    public void putLong(long value) {
        long z = hash * 31 + value;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        hash = z ^ (z >>> 31);
    }

    @Override
    public void putInt(int value) {
        putLong(value);
    }

    @Override
    public void putBytes(DirectBuffer buffer, int offset, int length) {
        for (int i = 0; i < length; i++) {
            putLong(buffer.getByte(offset + i));
        }
    }
}
