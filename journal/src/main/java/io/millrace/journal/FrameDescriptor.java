package io.millrace.journal;

import io.millrace.event.Event;
import java.nio.ByteOrder;
import org.agrona.BitUtil;

/**
 * Layout of a frame: a header of one cache line and the records of one batch, little endian.
 *
 * <pre>
 *   0        4         5      6       8        12      16              24
 *  +--------+---------+------+-------+--------+-------+---------------+----------------+
 *  | magic  | version | kind | flags | length | count | firstSequence | minTimestampNs |
 *  +--------+---------+------+-------+--------+-------+---------------+----------------+
 *  32               40           48      50             52      56            60    64
 *  +----------------+------------+-------+--------------+-------+-------------+-----+----------...
 *  | maxTimestampNs | syncedUpTo | epoch | controlCount | start | previousCrc | crc | records
 *  +----------------+------------+-------+--------------+-------+-------------+-----+----------...
 * </pre>
 *
 * <p>A record is an {@link Event} header with its payload, padded with zeros to a multiple of 8. {@code length} covers
 * the header and all records; {@code count} are the records with a sequence, {@code controlCount} those without (their
 * sequence is {@link #NO_SEQUENCE}). {@code crc} is CRC32C over the frame with the field itself zero.
 *
 * <p>Frames form one chain over segments and starts: {@code previousCrc} is {@code crc} of the frame before, and
 * {@code firstSequence} the number after its last record. In the journal that number is the sequence of the record; in
 * the other kinds it is the record's ordinal in the log, from 0.
 */
public final class FrameDescriptor {
    public static final int MAGIC_OFFSET = 0;
    public static final int VERSION_OFFSET = 4;
    public static final int KIND_OFFSET = 5;
    public static final int FLAGS_OFFSET = 6;
    public static final int LENGTH_OFFSET = 8;
    public static final int COUNT_OFFSET = 12;
    public static final int FIRST_SEQUENCE_OFFSET = 16;
    public static final int MIN_TIMESTAMP_NS_OFFSET = 24;
    public static final int MAX_TIMESTAMP_NS_OFFSET = 32;
    public static final int SYNCED_UP_TO_OFFSET = 40;
    public static final int EPOCH_OFFSET = 48;
    public static final int CONTROL_COUNT_OFFSET = 50;
    public static final int START_OFFSET = 52;
    public static final int PREVIOUS_CRC_OFFSET = 56;
    public static final int CRC_OFFSET = 60;
    /** Bytes of the header: one cache line. */
    public static final int HEADER_LENGTH = 64;

    /** The bytes {@code MRF1}. */
    public static final int MAGIC = 0x3146524D;
    /** Version of this layout. */
    public static final int VERSION = 1;

    /** The frame holds control records. */
    public static final int HAS_CONTROL = 1;
    /** The frame is the one in {@code start.frame}: it says where a start continues. */
    public static final int IS_START = 1 << 1;

    /** Sequence of a control record, and of "none". */
    public static final long NO_SEQUENCE = -1;
    /** Records and frames begin at multiples of this many bytes, counted from the frame's first. */
    public static final int RECORD_ALIGNMENT = 8;
    /** The {@code previousCrc} of the first frame of a log. */
    public static final int FIRST_PREVIOUS_CRC = 0;

    static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    static final int MAX_CONTROL_COUNT = 0xFFFF;

    private FrameDescriptor() {}

    /** {@return the bytes that a record with such a payload takes in a frame} */
    public static int alignedRecordLength(int payloadLength) {
        return BitUtil.align(Event.HEADER_LENGTH + payloadLength, RECORD_ALIGNMENT);
    }
}
