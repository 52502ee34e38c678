package io.millrace.journal;

import static io.millrace.journal.FrameDescriptor.HEADER_LENGTH;
import static io.millrace.journal.FrameDescriptor.ORDER;

import io.millrace.event.Event;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A read-only view of a verified frame and a cursor over its records. The view is valid until its reader moves on.
 *
 * <p><b>Threading</b>: one thread. <b>Allocation</b>: none.
 */
public final class Frame {
    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private int offset;
    private long place;
    private long endSequence;

    Frame() {}

    void wrap(UnsafeBuffer source, int sourceOffset, int length) {
        buffer.wrap(source, sourceOffset, length);
        endSequence = firstSequence() + count();
        rewind();
    }

    /** Hides the records from a sequence (ordinal) on. */
    void cutAt(long sequence) {
        endSequence = Math.min(endSequence, sequence);
    }

    /** Goes back to before the first record. */
    public void rewind() {
        offset = HEADER_LENGTH;
        place = firstSequence() - 1;
    }

    /**
     * Moves to the next record that has a sequence.
     *
     * @param view pointed at the record
     * @return false if there are no more
     */
    public boolean next(Event view) {
        while (place + 1 < endSequence && offset < buffer.capacity()) {
            wrapRecord(view);
            if (view.sequence() != FrameDescriptor.NO_SEQUENCE) {
                place++;
                return true;
            }
        }
        return false;
    }

    /** Moves to the next control record, passing over others; false if there are no more. */
    public boolean nextControl(Event view) {
        while (offset < buffer.capacity()) {
            wrapRecord(view);
            if (view.sequence() == FrameDescriptor.NO_SEQUENCE) {
                return true;
            }
            place++;
        }
        return false;
    }

    /**
     * {@return the place in its log of the record that {@link #next} gave: sequence in the journal, else an ordinal}
     */
    public long place() {
        return place;
    }

    /** {@return the place behind the last record that {@link #next} gives} */
    public long endSequence() {
        return endSequence;
    }

    /** {@return bytes of header and records} */
    public int length() {
        return buffer.getInt(FrameDescriptor.LENGTH_OFFSET, ORDER);
    }

    /** {@return records with a sequence} */
    public int count() {
        return buffer.getInt(FrameDescriptor.COUNT_OFFSET, ORDER);
    }

    /** {@return records without a sequence} */
    public int controlCount() {
        return buffer.getShort(FrameDescriptor.CONTROL_COUNT_OFFSET, ORDER) & 0xFFFF;
    }

    public int flags() {
        return buffer.getShort(FrameDescriptor.FLAGS_OFFSET, ORDER) & 0xFFFF;
    }

    /** {@return the place in its log of the first record} */
    public long firstSequence() {
        return buffer.getLong(FrameDescriptor.FIRST_SEQUENCE_OFFSET, ORDER);
    }

    /** {@return least event time in nanoseconds since the epoch, {@code Long.MAX_VALUE} if {@link #count} is 0} */
    public long minTimestampNs() {
        return buffer.getLong(FrameDescriptor.MIN_TIMESTAMP_NS_OFFSET, ORDER);
    }

    /** {@return greatest event time in nanoseconds since the epoch, {@code Long.MIN_VALUE} if {@link #count} is 0} */
    public long maxTimestampNs() {
        return buffer.getLong(FrameDescriptor.MAX_TIMESTAMP_NS_OFFSET, ORDER);
    }

    /** {@return the place of the last record that was forced to the disk when this frame was written, -1 if none} */
    public long syncedUpTo() {
        return buffer.getLong(FrameDescriptor.SYNCED_UP_TO_OFFSET, ORDER);
    }

    /** {@return epoch of the process that wrote the frame, 0 to 65535} */
    public int epoch() {
        return buffer.getShort(FrameDescriptor.EPOCH_OFFSET, ORDER) & 0xFFFF;
    }

    /** {@return number of the start that wrote the frame} */
    public int start() {
        return buffer.getInt(FrameDescriptor.START_OFFSET, ORDER);
    }

    public int previousCrc() {
        return buffer.getInt(FrameDescriptor.PREVIOUS_CRC_OFFSET, ORDER);
    }

    public int crc() {
        return buffer.getInt(FrameDescriptor.CRC_OFFSET, ORDER);
    }

    private void wrapRecord(Event view) {
        int payloadLength = buffer.getInt(offset + Event.PAYLOAD_LENGTH_OFFSET, ORDER);
        int length = FrameDescriptor.alignedRecordLength(payloadLength);
        view.wrap(buffer, offset, length);
        offset += length;
    }

    @Override
    public String toString() {
        return "Frame{start=" + start() + ", firstSequence=" + firstSequence() + ", count=" + count() + ", length="
                + length() + ", crc=0x" + Integer.toHexString(crc()) + '}';
    }
}
