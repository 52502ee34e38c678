package io.millrace.event;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A field of varying length behind the block: a length prefix and that many bytes. Its place depends on the fields
 * before it, so they are put in the order of the schema. Absent from records of a version older than the field.
 *
 * <p>Lengths are checked against the record's end on every read: what does not fit is absent.
 *
 * <p><b>Threading</b>, <b>Allocation</b>: as {@link Field}; strings allocate.
 */
public final class VarField {
    private static final int ABSENT = -1;

    private final String name;
    private final int sinceVersion;
    private final int prefixLength;
    private final long maxLength;
    private final @Nullable Charset charset;
    private final @Nullable VarField previous;
    private int followingLength;

    VarField(
            String name,
            int sinceVersion,
            int prefixLength,
            long maxLength,
            @Nullable Charset charset,
            @Nullable VarField previous) {
        this.name = name;
        this.sinceVersion = sinceVersion;
        this.prefixLength = prefixLength;
        this.maxLength = maxLength;
        this.charset = charset;
        this.previous = previous;
        for (VarField before = previous; before != null; before = before.previous) {
            before.followingLength += prefixLength;
        }
    }

    public String name() {
        return name;
    }

    public int sinceVersion() {
        return sinceVersion;
    }

    /** {@return bytes of the length prefix: 1, 2 or 4} */
    public int prefixLength() {
        return prefixLength;
    }

    /** {@return the most bytes that the schema allows} */
    public long maxLength() {
        return maxLength;
    }

    /** {@return whether the schema names a character encoding} */
    public boolean isText() {
        return charset != null;
    }

    /** {@return the character encoding, null for bytes} */
    public @Nullable Charset charset() {
        return charset;
    }

    /** {@return bytes, -1 if the event does not have the field} */
    public int length(Event event) {
        int at = prefixOffset(event);
        return at == ABSENT ? ABSENT : lengthAt(event.buffer(), at);
    }

    /** {@return where the bytes begin in {@link Event#buffer()}, -1 if the event does not have the field} */
    public int offset(Event event) {
        int at = prefixOffset(event);
        return at == ABSENT ? ABSENT : at + prefixLength;
    }

    /** {@return the text, null if the event does not have the field; bytes are read as ISO 8859-1} */
    public @Nullable String text(Event event) {
        int length = length(event);
        if (length == ABSENT) {
            return null;
        }
        byte[] bytes = new byte[length];
        event.buffer().getBytes(offset(event), bytes);
        return new String(bytes, charset == null ? StandardCharsets.ISO_8859_1 : charset);
    }

    /**
     * Puts bytes into an event that {@link EventType#encode} prepared and sets its payload length. Fields behind this
     * one become empty.
     *
     * @throws IllegalArgumentException if the schema or the record has no room for so many bytes
     */
    public void put(MutableEvent event, DirectBuffer source, int offset, int length) {
        int at = prefixOffset(event);
        if (at == ABSENT) {
            throw new IllegalStateException("cannot put field: field=" + name + " (expected: an encoded event)");
        }
        UnsafeBuffer record = event.buffer();
        int end = at + prefixLength + length;
        requireRoom(length, record.capacity() - at - prefixLength - followingLength);
        putLength(record, at, length);
        record.putBytes(at + prefixLength, source, offset, length);
        record.setMemory(end, followingLength, (byte) 0);
        event.payloadLength(end + followingLength - Event.HEADER_LENGTH);
    }

    /** Puts text as {@link #put(MutableEvent, DirectBuffer, int, int)} puts bytes. */
    public void put(MutableEvent event, String text) {
        byte[] bytes = text.getBytes(charset == null ? StandardCharsets.ISO_8859_1 : charset);
        put(event, new UnsafeBuffer(bytes), 0, bytes.length);
    }

    @Override
    public String toString() {
        return name;
    }

    /** {@return where the next field's prefix begins, -1 if this field is absent} */
    int end(Event event) {
        int at = prefixOffset(event);
        return at == ABSENT ? ABSENT : at + prefixLength + lengthAt(event.buffer(), at);
    }

    /** {@return where the length prefix begins; -1 if absent, or if prefix or bytes would pass the record's end} */
    private int prefixOffset(Event event) {
        if (event.schemaVersion() < sinceVersion) {
            return ABSENT;
        }
        int at = previous == null ? EventType.blockEnd(event) : previous.end(event);
        int available = event.recordLength() - at - prefixLength;
        if (at == ABSENT || available < 0) {
            return ABSENT;
        }
        int length = lengthAt(event.buffer(), at);
        return length < 0 || length > available ? ABSENT : at;
    }

    private int lengthAt(UnsafeBuffer record, int at) {
        return switch (prefixLength) {
            case 1 -> record.getByte(at) & 0xFF;
            case 2 -> record.getShort(at, Event.ORDER) & 0xFFFF;
            default -> record.getInt(at, Event.ORDER);
        };
    }

    private void putLength(UnsafeBuffer record, int at, int length) {
        switch (prefixLength) {
            case 1 -> record.putByte(at, (byte) length);
            case 2 -> record.putShort(at, (short) length, Event.ORDER);
            default -> record.putInt(at, length, Event.ORDER);
        }
    }

    private void requireRoom(int length, int room) {
        if (length > maxLength || length > room) {
            throw new IllegalArgumentException("cannot put field: " + name + ".length=" + length + " (expected: 0 to "
                    + Math.min(maxLength, Math.max(0, room)) + " bytes)");
        }
    }
}
