package io.millrace.ops.format;

import io.millrace.event.Field;
import io.millrace.event.FieldType;
import io.millrace.event.MutableEvent;
import java.util.regex.Pattern;

/** A float or double in decimal notation, also with an exponent. Values are rounded to the nearest. */
final class FloatingCell extends FieldCell {
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

    FloatingCell(Field field, String column, int cell) {
        super(field, column, cell);
    }

    @Override
    void writeValue(Row row, MutableEvent event) throws BadRowException {
        String text = row.text(cell);
        if (!NUMBER.matcher(text).matches()) {
            throw bad(row, "is not a number (expected: " + expected() + ')');
        }
        double value = field.type() == FieldType.FLOAT ? Float.parseFloat(text) : Double.parseDouble(text);
        if (!(value >= field.minDouble() && value <= field.maxDouble())) {
            throw bad(row, "is out of range (expected: " + expected() + ')');
        }
        field.putDouble(event, value);
        if (field.isNull(event)) {
            throw bad(row, "stands for null (expected: another value, " + expected() + ')');
        }
    }

    @Override
    String expected() {
        return field.type() == FieldType.FLOAT
                ? (float) field.minDouble() + " to " + (float) field.maxDouble()
                : field.minDouble() + " to " + field.maxDouble();
    }
}
