package io.millrace.ring;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.event.SystemTypes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A CONTROL record of the journal: a change of the pipeline itself that every replay must know of.
 *
 * <pre>
 *   payload                                      content of SKIP
 *   0      2          4        8                 0          8            10
 *  +------+----------+--------+----------+      +----------+------------+----------------------+
 *  | kind | reserved | length | content  |      | sequence | textLength | reason in UTF-8      |
 *  +------+----------+--------+----------+      +----------+------------+----------------------+
 * </pre>
 *
 * @param sequence of the record; -1 of a CONFIG that was written before all records
 * @param content never changed; of {@link #CONFIG} see {@link OperatorConfig}
 */
public record ControlRecord(long sequence, int kind, byte[] content) {
    /** From this record on the pipeline has these operators. */
    public static final int CONFIG = 1;
    /** A record at which an operator throws is passed over by all of them. */
    public static final int SKIP = 2;
    /** A change of the rules, or a part of one; see {@link RuleBook}. */
    public static final int RULE = 3;

    static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final int SKIP_LENGTH_MIN = 10;

    /** {@return a record of the journal as a control record, null if it is none} */
    public static @Nullable ControlRecord of(Event record) {
        int length = record.payloadLength();
        if (!record.hasAny(Event.CONTROL) || length < ControlInbox.CONTENT_OFFSET) {
            return null;
        }
        byte[] payload = new byte[length];
        record.buffer().getBytes(Event.HEADER_LENGTH, payload);
        int kind = ByteBuffer.wrap(payload).order(ORDER).getShort(0) & 0xFFFF;
        return new ControlRecord(
                record.sequence(), kind, Arrays.copyOfRange(payload, ControlInbox.CONTENT_OFFSET, length));
    }

    /** {@return the record that has a sequence passed over, to be given a sequence of its own} */
    public static ControlRecord skip(long sequence, long skipped, String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        ByteBuffer content = ByteBuffer.allocate(SKIP_LENGTH_MIN + text.length).order(ORDER);
        content.putLong(skipped).putShort((short) text.length).put(text);
        return new ControlRecord(sequence, SKIP, content.array());
    }

    /** {@return the sequence that a SKIP names, -1 for another kind} */
    public long skippedSequence() {
        boolean isSkip = kind == SKIP && content.length >= SKIP_LENGTH_MIN;
        return isSkip ? ByteBuffer.wrap(content).order(ORDER).getLong(0) : -1;
    }

    /** {@return why a SKIP was asked for, empty for another kind} */
    public String skipReason() {
        return skippedSequence() < 0
                ? ""
                : new String(content, SKIP_LENGTH_MIN, content.length - SKIP_LENGTH_MIN, StandardCharsets.UTF_8);
    }

    /**
     * {@return the record as it stands in the journal}
     *
     * @param nowNs time of publication, in nanoseconds since the epoch
     */
    public MutableEvent toEvent(long nowNs) {
        byte[] payload = ControlInbox.payload(kind, new UnsafeBuffer(content), 0, content.length);
        MutableEvent event = MutableEvent.allocate(payload.length)
                .sequence(sequence)
                .typeId(SystemTypes.CONTROL)
                .flags(Event.CONTROL)
                .timestampNs(nowNs)
                .ingestTimeNs(nowNs)
                .payloadLength(payload.length);
        event.buffer().putBytes(Event.HEADER_LENGTH, payload);
        return event;
    }
}
