package io.millrace.event;

import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** A fixed array of char. The text ends at the first zero byte or at the end; an empty optional text is null. */
final class TextField extends Field {
    TextField(FieldSpec spec) {
        super(spec);
    }

    @Override
    public int textOffset(Event event) {
        int at = locate(event);
        return at == ABSENT || (optional && event.buffer().getByte(at) == 0) ? ABSENT : at;
    }

    @Override
    public int textLength(Event event) {
        int at = textOffset(event);
        return at == ABSENT ? ABSENT : lengthAt(event.buffer(), at);
    }

    private int lengthAt(DirectBuffer record, int at) {
        int textLength = 0;
        while (textLength < length() && record.getByte(at + textLength) != 0) {
            textLength++;
        }
        return textLength;
    }

    @Override
    public boolean isNull(Event event) {
        return textOffset(event) == ABSENT;
    }

    @Override
    public long getLong(Event event) {
        int at = textOffset(event);
        if (at == ABSENT) {
            return nullValue();
        }
        return PackedText.code(event.buffer(), at, lengthAt(event.buffer(), at));
    }

    @Override
    public long nullValue() {
        return 0;
    }

    @Override
    public double getDouble(Event event) {
        throw unsupported("has no number");
    }

    @Override
    public @Nullable String text(Event event) {
        int at = textOffset(event);
        if (at == ABSENT) {
            return null;
        }
        byte[] bytes = new byte[lengthAt(event.buffer(), at)];
        event.buffer().getBytes(at, bytes);
        return new String(bytes, spec().charset());
    }

    @Override
    public void putText(MutableEvent event, String text) {
        byte[] bytes = text.getBytes(charset());
        putText(event, new UnsafeBuffer(bytes), 0, bytes.length);
    }

    @Override
    public void putText(MutableEvent event, DirectBuffer source, int offset, int textLength) {
        if (textLength > length()) {
            throw new IllegalArgumentException("cannot put field: " + name() + ".length=" + textLength
                    + " (expected: 0 to " + length() + " bytes)");
        }
        UnsafeBuffer record = event.buffer();
        int at = place(event);
        record.putBytes(at, source, offset, textLength);
        record.setMemory(at + textLength, length() - textLength, (byte) 0);
    }

    @Override
    public void putLong(MutableEvent event, long value) {
        if (length() > PackedText.MAX_LENGTH) {
            throw unsupported("is too long for packed text");
        }
        putText(event, new String(PackedText.bytes(value), StandardCharsets.ISO_8859_1));
    }

    @Override
    public void putDouble(MutableEvent event, double value) {
        throw unsupported("takes no number");
    }

    @Override
    public void putNull(MutableEvent event) {
        if (!optional) {
            throw unsupported("is required and takes no null");
        }
        event.buffer().setMemory(place(event), length(), (byte) 0);
    }
}
