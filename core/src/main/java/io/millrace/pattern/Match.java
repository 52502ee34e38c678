package io.millrace.pattern;

import io.millrace.event.Event;
import java.nio.ByteOrder;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a pattern puts out: a complete SBE message, described in {@code io/millrace/event/outputs.xml}. The event's
 * key is the key of the events matched and its time that of the last one.
 *
 * <pre>
 *   0        8         16      24       32      40         48              56             64         72         80
 *  +--------+---------+-------+--------+-------+----------+---------------+--------------+----------+----------+
 *  | header | startNs | endNs | number | count | distinct | firstSequence | lastSequence | lastIdHi | lastIdLo |
 *  +--------+---------+-------+--------+-------+----------+---------------+--------------+----------+----------+
 * </pre>
 *
 * <p><b>Threading</b>: a view belongs to one thread. <b>Allocation</b>: none after construction.
 */
public final class Match {
    public static final int TYPE_ID = 60_002;
    public static final int SCHEMA_ID = 6_000;
    public static final int SCHEMA_VERSION = 0;
    public static final int HEADER_LENGTH = 8;

    public static final int START_NS_OFFSET = 8;
    public static final int END_NS_OFFSET = 16;
    public static final int NUMBER_OFFSET = 24;
    public static final int COUNT_OFFSET = 32;
    public static final int DISTINCT_OFFSET = 40;
    public static final int FIRST_SEQUENCE_OFFSET = 48;
    public static final int LAST_SEQUENCE_OFFSET = 56;
    public static final int LAST_ID_HI_OFFSET = 64;
    public static final int LAST_ID_LO_OFFSET = 72;
    /** Bytes of the payload, message header included. */
    public static final int PAYLOAD_LENGTH = 80;
    /** Bytes of the block behind the message header. */
    public static final int BLOCK_LENGTH = PAYLOAD_LENGTH - HEADER_LENGTH;

    static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private static final long MESSAGE_HEADER =
            BLOCK_LENGTH | (long) TYPE_ID << 16 | (long) SCHEMA_ID << 32 | (long) SCHEMA_VERSION << 48;

    private final UnsafeBuffer payload = new UnsafeBuffer(0, 0);

    /** Points this view at an event of {@link #TYPE_ID}, for as long as the event's own view is valid. */
    public Match wrap(Event event) {
        payload.wrap(event.buffer(), event.payloadOffset(), PAYLOAD_LENGTH);
        return this;
    }

    /** {@return the time of the first event counted, in nanoseconds since the epoch} */
    public long startNs() {
        return payload.getLong(START_NS_OFFSET, ORDER);
    }

    /** {@return the time of the event that completed the match, in nanoseconds since the epoch} */
    public long endNs() {
        return payload.getLong(END_NS_OFFSET, ORDER);
    }

    /** {@return the how manieth match of the pattern it is, from 1} */
    public long number() {
        return payload.getLong(NUMBER_OFFSET, ORDER);
    }

    /** {@return events counted} */
    public long count() {
        return payload.getLong(COUNT_OFFSET, ORDER);
    }

    /** {@return distinct values in the events counted, 0 if the pattern does not ask for them} */
    public long distinct() {
        return payload.getLong(DISTINCT_OFFSET, ORDER);
    }

    /** {@return the sequence of the first event counted} */
    public long firstSequence() {
        return payload.getLong(FIRST_SEQUENCE_OFFSET, ORDER);
    }

    /** {@return the sequence of the event that completed the match} */
    public long lastSequence() {
        return payload.getLong(LAST_SEQUENCE_OFFSET, ORDER);
    }

    /** {@return the high half of the id of the event that completed the match} */
    public long lastIdHi() {
        return payload.getLong(LAST_ID_HI_OFFSET, ORDER);
    }

    /** {@return the low half of the id of the event that completed the match} */
    public long lastIdLo() {
        return payload.getLong(LAST_ID_LO_OFFSET, ORDER);
    }

    /** Writes the message header and what is known of the event that completed the match. */
    static void encodeLast(MutableDirectBuffer record, int at, Event last) {
        record.putLong(at, MESSAGE_HEADER, ORDER);
        record.putLong(at + END_NS_OFFSET, last.timestampNs(), ORDER);
        record.putLong(at + LAST_SEQUENCE_OFFSET, last.sequence(), ORDER);
        record.putLong(at + LAST_ID_HI_OFFSET, last.idHi(), ORDER);
        record.putLong(at + LAST_ID_LO_OFFSET, last.idLo(), ORDER);
    }

    /** Writes what is known of the first event. */
    static void encodeFirst(MutableDirectBuffer record, int at, long startNs, long firstSequence) {
        record.putLong(at + START_NS_OFFSET, startNs, ORDER);
        record.putLong(at + FIRST_SEQUENCE_OFFSET, firstSequence, ORDER);
    }

    /** Writes the numbers. */
    static void encodeCounts(MutableDirectBuffer record, int at, long number, long count, long distinct) {
        record.putLong(at + NUMBER_OFFSET, number, ORDER);
        record.putLong(at + COUNT_OFFSET, count, ORDER);
        record.putLong(at + DISTINCT_OFFSET, distinct, ORDER);
    }
}
