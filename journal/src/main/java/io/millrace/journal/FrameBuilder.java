package io.millrace.journal;

import static io.millrace.journal.FrameDescriptor.HEADER_LENGTH;
import static io.millrace.journal.FrameDescriptor.ORDER;

import io.millrace.event.Event;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The open frame: an off-heap buffer to which records are copied until the frame is full or finished.
 *
 * <p><b>Threading</b>: one thread. <b>Allocation</b>: none after construction.
 */
final class FrameBuilder {
    private final CRC32C crc32c = new CRC32C();
    private final LogKind kind;
    private final int start;
    private final int epoch;
    private final int capacity;
    private final ByteBuffer memory;
    private final UnsafeBuffer buffer;

    private int length;
    private int count;
    private int controlCount;
    private long minTimestampNs;
    private long maxTimestampNs;
    private long minIngestTimeNs;
    private long maxIngestTimeNs;

    /**
     * @param start number of the directory that the frames go to
     * @param epoch of output identities, 0 to 65535
     * @param capacity longest frame in bytes, a multiple of 8
     */
    FrameBuilder(LogKind kind, int start, int epoch, int capacity) {
        this.kind = kind;
        this.start = start;
        this.epoch = epoch;
        this.capacity = capacity;
        memory = ByteBuffer.allocateDirect(capacity);
        buffer = new UnsafeBuffer(memory);
        clear();
    }

    /** {@return false if the record does not fit behind those that are there} */
    boolean append(Event record) {
        int recordLength = record.recordLength();
        int alignedLength = FrameDescriptor.alignedRecordLength(recordLength - Event.HEADER_LENGTH);
        if (alignedLength > capacity - length) {
            return false;
        }
        // The last word first, so that the padding behind the record is zero.
        buffer.putLong(length + alignedLength - Long.BYTES, 0, ORDER);
        buffer.putBytes(length, record.buffer(), 0, recordLength);
        length += alignedLength;
        count++;
        long timestampNs = record.timestampNs();
        minTimestampNs = Math.min(minTimestampNs, timestampNs);
        maxTimestampNs = Math.max(maxTimestampNs, timestampNs);
        long ingestTimeNs = record.ingestTimeNs();
        minIngestTimeNs = Math.min(minIngestTimeNs, ingestTimeNs);
        maxIngestTimeNs = Math.max(maxIngestTimeNs, ingestTimeNs);
        return true;
    }

    /** Like {@link #append}, for a record without a sequence. */
    boolean appendControl(Event record) {
        long minNs = minTimestampNs;
        long maxNs = maxTimestampNs;
        long minIngestNs = minIngestTimeNs;
        long maxIngestNs = maxIngestTimeNs;
        if (controlCount == FrameDescriptor.MAX_CONTROL_COUNT || !append(record)) {
            return false;
        }
        minTimestampNs = minNs;
        maxTimestampNs = maxNs;
        minIngestTimeNs = minIngestNs;
        maxIngestTimeNs = maxIngestNs;
        count--;
        controlCount++;
        return true;
    }

    /**
     * Writes the header.
     *
     * @param flags beyond {@link FrameDescriptor#HAS_CONTROL}
     * @return the frame's CRC
     */
    int finish(int flags, long firstSequence, long syncedUpTo, int previousCrc) {
        int allFlags = controlCount > 0 ? flags | FrameDescriptor.HAS_CONTROL : flags;
        buffer.putInt(FrameDescriptor.MAGIC_OFFSET, FrameDescriptor.MAGIC, ORDER);
        buffer.putByte(FrameDescriptor.VERSION_OFFSET, (byte) FrameDescriptor.VERSION);
        buffer.putByte(FrameDescriptor.KIND_OFFSET, (byte) kind.code());
        buffer.putShort(FrameDescriptor.FLAGS_OFFSET, (short) allFlags, ORDER);
        buffer.putInt(FrameDescriptor.LENGTH_OFFSET, length, ORDER);
        buffer.putInt(FrameDescriptor.COUNT_OFFSET, count, ORDER);
        buffer.putLong(FrameDescriptor.FIRST_SEQUENCE_OFFSET, firstSequence, ORDER);
        buffer.putLong(FrameDescriptor.MIN_TIMESTAMP_NS_OFFSET, minTimestampNs, ORDER);
        buffer.putLong(FrameDescriptor.MAX_TIMESTAMP_NS_OFFSET, maxTimestampNs, ORDER);
        buffer.putLong(FrameDescriptor.SYNCED_UP_TO_OFFSET, syncedUpTo, ORDER);
        buffer.putShort(FrameDescriptor.EPOCH_OFFSET, (short) epoch, ORDER);
        buffer.putShort(FrameDescriptor.CONTROL_COUNT_OFFSET, (short) controlCount, ORDER);
        buffer.putInt(FrameDescriptor.START_OFFSET, start, ORDER);
        buffer.putInt(FrameDescriptor.PREVIOUS_CRC_OFFSET, previousCrc, ORDER);
        buffer.putInt(FrameDescriptor.CRC_OFFSET, 0, ORDER);
        int crc = crc();
        buffer.putInt(FrameDescriptor.CRC_OFFSET, crc, ORDER);
        return crc;
    }

    /** Makes the frame empty. */
    void clear() {
        length = HEADER_LENGTH;
        count = 0;
        controlCount = 0;
        minTimestampNs = Long.MAX_VALUE;
        maxTimestampNs = Long.MIN_VALUE;
        minIngestTimeNs = Long.MAX_VALUE;
        maxIngestTimeNs = Long.MIN_VALUE;
    }

    boolean isEmpty() {
        return length == HEADER_LENGTH;
    }

    /** {@return the longest record that an empty frame takes, in bytes} */
    int maxRecordLength() {
        return capacity - HEADER_LENGTH;
    }

    int length() {
        return length;
    }

    int count() {
        return count;
    }

    long minTimestampNs() {
        return minTimestampNs;
    }

    long maxTimestampNs() {
        return maxTimestampNs;
    }

    long minIngestTimeNs() {
        return minIngestTimeNs;
    }

    long maxIngestTimeNs() {
        return maxIngestTimeNs;
    }

    long addressOffset() {
        return buffer.addressOffset();
    }

    /** {@return the frame's bytes, valid until the next change} */
    ByteBuffer bytes() {
        return memory.limit(length).position(0);
    }

    private int crc() {
        crc32c.reset();
        crc32c.update(bytes());
        return (int) crc32c.getValue();
    }
}
