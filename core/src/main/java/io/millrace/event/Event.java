package io.millrace.event;

import java.nio.ByteOrder;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A read-only flyweight over one event record: a header of one cache line and the payload behind it, little endian.
 *
 * <pre>
 *   0         8        16        24        32            40
 *  +---------+---------+---------+---------+-------------+--------------+
 *  |sequence |  idHi   |  idLo   |   key   | timestampNs | ingestTimeNs |
 *  +---------+---------+---------+---------+-------------+--------------+
 *  48         52              56       58              60      62         64
 *  +----------+---------------+--------+---------------+-------+----------+------------...
 *  | sourceId | payloadLength | typeId | schemaVersion | flags | reserved | payload
 *  +----------+---------------+--------+---------------+-------+----------+------------...
 * </pre>
 *
 * <p>An id is a UUID, or (producer id with producer epoch, producer sequence). Times are nanoseconds since the epoch.
 * {@code key} is the partition and stream key. With the flag EXTENDED the payload bytes begin with an extension block
 * whose first four bytes are its length, itself included; {@link #payloadOffset()} then points behind it.
 *
 * <p><b>Threading</b>: a view belongs to one thread. A view that a callback was given is valid until the callback
 * returns. <b>Allocation</b>: none after construction.
 */
public class Event {
    public static final int SEQUENCE_OFFSET = 0;
    public static final int ID_HI_OFFSET = 8;
    public static final int ID_LO_OFFSET = 16;
    public static final int KEY_OFFSET = 24;
    public static final int TIMESTAMP_NS_OFFSET = 32;
    public static final int INGEST_TIME_NS_OFFSET = 40;
    public static final int SOURCE_ID_OFFSET = 48;
    public static final int PAYLOAD_LENGTH_OFFSET = 52;
    public static final int TYPE_ID_OFFSET = 56;
    public static final int SCHEMA_VERSION_OFFSET = 58;
    public static final int FLAGS_OFFSET = 60;
    public static final int RESERVED_OFFSET = 62;
    /** Bytes of the header: one cache line. */
    public static final int HEADER_LENGTH = 64;

    /** An extension block stands before the payload. */
    public static final int EXTENDED = 1;
    /** The id was seen before; the event goes no further than ADMIT. */
    public static final int DUPLICATE = 1 << 1;
    /** The event was refused; it goes no further than ADMIT. */
    public static final int REJECTED = 1 << 2;
    /** The claim was given back; the slot is published but holds no event. */
    public static final int ABORTED = 1 << 3;
    /** Time passes without an event of a user. */
    public static final int TICK = 1 << 4;
    /** A change of the pipeline itself that takes effect between two sequences. */
    public static final int CONTROL = 1 << 5;
    /** All stages save their state after this slot. */
    public static final int SNAPSHOT = 1 << 6;
    /** End of input: event time moves to its maximum. */
    public static final int END = 1 << 7;

    /** Flags of slots that ADMIT lets nobody see. */
    public static final int DROPPED = DUPLICATE | REJECTED | ABORTED;
    /** Flags of accepted records which are not events of a user. */
    public static final int SYSTEM = TICK | CONTROL | SNAPSHOT | END;

    static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    /** The record and nothing else, so that bounds checks keep a view inside its record. */
    protected final UnsafeBuffer record = new UnsafeBuffer(0, 0);

    /**
     * Points this view at a record.
     *
     * @param buffer that holds the record; it must outlive the use of this view
     * @param offset of the record in bytes, a multiple of 8
     * @param length in bytes that the view may touch, at least {@link #HEADER_LENGTH}
     */
    public final void wrap(MutableDirectBuffer buffer, int offset, int length) {
        record.wrap(buffer, offset, length);
    }

    /** {@return the record's bytes, header first; for readers of fields and for copying} */
    public final UnsafeBuffer buffer() {
        return record;
    }

    public final long sequence() {
        return record.getLong(SEQUENCE_OFFSET, ORDER);
    }

    public final long idHi() {
        return record.getLong(ID_HI_OFFSET, ORDER);
    }

    public final long idLo() {
        return record.getLong(ID_LO_OFFSET, ORDER);
    }

    public final long key() {
        return record.getLong(KEY_OFFSET, ORDER);
    }

    /** {@return event time in nanoseconds since the epoch} */
    public final long timestampNs() {
        return record.getLong(TIMESTAMP_NS_OFFSET, ORDER);
    }

    /** {@return time of publication in nanoseconds since the epoch, from a cached monotone clock} */
    public final long ingestTimeNs() {
        return record.getLong(INGEST_TIME_NS_OFFSET, ORDER);
    }

    public final int sourceId() {
        return record.getInt(SOURCE_ID_OFFSET, ORDER);
    }

    /** {@return bytes behind the header, an extension block included} */
    public final int payloadLength() {
        return record.getInt(PAYLOAD_LENGTH_OFFSET, ORDER);
    }

    /** {@return bytes of header and payload} */
    public final int recordLength() {
        return HEADER_LENGTH + payloadLength();
    }

    public final int typeId() {
        return record.getShort(TYPE_ID_OFFSET, ORDER) & 0xFFFF;
    }

    public final int schemaVersion() {
        return record.getShort(SCHEMA_VERSION_OFFSET, ORDER) & 0xFFFF;
    }

    public final int flags() {
        return record.getShort(FLAGS_OFFSET, ORDER) & 0xFFFF;
    }

    /** {@return whether any of the given flags is set} */
    public final boolean hasAny(int flags) {
        return (flags() & flags) != 0;
    }

    /** {@return where the payload begins in {@link #buffer()}, behind an extension block if there is one} */
    public final int payloadOffset() {
        return hasAny(EXTENDED) ? HEADER_LENGTH + record.getInt(HEADER_LENGTH, ORDER) : HEADER_LENGTH;
    }

    @Override
    public String toString() {
        return "Event{sequence=" + sequence() + ", id=" + Long.toHexString(idHi()) + ':' + Long.toHexString(idLo())
                + ", typeId=" + typeId() + ", key=" + key() + ", timestampNs=" + timestampNs() + ", payloadLength="
                + payloadLength() + ", flags=0x" + Integer.toHexString(flags()) + '}';
    }
}
