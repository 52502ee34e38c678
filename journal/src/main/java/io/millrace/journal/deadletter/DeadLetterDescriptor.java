package io.millrace.journal.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
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
 */
final class DeadLetterDescriptor {
    /** Type of the records. */
    static final int TYPE_ID = 60301;

    static final int MAX_NAME_LENGTH = 512;
    static final int MAX_MESSAGE_LENGTH = 2048;
    /** All but the texts and bytes. */
    static final int FIXED_LENGTH = 16 + 4 * Integer.BYTES;

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
