package io.millrace.ops.format;

import io.millrace.event.Field;
import io.millrace.event.FieldType;
import io.millrace.event.MutableEvent;

/** An integer or a set's bits in decimal digits. */
final class IntegralCell extends FieldCell {
    private final boolean isUnsigned64;

    IntegralCell(Field field, String column, int cell) {
        super(field, column, cell);
        this.isUnsigned64 = field.type() == FieldType.UINT64;
    }

    @Override
    void writeValue(Row row, MutableEvent event) throws BadRowException {
        if (!Decimals.isInteger(row, cell)) {
            throw bad(row, "is not an integer (expected: " + expected() + ')');
        }
        if (!Decimals.fits(row, cell, isUnsigned64)) {
            throw bad(row, "is out of range (expected: " + expected() + ')');
        }
        long value = Decimals.parse(row, cell);
        if (isOutOfRange(value)) {
            throw bad(row, "is out of range (expected: " + expected() + ')');
        }
        if (field.isOptional() && value == field.nullValue()) {
            throw bad(row, "stands for null (expected: another value, " + expected() + ')');
        }
        field.putLong(event, value);
    }

    private boolean isOutOfRange(long value) {
        long flip = isUnsigned64 ? Long.MIN_VALUE : 0;
        return (value ^ flip) < (field.minValue() ^ flip) || (value ^ flip) > (field.maxValue() ^ flip);
    }

    @Override
    String expected() {
        return text(field.minValue()) + " to " + text(field.maxValue());
    }

    private String text(long value) {
        return isUnsigned64 ? Long.toUnsignedString(value) : Long.toString(value);
    }
}
