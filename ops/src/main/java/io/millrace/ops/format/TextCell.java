package io.millrace.ops.format;

import io.millrace.event.Field;
import io.millrace.event.MutableEvent;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Text in a fixed number of bytes. */
final class TextCell extends FieldCell {
    private static final Set<Charset> ASCII_SUPERSETS =
            Set.of(StandardCharsets.US_ASCII, StandardCharsets.UTF_8, StandardCharsets.ISO_8859_1);

    private final boolean isAsciiSuperset;

    TextCell(Field field, String column, int cell) {
        super(field, column, cell);
        this.isAsciiSuperset = ASCII_SUPERSETS.contains(field.charset());
    }

    @Override
    void writeValue(Row row, MutableEvent event) throws BadRowException {
        if (isAsciiSuperset && row.isPrintableAscii(cell) && row.length(cell) <= field.length()) {
            field.putText(event, row.buffer(), row.offset(cell), row.length(cell));
        } else {
            writeEncoded(row, event);
        }
    }

    private void writeEncoded(Row row, MutableEvent event) throws BadRowException {
        String text = row.text(cell);
        Charset charset = field.charset();
        if (text.indexOf('\0') >= 0 || !charset.newEncoder().canEncode(text)) {
            throw bad(row, "has a character that " + charset + " text does not hold (expected: " + expected() + ')');
        }
        int length = text.getBytes(charset).length;
        if (length > field.length()) {
            throw bad(row, "is too long: " + length + " bytes (expected: " + expected() + ')');
        }
        field.putText(event, text);
    }

    @Override
    String expected() {
        return "up to " + field.length() + " bytes of " + field.charset();
    }
}
