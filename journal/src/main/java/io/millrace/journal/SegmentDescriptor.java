package io.millrace.journal;

import io.millrace.event.Event;

/**
 * Layout of the two control records that make a segment file a unit of its own, little endian.
 *
 * <pre>
 *   document   document   document         document   document
 *  +----------+----------+-------+--...--+----------+------+
 *  | Chronicle| header   | frame | frame | footer   | EOF  | zeros
 *  +----------+----------+-------+--...--+----------+------+
 *              60202                      60203, at a roll and at a clean close
 *
 *  header      0         4               8               16            20      24
 *  payload    +---------+---------------+---------------+-------------+-------+----------------------+
 *             | segment | formatVersion | firstSequence | previousCrc | start | previousFooterOffset |
 *             +---------+---------------+---------------+-------------+-------+----------------------+
 *             32               40                48              56
 *             +----------------+-----------------+---------------+
 *             | maxTimestampNs | maxIngestTimeNs | segmentLength |    over all records of the log before the segment
 *             +----------------+-----------------+---------------+
 *
 *  footer      0         4            8               16            24               32               40
 *  payload
 * +---------+------------+---------------+-------------+----------------+----------------+-----------------+
 *             | segment | entryCount | firstSequence | endSequence | minTimestampNs | maxTimestampNs | minIngestTimeNs
 * |
 *
 * +---------+------------+---------------+-------------+----------------+----------------+-----------------+
 *             48                56                      64                       72
 *             +-----------------+-----------------------+------------------------+-----------------+
 *             | maxIngestTimeNs | maxTimestampSoFarNs   | maxIngestTimeSoFarNs   | entries of 48   |
 *             +-----------------+-----------------------+------------------------+-----------------+
 *
 *  entry       0        8               16               24               32                40            44
 * 48
 *             +--------+---------------+----------------+----------------+-----------------+-------------+------------+
 *             | offset | firstSequence | minTimestampNs | maxTimestampNs | maxIngestTimeNs | previousCrc | frameCount |
 *             +--------+---------------+----------------+----------------+-----------------+-------------+------------+
 * </pre>
 *
 * <p>Each stands alone in a frame without other records. An entry is about the frames from the document at
 * {@code offset} up to the next entry's; {@code previousCrc} is what the first of them continues, so that a reader can
 * begin there and still hold the frames to the chain. Least and greatest times of nothing are {@code Long.MAX_VALUE}
 * and {@code Long.MIN_VALUE}.
 */
public final class SegmentDescriptor {
    /** Type of the record in a segment's first frame. */
    public static final int HEADER_TYPE_ID = 60202;
    /** Type of the record in a segment's last frame, if it was finished. */
    public static final int FOOTER_TYPE_ID = 60203;
    /** Version of segment files. */
    public static final int FORMAT_VERSION = 1;
    /** Offset of a frame that is not there. */
    public static final long NO_OFFSET = -1;

    static final int SEGMENT_OFFSET = 0;
    static final int FORMAT_VERSION_OFFSET = 4;
    static final int FIRST_SEQUENCE_OFFSET = 8;
    static final int PREVIOUS_CRC_OFFSET = 16;
    static final int START_OFFSET = 20;
    static final int PREVIOUS_FOOTER_OFFSET = 24;
    static final int HEADER_MAX_TIMESTAMP_NS_OFFSET = 32;
    static final int HEADER_MAX_INGEST_TIME_NS_OFFSET = 40;
    static final int SEGMENT_LENGTH_OFFSET = 48;
    static final int HEADER_PAYLOAD_LENGTH = 56;

    static final int ENTRY_COUNT_OFFSET = 4;
    static final int END_SEQUENCE_OFFSET = 16;
    static final int MIN_TIMESTAMP_NS_OFFSET = 24;
    static final int MAX_TIMESTAMP_NS_OFFSET = 32;
    static final int MIN_INGEST_TIME_NS_OFFSET = 40;
    static final int MAX_INGEST_TIME_NS_OFFSET = 48;
    static final int MAX_TIMESTAMP_SO_FAR_NS_OFFSET = 56;
    static final int MAX_INGEST_TIME_SO_FAR_NS_OFFSET = 64;
    static final int ENTRIES_OFFSET = 72;

    static final int ENTRY_LENGTH = 48;
    static final int ENTRY_FIRST_SEQUENCE_OFFSET = 8;
    static final int ENTRY_MIN_TIMESTAMP_NS_OFFSET = 16;
    static final int ENTRY_MAX_TIMESTAMP_NS_OFFSET = 24;
    static final int ENTRY_MAX_INGEST_TIME_NS_OFFSET = 32;
    static final int ENTRY_PREVIOUS_CRC_OFFSET = 40;
    static final int ENTRY_FRAME_COUNT_OFFSET = 44;

    /** Bytes between entries, if the segment has no more of such parts than {@link #MAX_PART_COUNT}. */
    static final int MIN_PART_LENGTH = 1 << 20;
    /** A footer fits into the smallest block with this many entries. */
    static final int MAX_PART_COUNT = 1024;

    private SegmentDescriptor() {}

    /** {@return how far apart entries are at least, in bytes} */
    static long partLength(long segmentLength) {
        return Math.max(MIN_PART_LENGTH, (segmentLength + MAX_PART_COUNT - 1) / MAX_PART_COUNT);
    }

    static int footerPayloadLength(int entryCount) {
        return ENTRIES_OFFSET + entryCount * ENTRY_LENGTH;
    }

    /** {@return bytes of the frame around a footer} */
    static int footerFrameLength(int entryCount) {
        return FrameDescriptor.HEADER_LENGTH + FrameDescriptor.alignedRecordLength(footerPayloadLength(entryCount));
    }

    /** {@return where an entry begins in the record of a footer} */
    static int entryOffset(int index) {
        return Event.HEADER_LENGTH + ENTRIES_OFFSET + index * ENTRY_LENGTH;
    }
}
