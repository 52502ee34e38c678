package io.millrace.ops.format;

import io.millrace.event.MutableEvent;
import io.millrace.event.VarField;
import java.nio.charset.Charset;
import java.util.Base64;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** The cell of a field of varying length: text, or bytes in base64. A null is empty. */
final class VarCell extends CellWriter {
    private final VarField field;

    VarCell(VarField field, String column, int cell) {
        super(column, cell);
        this.field = field;
    }

    @Override
    void write(Row row, MutableEvent event) throws BadRowException {
        byte[] bytes = row.isNull(cell) ? new byte[0] : bytes(row);
        long room = Math.min(field.maxLength(), event.buffer().capacity() - event.recordLength());
        if (bytes.length > room) {
            throw bad(row, "is too long: " + bytes.length + " bytes (expected: up to " + room + ')');
        }
        field.put(event, new UnsafeBuffer(bytes), 0, bytes.length);
    }

    private byte[] bytes(Row row) throws BadRowException {
        String text = row.text(cell);
        Charset charset = field.charset();
        return charset == null ? fromBase64(row, text) : encode(row, text, charset);
    }

    private byte[] encode(Row row, String text, Charset charset) throws BadRowException {
        if (!charset.newEncoder().canEncode(text)) {
            throw bad(row, "has a character that " + charset + " text does not hold (expected: " + charset + ')');
        }
        return text.getBytes(charset);
    }

    private byte[] fromBase64(Row row, String text) throws BadRowException {
        byte @Nullable [] decoded = decode(text);
        if (decoded == null) {
            throw bad(row, "is not base64 (expected: bytes in base64)");
        }
        return decoded;
    }

    private static byte @Nullable [] decode(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
