package io.millrace.ops.format;

import io.millrace.event.Enumeration;
import io.millrace.event.Field;
import io.millrace.event.MutableEvent;
import io.millrace.event.NearestNames;

/** The name of an enum's value. */
final class EnumCell extends FieldCell {
    private final Enumeration enumeration;

    EnumCell(Field field, Enumeration enumeration, String column, int cell) {
        super(field, column, cell);
        this.enumeration = enumeration;
    }

    @Override
    void writeValue(Row row, MutableEvent event) throws BadRowException {
        Long code = enumeration.code(row.text(cell));
        if (code == null) {
            throw bad(row, "is unknown (expected: " + NearestNames.orAll(row.text(cell), enumeration.names()) + ')');
        }
        field.putLong(event, code);
    }

    @Override
    String expected() {
        return String.join(", ", enumeration.names());
    }
}
