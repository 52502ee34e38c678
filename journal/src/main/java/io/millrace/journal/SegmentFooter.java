package io.millrace.journal;

import io.millrace.event.Event;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What the last frame of a finished segment says, see {@link SegmentDescriptor}. Times are in nanoseconds since the
 * epoch; greatest and least of nothing are {@code Long.MIN_VALUE} and {@code Long.MAX_VALUE}.
 *
 * @param segment number within the start, from 0
 * @param firstSequence place of the segment's first record
 * @param endSequence place behind its last record
 * @param maxTimestampSoFarNs greatest event time of this segment and all before
 * @param maxIngestTimeSoFarNs greatest ingest time of this segment and all before
 * @param parts of the segment, in order
 */
public record SegmentFooter(
        int segment,
        long firstSequence,
        long endSequence,
        long minTimestampNs,
        long maxTimestampNs,
        long minIngestTimeNs,
        long maxIngestTimeNs,
        long maxTimestampSoFarNs,
        long maxIngestTimeSoFarNs,
        List<Part> parts) {
    /**
     * Frames in a row, about 1 MiB of them.
     *
     * @param offset of the document of the first
     * @param firstSequence place of the first record
     * @param previousCrc of the frame before
     */
    public record Part(
            long offset,
            long firstSequence,
            long minTimestampNs,
            long maxTimestampNs,
            long maxIngestTimeNs,
            int previousCrc,
            int frameCount) {}

    /**
     * {@return what a frame says as a segment's last, null if it is none; the frame is rewound}
     *
     * @param view to read records with
     */
    static @Nullable SegmentFooter of(Frame frame, Event view) {
        frame.rewind();
        boolean isFooter = frame.controlCount() > 0
                && frame.nextControl(view)
                && view.typeId() == SegmentDescriptor.FOOTER_TYPE_ID
                && view.payloadLength() >= SegmentDescriptor.ENTRIES_OFFSET;
        SegmentFooter footer = isFooter ? of(view) : null;
        frame.rewind();
        return footer;
    }

    private static SegmentFooter of(Event record) {
        DirectBuffer bytes = record.buffer();
        int fits = (record.payloadLength() - SegmentDescriptor.ENTRIES_OFFSET) / SegmentDescriptor.ENTRY_LENGTH;
        int count = Math.min(fits, int32(bytes, Event.HEADER_LENGTH + SegmentDescriptor.ENTRY_COUNT_OFFSET));
        List<Part> parts = new ArrayList<>(Math.max(count, 0));
        for (int i = 0; i < count; i++) {
            parts.add(part(bytes, SegmentDescriptor.entryOffset(i)));
        }
        int base = Event.HEADER_LENGTH;
        return new SegmentFooter(
                int32(bytes, base + SegmentDescriptor.SEGMENT_OFFSET),
                int64(bytes, base + SegmentDescriptor.FIRST_SEQUENCE_OFFSET),
                int64(bytes, base + SegmentDescriptor.END_SEQUENCE_OFFSET),
                int64(bytes, base + SegmentDescriptor.MIN_TIMESTAMP_NS_OFFSET),
                int64(bytes, base + SegmentDescriptor.MAX_TIMESTAMP_NS_OFFSET),
                int64(bytes, base + SegmentDescriptor.MIN_INGEST_TIME_NS_OFFSET),
                int64(bytes, base + SegmentDescriptor.MAX_INGEST_TIME_NS_OFFSET),
                int64(bytes, base + SegmentDescriptor.MAX_TIMESTAMP_SO_FAR_NS_OFFSET),
                int64(bytes, base + SegmentDescriptor.MAX_INGEST_TIME_SO_FAR_NS_OFFSET),
                parts);
    }

    private static Part part(DirectBuffer bytes, int offset) {
        return new Part(
                int64(bytes, offset),
                int64(bytes, offset + SegmentDescriptor.ENTRY_FIRST_SEQUENCE_OFFSET),
                int64(bytes, offset + SegmentDescriptor.ENTRY_MIN_TIMESTAMP_NS_OFFSET),
                int64(bytes, offset + SegmentDescriptor.ENTRY_MAX_TIMESTAMP_NS_OFFSET),
                int64(bytes, offset + SegmentDescriptor.ENTRY_MAX_INGEST_TIME_NS_OFFSET),
                int32(bytes, offset + SegmentDescriptor.ENTRY_PREVIOUS_CRC_OFFSET),
                int32(bytes, offset + SegmentDescriptor.ENTRY_FRAME_COUNT_OFFSET));
    }

    private static int int32(DirectBuffer bytes, int offset) {
        return bytes.getInt(offset, FrameDescriptor.ORDER);
    }

    private static long int64(DirectBuffer bytes, int offset) {
        return bytes.getLong(offset, FrameDescriptor.ORDER);
    }
}
