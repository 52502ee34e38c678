package io.millrace.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class BufferStateTest {
    private final BufferStateWriter writer = new BufferStateWriter(8);

    @Test
    void shouldReadWhatWasWrittenWhenBufferHadToGrow() {
        writer.putLong(Long.MIN_VALUE);
        writer.putInt(-1);
        writer.putBytes(new UnsafeBuffer(new byte[] {9, 8, 7, 6}), 1, 2);
        writer.putLongs(new long[] {1, 2, 3}, 1, 2);
        writer.putInts(new int[] {4, 5, 6}, 0, 2);

        BufferStateReader reader = writer.reader();

        assertEquals(38, reader.remainingLength());
        assertEquals(Long.MIN_VALUE, reader.getLong());
        assertEquals(-1, reader.getInt());
        byte[] bytes = new byte[3];
        reader.getBytes(new UnsafeBuffer(bytes), 1, 2);
        assertArrayEquals(new byte[] {0, 8, 7}, bytes);
        long[] longs = new long[3];
        reader.getLongs(longs, 0, 2);
        assertArrayEquals(new long[] {2, 3, 0}, longs);
        int[] ints = new int[3];
        reader.getInts(ints, 1, 2);
        assertArrayEquals(new int[] {0, 4, 5}, ints);
        reader.expectEnd();
    }

    @Test
    void shouldWriteLittleEndian() {
        writer.putInt(0x04030201);

        assertEquals(1, writer.buffer().getByte(0));
        assertEquals(4, writer.buffer().getByte(3));
    }

    @Test
    void shouldStartAgainWhenReset() {
        writer.putLong(5);
        writer.reset();
        writer.putInt(6);

        assertEquals(Integer.BYTES, writer.length());
        assertEquals(6, writer.reader().getInt());
    }

    @Test
    void shouldRefuseReadPastEndAndTakeNothing() {
        writer.putInt(1);
        BufferStateReader reader = writer.reader();

        StateException e = assertThrows(StateException.class, reader::getLong);

        assertEquals(
                "cannot read state: length=8 (expected: 0 to 4 bytes left); it was saved by another version or is"
                        + " damaged",
                e.getMessage());
        assertEquals(1, reader.getInt());
        assertThrows(StateException.class, reader::getInt);
    }

    @Test
    void shouldRefuseNegativeLength() {
        BufferStateReader reader = writer.reader();

        assertThrows(StateException.class, () -> reader.getBytes(new UnsafeBuffer(new byte[8]), 0, -1));
    }

    @Test
    void shouldSayHowMuchIsLeftWhenEndIsExpected() {
        writer.putInt(1);
        BufferStateReader reader = writer.reader();

        StateException e = assertThrows(StateException.class, reader::expectEnd);

        assertEquals(
                "cannot load state: remainingLength=4 (expected: 0 at the end); it was saved by another version or is"
                        + " damaged",
                e.getMessage());
    }

    @Test
    void shouldRefuseRangeOutsideOfBuffer() {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[8]);

        assertThrows(IndexOutOfBoundsException.class, () -> new BufferStateReader(buffer, 4, 8));
    }
}
