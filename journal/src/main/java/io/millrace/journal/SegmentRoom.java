package io.millrace.journal;

import io.millrace.event.Event;

/**
 * How much has to be reserved ahead so that everything that was admitted can be written.
 *
 * <pre>
 *   segment in use         reserved ahead: targetCount, each of usableLength
 *  +---------+----------+ +-----------+ +-----------+
 *  | written | left     | |           | |           |     low: left + ahead is less than the demand
 *  +---------+----------+ +-----------+ +-----------+
 * </pre>
 *
 * @param lengths of the log
 * @param demandLength bytes of frames that may have to be written at any time, at least 0
 * @param targetCount segments to be reserved ahead, at least 1
 */
record SegmentRoom(LogLengths lengths, long demandLength, int targetCount) {
    /** More segments ahead than this are a setting that does not fit, not a need. */
    static final int MAX_TARGET_COUNT = 256;

    /** Chronicle's header and first index, before the first frame. */
    private static final int CHRONICLE_HEADER_LENGTH = (1 << 16) + (1 << 10);
    /** A later index of Chronicle's takes less than this part of what it covers. */
    private static final int INDEX_DIVISOR = 1024;
    /** Commit marks, and records that a pipeline adds of itself. */
    private static final int MARGIN_LENGTH = 1 << 16;

    /** {@return the room of a log of which nobody said what may come: a segment ahead before the last quarter} */
    static SegmentRoom ofOneAhead(LogLengths lengths) {
        return new SegmentRoom(lengths, lengths.segmentLength() / 4, 1);
    }

    /**
     * {@return room for records that each come in a frame of their own}
     *
     * @throws JournalException if so many segments would be needed that the settings have to be others
     */
    static SegmentRoom of(LogLengths lengths, LogKind kind, long recordCount, int recordLength) {
        int payloadLength = recordLength - Event.HEADER_LENGTH;
        long frameLength = (long) FrameDescriptor.HEADER_LENGTH
                + FrameDescriptor.alignedRecordLength(payloadLength)
                + FrameDescriptor.RECORD_ALIGNMENT;
        long demand = recordCount * frameLength + MARGIN_LENGTH;
        long usable = usableLength(lengths);
        // A quarter of a segment is to be written while the next reservation is under way.
        long count = (demand + lengths.segmentLength() / 4 + usable - 1) / usable;
        if (count > MAX_TARGET_COUNT) {
            throw new JournalException(
                    JournalException.EXIT_CONFIG,
                    "cannot keep room for the rings: log=" + kind.directoryName() + ", recordCount=" + recordCount
                            + ", recordLength=" + recordLength + ", segmentLength=" + lengths.segmentLength()
                            + " (expected: at most " + MAX_TARGET_COUNT + " segments, not " + count
                            + "); raise segmentLength, or lower ring capacities or payload lengths",
                    null);
        }
        return new SegmentRoom(lengths, demand, (int) count);
    }

    /** {@return the length of every segment's file, in bytes} */
    long fileLength() {
        return fileLength(lengths);
    }

    static long fileLength(LogLengths lengths) {
        return lengths.segmentLength() + lengths.blockLength() / SegmentAppender.OVERLAP_DIVISOR;
    }

    /** {@return bytes on the disk of the segment in use and those ahead} */
    long totalLength() {
        return (targetCount + 1) * fileLength();
    }

    /**
     * {@return whether what is left is less than the demand}
     *
     * @param position in the segment in use, in bytes
     * @param readyCount segments that are reserved ahead
     */
    boolean isShort(long position, int readyCount) {
        long left = lengths.segmentLength() - position - endLength(lengths);
        return Math.max(0, left) + readyCount * usableLength(lengths) < demandLength;
    }

    /** What surely fits into a segment, however the frames fall. */
    private static long usableLength(LogLengths lengths) {
        long length = lengths.segmentLength();
        return Math.max(1, length - length / INDEX_DIVISOR - CHRONICLE_HEADER_LENGTH - endLength(lengths));
    }

    /** A frame that no longer fits, the footer, and Chronicle's mark. */
    private static long endLength(LogLengths lengths) {
        int entryCount = (int) (lengths.segmentLength() / SegmentDescriptor.partLength(lengths.segmentLength())) + 1;
        return (long) SegmentAppender.SLACK_LENGTH
                + SegmentDescriptor.footerFrameLength(entryCount)
                + lengths.frameLength();
    }
}
