package io.millrace.ops.format;

import io.millrace.event.Field;
import io.millrace.event.MutableEvent;

/** A single character of ASCII. */
final class CharCell extends FieldCell {
    CharCell(Field field, String column, int cell) {
        super(field, column, cell);
    }

    @Override
    void writeValue(Row row, MutableEvent event) throws BadRowException {
        if (row.length(cell) != 1 || row.byteAt(cell, 0) <= 0) {
            throw bad(row, "is not a character (expected: " + expected() + ')');
        }
        field.putLong(event, row.byteAt(cell, 0));
    }

    @Override
    String expected() {
        return "one character of ASCII";
    }
}
