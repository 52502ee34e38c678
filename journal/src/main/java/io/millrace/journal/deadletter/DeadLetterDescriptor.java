package io.millrace.journal.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.journal.FrameDescriptor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Layout of a dead letter: an event record whose sequence is its place in the queue, whose id, key and timestamp are
 * the parked event's, whose {@code ingestTimeNs} is when it was parked, and whose payload is, little endian,
 *
 * <pre>
 *   0          4          8      16
 *  +----------+----------+------+--------+---------+--------+------------+--------+---------+--------+-------...
 *  | attempts | reserved | line | length | handler | length | errorClass | length | message | length | bytes
 *  +----------+----------+------+--------+---------+--------+------------+--------+---------+--------+-------...
 * </pre>
 *
 * <p>Each length is an i32; texts are UTF-8, cut at a bound; bytes are the parked record, or the row as it was read.
 *
 * <p>A mark is a control record: its id and key are the letter's, its {@code ingestTimeNs} is when it was made, and its
 * payload is
 *
 * <pre>
 *   0       8      12         16
 *  +-------+------+----------+--------+------------+--------+------+
 *  | place | kind | attempts | length | errorClass | length | text |
 *  +-------+------+----------+--------+------------+--------+------+
 * </pre>
 *
 * <p>{@code place} is the letter's, {@code kind} is 1 for redriven, 2 for discarded, 3 for failed again.
 */
final class DeadLetterDescriptor {
    /** Type of the records. */
    static final int TYPE_ID = 60301;
    /** Type of the marks. */
    static final int MARK_TYPE_ID = 60302;

    static final int MAX_NAME_LENGTH = 512;
    static final int MAX_MESSAGE_LENGTH = 2048;
    /** All but the texts and bytes. */
    static final int FIXED_LENGTH = 16 + 4 * Integer.BYTES;

    private static final int MARK_FIXED_LENGTH = 16 + 2 * Integer.BYTES;

    private DeadLetterDescriptor() {}

    /** {@return the record of a dead letter, in memory of its own} */
    static MutableEvent encode(DeadLetter letter, long key, long timestampNs) {
        byte[] handler = cut(letter.handler(), MAX_NAME_LENGTH);
        byte[] errorClass = cut(letter.errorClass(), MAX_NAME_LENGTH);
        byte[] message = cut(letter.message(), MAX_MESSAGE_LENGTH);
        ByteBuffer payload = ByteBuffer.allocate(
                        FIXED_LENGTH + handler.length + errorClass.length + message.length + letter.bytes().length)
                .order(ByteOrder.LITTLE_ENDIAN);
        payload.putInt(letter.attempts()).putInt(0).putLong(letter.line());
        for (byte[] part : new byte[][] {handler, errorClass, message, letter.bytes()}) {
            payload.putInt(part.length).put(part);
        }
        return MutableEvent.allocate(payload.capacity())
                .sequence(letter.place())
                .id(letter.idHi(), letter.idLo())
                .key(key)
                .timestampNs(timestampNs)
                .ingestTimeNs(letter.timeNs())
                .typeId(TYPE_ID)
                .payload(new UnsafeBuffer(payload.array()), 0, payload.capacity());
    }

    static DeadLetter decode(Event record) {
        byte[] bytes = new byte[record.payloadLength()];
        record.buffer().getBytes(Event.HEADER_LENGTH, bytes);
        ByteBuffer payload = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int attempts = payload.getInt();
        payload.getInt();
        long line = payload.getLong();
        return new DeadLetter(
                record.sequence(),
                record.ingestTimeNs(),
                record.idHi(),
                record.idLo(),
                new String(part(payload), UTF_8),
                new String(part(payload), UTF_8),
                new String(part(payload), UTF_8),
                attempts,
                line,
                part(payload));
    }

    /** {@return the record of a mark, in memory of its own} */
    static MutableEvent encode(DeadLetterMark mark, OpenLetter letter) {
        byte[] errorClass = cut(mark.errorClass(), MAX_NAME_LENGTH);
        byte[] text = cut(mark.text(), MAX_MESSAGE_LENGTH);
        ByteBuffer payload = ByteBuffer.allocate(MARK_FIXED_LENGTH + errorClass.length + text.length)
                .order(ByteOrder.LITTLE_ENDIAN);
        payload.putLong(mark.place()).putInt(mark.kind().code()).putInt(mark.attempts());
        payload.putInt(errorClass.length).put(errorClass).putInt(text.length).put(text);
        return MutableEvent.allocate(payload.capacity())
                .sequence(FrameDescriptor.NO_SEQUENCE)
                .id(letter.idHi(), letter.idLo())
                .key(letter.key())
                .ingestTimeNs(mark.timeNs())
                .typeId(MARK_TYPE_ID)
                .payload(new UnsafeBuffer(payload.array()), 0, payload.capacity());
    }

    static DeadLetterMark decodeMark(Event record) {
        byte[] bytes = new byte[record.payloadLength()];
        record.buffer().getBytes(Event.HEADER_LENGTH, bytes);
        ByteBuffer payload = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        return new DeadLetterMark(
                payload.getLong(),
                DeadLetterMark.Kind.of(payload.getInt()),
                record.ingestTimeNs(),
                payload.getInt(),
                new String(part(payload), UTF_8),
                new String(part(payload), UTF_8));
    }

    private static byte[] part(ByteBuffer payload) {
        byte[] part = new byte[payload.getInt()];
        payload.get(part);
        return part;
    }

    private static byte[] cut(String text, int maxLength) {
        byte[] bytes = text.getBytes(UTF_8);
        return bytes.length <= maxLength ? bytes : Arrays.copyOf(bytes, maxLength);
    }
}
