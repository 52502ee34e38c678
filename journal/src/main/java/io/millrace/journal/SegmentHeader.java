package io.millrace.journal;

import io.millrace.event.Event;
import java.util.UUID;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What the first frame of a segment file says, see {@link SegmentDescriptor}.
 *
 * @param journalId the same for all logs and starts of a data directory
 * @param start whose segment it is
 * @param segment number within the start, from 0
 * @param formatVersion of the file
 * @param firstSequence place of the segment's first record
 * @param previousCrc of the frame before the segment
 * @param previousFooterOffset of the document with the footer of the segment before, -1 if there is none
 * @param maxTimestampNs greatest event time of all records before the segment, {@code Long.MIN_VALUE} if there are none
 * @param maxIngestTimeNs greatest ingest time of all records before the segment, {@code Long.MIN_VALUE} likewise
 * @param segmentLength where the segment ends at the latest, in bytes
 * @param timeNs when the segment was begun, in nanoseconds since the epoch
 */
public record SegmentHeader(
        UUID journalId,
        int start,
        int segment,
        int formatVersion,
        long firstSequence,
        int previousCrc,
        long previousFooterOffset,
        long maxTimestampNs,
        long maxIngestTimeNs,
        long segmentLength,
        long timeNs) {
    /**
     * {@return what a frame says as a segment's first, null if it is none; the frame is rewound}
     *
     * @param view to read records with
     */
    static @Nullable SegmentHeader of(Frame frame, Event view) {
        frame.rewind();
        boolean isHeader = frame.controlCount() > 0
                && frame.nextControl(view)
                && view.typeId() == SegmentDescriptor.HEADER_TYPE_ID
                && view.payloadLength() >= SegmentDescriptor.HEADER_PAYLOAD_LENGTH;
        SegmentHeader header = isHeader ? of(view) : null;
        frame.rewind();
        return header;
    }

    private static SegmentHeader of(Event record) {
        DirectBuffer bytes = record.buffer();
        int base = Event.HEADER_LENGTH;
        return new SegmentHeader(
                new UUID(record.idHi(), record.idLo()),
                bytes.getInt(base + SegmentDescriptor.START_OFFSET, FrameDescriptor.ORDER),
                bytes.getInt(base + SegmentDescriptor.SEGMENT_OFFSET, FrameDescriptor.ORDER),
                bytes.getInt(base + SegmentDescriptor.FORMAT_VERSION_OFFSET, FrameDescriptor.ORDER),
                bytes.getLong(base + SegmentDescriptor.FIRST_SEQUENCE_OFFSET, FrameDescriptor.ORDER),
                bytes.getInt(base + SegmentDescriptor.PREVIOUS_CRC_OFFSET, FrameDescriptor.ORDER),
                bytes.getLong(base + SegmentDescriptor.PREVIOUS_FOOTER_OFFSET, FrameDescriptor.ORDER),
                bytes.getLong(base + SegmentDescriptor.HEADER_MAX_TIMESTAMP_NS_OFFSET, FrameDescriptor.ORDER),
                bytes.getLong(base + SegmentDescriptor.HEADER_MAX_INGEST_TIME_NS_OFFSET, FrameDescriptor.ORDER),
                bytes.getLong(base + SegmentDescriptor.SEGMENT_LENGTH_OFFSET, FrameDescriptor.ORDER),
                record.timestampNs());
    }
}
