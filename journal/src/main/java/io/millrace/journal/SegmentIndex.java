package io.millrace.journal;

import static io.millrace.journal.FrameDescriptor.ORDER;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import org.agrona.MutableDirectBuffer;

/**
 * Notes what goes into the segment that is being written, and makes its header and footer of it.
 *
 * <p><b>Threading</b>: the thread that appends. <b>Allocation</b>: none after construction.
 */
final class SegmentIndex {
    private final StartFrame start;
    private final long segmentLength;
    private final long partLength;
    private final int maxEntryCount;
    private final MutableEvent record;
    private final MutableDirectBuffer bytes;
    private final FrameBuilder frame;
    private final TimeBounds soFar;

    private int segment;
    private int entryCount;
    private long firstSequence;
    private long previousFooterOffset;
    private long minTimestampNs;
    private long maxTimestampNs;
    private long minIngestTimeNs;
    private long maxIngestTimeNs;

    SegmentIndex(StartFrame start, long segmentLength) {
        this.start = start;
        this.segmentLength = segmentLength;
        partLength = SegmentDescriptor.partLength(segmentLength);
        maxEntryCount = (int) (segmentLength / partLength) + 1;
        record = MutableEvent.allocate(SegmentDescriptor.footerPayloadLength(maxEntryCount));
        bytes = record.buffer();
        frame = new FrameBuilder(
                start.kind(), start.start(), start.epoch(), SegmentDescriptor.footerFrameLength(maxEntryCount));
        soFar = new TimeBounds(start.maxTimestampNs(), start.maxIngestTimeNs());
        previousFooterOffset = SegmentDescriptor.NO_OFFSET;
    }

    /** {@return bytes of the frame that a footer would need after one more frame} */
    int footerLength() {
        return SegmentDescriptor.footerFrameLength(Math.min(entryCount + 1, maxEntryCount));
    }

    /**
     * Begins a segment.
     *
     * @param number of the segment in its start
     * @param sequence place of its first record
     * @param previousCrc of the frame before
     * @param timeNs now, in nanoseconds since the epoch
     * @return the frame with the header, to be finished
     */
    FrameBuilder header(int number, long sequence, int previousCrc, long timeNs) {
        segment = number;
        firstSequence = sequence;
        clear();
        int base = Event.HEADER_LENGTH;
        beginRecord(SegmentDescriptor.HEADER_TYPE_ID, SegmentDescriptor.HEADER_PAYLOAD_LENGTH, timeNs);
        bytes.putInt(base + SegmentDescriptor.FORMAT_VERSION_OFFSET, SegmentDescriptor.FORMAT_VERSION, ORDER);
        bytes.putInt(base + SegmentDescriptor.PREVIOUS_CRC_OFFSET, previousCrc, ORDER);
        bytes.putInt(base + SegmentDescriptor.START_OFFSET, start.start(), ORDER);
        bytes.putLong(base + SegmentDescriptor.PREVIOUS_FOOTER_OFFSET, previousFooterOffset, ORDER);
        bytes.putLong(base + SegmentDescriptor.HEADER_MAX_TIMESTAMP_NS_OFFSET, soFar.maxTimestampNs(), ORDER);
        bytes.putLong(base + SegmentDescriptor.HEADER_MAX_INGEST_TIME_NS_OFFSET, soFar.maxIngestTimeNs(), ORDER);
        bytes.putLong(base + SegmentDescriptor.SEGMENT_LENGTH_OFFSET, segmentLength, ORDER);
        return endRecord();
    }

    /**
     * Notes a frame that is in the segment now; not for header and footer.
     *
     * @param offset of its document
     * @param sequence place of its first record
     * @param previousCrc of the frame before
     */
    void add(FrameBuilder added, long offset, long sequence, int previousCrc) {
        if (entryCount == 0 || isPartFull(offset)) {
            beginEntry(offset, sequence, previousCrc);
        }
        int entry = SegmentDescriptor.entryOffset(entryCount - 1);
        min(entry + SegmentDescriptor.ENTRY_MIN_TIMESTAMP_NS_OFFSET, added.minTimestampNs());
        max(entry + SegmentDescriptor.ENTRY_MAX_TIMESTAMP_NS_OFFSET, added.maxTimestampNs());
        max(entry + SegmentDescriptor.ENTRY_MAX_INGEST_TIME_NS_OFFSET, added.maxIngestTimeNs());
        int frames = entry + SegmentDescriptor.ENTRY_FRAME_COUNT_OFFSET;
        bytes.putInt(frames, bytes.getInt(frames, ORDER) + 1, ORDER);
        minTimestampNs = Math.min(minTimestampNs, added.minTimestampNs());
        maxTimestampNs = Math.max(maxTimestampNs, added.maxTimestampNs());
        minIngestTimeNs = Math.min(minIngestTimeNs, added.minIngestTimeNs());
        maxIngestTimeNs = Math.max(maxIngestTimeNs, added.maxIngestTimeNs());
        soFar.add(added.maxTimestampNs(), added.maxIngestTimeNs());
    }

