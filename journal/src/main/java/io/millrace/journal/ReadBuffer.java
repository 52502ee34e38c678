package io.millrace.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A part of a file, read by plain positional reads: a mapping would turn a file that gets shorter into a fault of the
 * process, and every byte is looked at only once.
 */
final class ReadBuffer implements AutoCloseable {
    private static final int MIN_CAPACITY = 1 << 20;
    /** Read first after a look at the end of a file, where most looks find nothing; then twice as much each time. */
    private static final int MIN_READ_AHEAD = 1 << 12;

    private static final byte[] ZEROS = new byte[Integer.BYTES];

    private final CRC32C crc32c = new CRC32C();
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private ByteBuffer bytes = ByteBuffer.allocateDirect(MIN_CAPACITY).order(ByteOrder.LITTLE_ENDIAN);
    private @Nullable FileChannel channel;
    private long base;
    private int length;
    private int readAhead = MIN_READ_AHEAD;
    private long fileLength;

    /** Reads another file from now on. */
    void open(Path file) throws IOException {
        close();
        FileChannel opened = FileChannel.open(file, StandardOpenOption.READ);
        channel = opened;
        fileLength = opened.size();
    }

    @Override
    public void close() throws IOException {
        forget();
        if (channel != null) {
            channel.close();
            channel = null;
        }
    }

    /** Drops what was read, so that bytes written since will be seen. */
    void forget() {
        base = 0;
        length = 0;
        readAhead = MIN_READ_AHEAD;
    }

    /** {@return whether the next {@link #load} will read from the file} */
    boolean isForgotten() {
        return length == 0;
    }

    long fileLength() {
        return fileLength;
    }

    /** {@return whether the file has that many bytes there; they are in this buffer then} */
    boolean load(long position, int wanted) throws IOException {
        if (position >= base && position + wanted <= base + length) {
            return true;
        }
        FileChannel source = channel;
        if (source == null || position + wanted > fileLength) {
            return false;
        }
        if (wanted > bytes.capacity()) {
            bytes = ByteBuffer.allocateDirect(wanted).order(ByteOrder.LITTLE_ENDIAN);
        }
        bytes.clear().limit(Math.max(wanted, Math.min(readAhead, bytes.capacity())));
        readAhead = Math.min(2 * readAhead, MIN_CAPACITY);
        base = position;
        length = 0;
        while (length < wanted) {
            int count = source.read(bytes, position + length);
            if (count < 0) {
                return false;
            }
            length += count;
        }
        view.wrap(bytes, 0, length);
        return true;
    }

    int getInt(long position) {
        return view.getInt((int) (position - base), FrameDescriptor.ORDER);
    }

    long getLong(long position) {
        return view.getLong((int) (position - base), FrameDescriptor.ORDER);
    }

    int getByte(long position) {
        return view.getByte((int) (position - base)) & 0xFF;
    }

    /**
     * {@return the first position, {@code from} plus a multiple of 4, at which these 4 bytes stand; -1 if none does}
     *
     * @param value not 0
     */
    long indexOf(int value, long from) throws IOException {
        for (long position = from; position + Integer.BYTES <= fileLength; ) {
            int chunkLength = (int) Math.min(MIN_CAPACITY, (fileLength - position) / Integer.BYTES * Integer.BYTES);
            if (!load(position, chunkLength)) {
                return -1;
            }
            int begin = (int) (position - base);
            for (int offset = begin; offset < begin + chunkLength; offset += Integer.BYTES) {
                if (view.getInt(offset, FrameDescriptor.ORDER) == value) {
                    return base + offset;
                }
            }
            position += chunkLength;
        }
        return -1;
    }

    /** {@return the position behind the last byte from a position on that is not zero, {@code from} if all are} */
    long endOfBytes(long from) throws IOException {
        long end = from;
        for (long position = from; position < fileLength; ) {
            int chunkLength = (int) Math.min(MIN_CAPACITY, fileLength - position);
            if (!load(position, chunkLength)) {
                return end;
            }
            int last = chunkLength - 1;
            while (last >= 0 && getByte(position + last) == 0) {
                last--;
            }
            end = last < 0 ? end : position + last + 1;
            position += chunkLength;
        }
        return end;
    }

    /** {@return the position behind the last byte that is not zero, 0 if all are; read from the end} */
    long endOfBytesBackward() throws IOException {
        long end = fileLength;
        while (end > 0) {
            long from = Math.max(0, (end - 1) / MIN_CAPACITY * MIN_CAPACITY);
            readAhead = MIN_CAPACITY;
            if (!load(from, (int) (end - from))) {
                return end;
            }
            int last = (int) (end - from) - 1;
            while (last >= 7 && view.getLong((int) (from - base) + last - 7) == 0) {
                last -= Long.BYTES;
            }
            while (last >= 0 && getByte(from + last) == 0) {
                last--;
            }
            if (last >= 0) {
                return from + last + 1;
            }
            end = from;
        }
        return 0;
    }

    void wrap(Frame frame, long position, int frameLength) {
        frame.wrap(view, (int) (position - base), frameLength);
    }

    /** {@return CRC32C over a loaded frame with its CRC field zero} */
    int frameCrc(long position, int frameLength) {
        int offset = (int) (position - base);
        int bodyOffset = offset + FrameDescriptor.HEADER_LENGTH;
        crc32c.reset();
        crc32c.update(bytes.limit(offset + FrameDescriptor.CRC_OFFSET).position(offset));
        crc32c.update(ZEROS, 0, ZEROS.length);
        crc32c.update(bytes.limit(offset + frameLength).position(bodyOffset));
        return (int) crc32c.getValue();
    }
}
