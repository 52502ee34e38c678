package io.millrace.ops.format;

import io.millrace.event.Field;
import io.millrace.event.MutableEvent;

/** The cell of a fixed field: nulls are the same for all types. */
abstract class FieldCell extends CellWriter {
    final Field field;

    FieldCell(Field field, String column, int cell) {
        super(column, cell);
        this.field = field;
    }

    /** {@return what writes values of the field's type} */
    static FieldCell of(Field field, String column, int cell) {
        if (field.enumeration() != null) {
            return new EnumCell(field, field.enumeration(), column, cell);
        }
        return switch (field.type()) {
            case TEXT -> new TextCell(field, column, cell);
            case CHAR -> new CharCell(field, column, cell);
            case FLOAT, DOUBLE -> new FloatingCell(field, column, cell);
            default -> new IntegralCell(field, column, cell);
        };
    }

    @Override
    final void write(Row row, MutableEvent event) throws BadRowException {
        if (!row.isNull(cell)) {
            writeValue(row, event);
        } else if (field.isOptional()) {
            field.putNull(event);
        } else {
            throw new BadRowException(column, "value is missing (expected: " + expected() + ')');
        }
    }

    abstract void writeValue(Row row, MutableEvent event) throws BadRowException;

    /** {@return the values that are allowed, for messages} */
    abstract String expected();
}