    /**
     * Ends the segment.
     *
     * @param endSequence place behind its last record
     * @param timeNs now, in nanoseconds since the epoch
     * @return the frame with the footer, to be finished
     */
    FrameBuilder footer(long endSequence, long timeNs) {
        int base = Event.HEADER_LENGTH;
        beginRecord(SegmentDescriptor.FOOTER_TYPE_ID, SegmentDescriptor.footerPayloadLength(entryCount), timeNs);
        bytes.putInt(base + SegmentDescriptor.ENTRY_COUNT_OFFSET, entryCount, ORDER);
        bytes.putLong(base + SegmentDescriptor.END_SEQUENCE_OFFSET, endSequence, ORDER);
        bytes.putLong(base + SegmentDescriptor.MIN_TIMESTAMP_NS_OFFSET, minTimestampNs, ORDER);
        bytes.putLong(base + SegmentDescriptor.MAX_TIMESTAMP_NS_OFFSET, maxTimestampNs, ORDER);
        bytes.putLong(base + SegmentDescriptor.MIN_INGEST_TIME_NS_OFFSET, minIngestTimeNs, ORDER);
        bytes.putLong(base + SegmentDescriptor.MAX_INGEST_TIME_NS_OFFSET, maxIngestTimeNs, ORDER);
        bytes.putLong(base + SegmentDescriptor.MAX_TIMESTAMP_SO_FAR_NS_OFFSET, soFar.maxTimestampNs(), ORDER);
        bytes.putLong(base + SegmentDescriptor.MAX_INGEST_TIME_SO_FAR_NS_OFFSET, soFar.maxIngestTimeNs(), ORDER);
        return endRecord();
    }

    /** Notes where the document with the footer is, for the header of the next segment. */
    void footerAt(long offset) {
        previousFooterOffset = offset;
    }

    private boolean isPartFull(long offset) {
        long begin = bytes.getLong(SegmentDescriptor.entryOffset(entryCount - 1), ORDER);
        return offset - begin >= partLength && entryCount < maxEntryCount;
    }

    private void beginEntry(long offset, long sequence, int previousCrc) {
        int entry = SegmentDescriptor.entryOffset(entryCount);
        entryCount++;
        bytes.putLong(entry, offset, ORDER);
        bytes.putLong(entry + SegmentDescriptor.ENTRY_FIRST_SEQUENCE_OFFSET, sequence, ORDER);
        bytes.putLong(entry + SegmentDescriptor.ENTRY_MIN_TIMESTAMP_NS_OFFSET, Long.MAX_VALUE, ORDER);
        bytes.putLong(entry + SegmentDescriptor.ENTRY_MAX_TIMESTAMP_NS_OFFSET, Long.MIN_VALUE, ORDER);
        bytes.putLong(entry + SegmentDescriptor.ENTRY_MAX_INGEST_TIME_NS_OFFSET, Long.MIN_VALUE, ORDER);
        bytes.putInt(entry + SegmentDescriptor.ENTRY_PREVIOUS_CRC_OFFSET, previousCrc, ORDER);
        bytes.putInt(entry + SegmentDescriptor.ENTRY_FRAME_COUNT_OFFSET, 0, ORDER);
    }

    private void clear() {
        entryCount = 0;
        minTimestampNs = Long.MAX_VALUE;
        maxTimestampNs = Long.MIN_VALUE;
        minIngestTimeNs = Long.MAX_VALUE;
        maxIngestTimeNs = Long.MIN_VALUE;
    }

    private void beginRecord(int typeId, int payloadLength, long timeNs) {
        record.clearHeader()
                .sequence(FrameDescriptor.NO_SEQUENCE)
                .id(start.journalIdHi(), start.journalIdLo())
                .timestampNs(timeNs)
                .typeId(typeId)
                .payloadLength(payloadLength);
        bytes.putInt(Event.HEADER_LENGTH + SegmentDescriptor.SEGMENT_OFFSET, segment, ORDER);
        bytes.putLong(Event.HEADER_LENGTH + SegmentDescriptor.FIRST_SEQUENCE_OFFSET, firstSequence, ORDER);
    }

    private FrameBuilder endRecord() {
        frame.clear();
        frame.appendControl(record);
        return frame;
    }

    private void min(int offset, long value) {
        bytes.putLong(offset, Math.min(value, bytes.getLong(offset, ORDER)), ORDER);
    }

    private void max(int offset, long value) {
        bytes.putLong(offset, Math.max(value, bytes.getLong(offset, ORDER)), ORDER);
    }
}
