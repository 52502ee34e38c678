package io.millrace.window;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.event.Outputs;
import java.nio.ByteOrder;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What an operator puts out for an event that came too late for it, if its {@link LatePolicy} says so: a complete SBE
 * message, described in {@code io/millrace/event/outputs.xml}. The output's key and time are those of the late event;
 * the event itself is in the journal under {@link #eventSequence}.
 *
 * <pre>
 *   0        8             16              24        32        40              44            46
 *  +--------+-------------+---------------+---------+---------+---------------+-------------+
 *  | header | watermarkNs | eventSequence | eventId | eventId | eventSourceId | eventTypeId |
 *  |        |             |               | Hi      | Lo      |               |             |
 *  +--------+-------------+---------------+---------+---------+---------------+-------------+
 * </pre>
 *
 * <p><b>Threading</b>: a view belongs to one thread. <b>Allocation</b>: none after construction.
 */
public final class LateEvent {
    public static final int TYPE_ID = 60_003;
    public static final int SCHEMA_ID = 6_000;
    public static final int SCHEMA_VERSION = 0;
    public static final int HEADER_LENGTH = 8;

    public static final int WATERMARK_NS_OFFSET = 8;
    public static final int EVENT_SEQUENCE_OFFSET = 16;
    public static final int EVENT_ID_HI_OFFSET = 24;
    public static final int EVENT_ID_LO_OFFSET = 32;
    public static final int EVENT_SOURCE_ID_OFFSET = 40;
    public static final int EVENT_TYPE_ID_OFFSET = 44;
    /** Bytes of the payload, message header included. */
    public static final int PAYLOAD_LENGTH = 46;
    /** Bytes of the block behind the message header. */
    public static final int BLOCK_LENGTH = PAYLOAD_LENGTH - HEADER_LENGTH;

    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final long MESSAGE_HEADER =
            BLOCK_LENGTH | (long) TYPE_ID << 16 | (long) SCHEMA_ID << 32 | (long) SCHEMA_VERSION << 48;

    private final UnsafeBuffer payload = new UnsafeBuffer(0, 0);

    /** Points this view at an event of {@link #TYPE_ID}, for as long as the event's own view is valid. */
    public LateEvent wrap(Event event) {
        payload.wrap(event.buffer(), event.payloadOffset(), PAYLOAD_LENGTH);
        return this;
    }

    /**
     * {@return the watermark that the event came behind, in nanoseconds since the epoch; less the output's time that is
     * how late it was, at least 0}
     */
    public long watermarkNs() {
        return payload.getLong(WATERMARK_NS_OFFSET, ORDER);
    }

    /** {@return the sequence of the late event in the journal} */
    public long eventSequence() {
        return payload.getLong(EVENT_SEQUENCE_OFFSET, ORDER);
    }

    /** {@return the high half of the late event's id} */
    public long eventIdHi() {
        return payload.getLong(EVENT_ID_HI_OFFSET, ORDER);
    }

    /** {@return the low half of the late event's id} */
    public long eventIdLo() {
        return payload.getLong(EVENT_ID_LO_OFFSET, ORDER);
    }

    /** {@return the source that the late event came from} */
    public int eventSourceId() {
        return payload.getInt(EVENT_SOURCE_ID_OFFSET, ORDER);
    }

    /** {@return the type of the late event} */
    public int eventTypeId() {
        return payload.getShort(EVENT_TYPE_ID_OFFSET, ORDER) & 0xFFFF;
    }

    /**
     * Puts one out; takes one place.
     *
     * @param watermarkNs that the event came behind, in nanoseconds since the epoch
     */
    public static void putOut(Event late, long watermarkNs, Outputs outputs) {
        MutableEvent output = outputs.claim(TYPE_ID, PAYLOAD_LENGTH);
        output.key(late.key()).timestampNs(late.timestampNs()).schemaVersion(SCHEMA_VERSION);
        MutableDirectBuffer record = output.buffer();
        int at = output.payloadOffset();
        record.putLong(at, MESSAGE_HEADER, ORDER);
        record.putLong(at + WATERMARK_NS_OFFSET, watermarkNs, ORDER);
        record.putLong(at + EVENT_SEQUENCE_OFFSET, late.sequence(), ORDER);
        record.putLong(at + EVENT_ID_HI_OFFSET, late.idHi(), ORDER);
        record.putLong(at + EVENT_ID_LO_OFFSET, late.idLo(), ORDER);
        record.putInt(at + EVENT_SOURCE_ID_OFFSET, late.sourceId(), ORDER);
        record.putShort(at + EVENT_TYPE_ID_OFFSET, (short) late.typeId(), ORDER);
        outputs.commit();
    }
}
