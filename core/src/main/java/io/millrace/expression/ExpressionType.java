package io.millrace.expression;

import io.millrace.event.FieldType;
import java.util.Locale;

/** What an expression gives. */
public enum ExpressionType {
    BOOLEAN,
    /** Integers, and the codes of chars, enums and sets; -2^63 stands for null. */
    LONG,
    /** Fields of type uint64, as the same bits; can be compared only. 2^64 - 1 stands for null. */
    UNSIGNED,
    /** NaN stands for null. */
    DOUBLE,
    TEXT;

    static ExpressionType of(FieldType type) {
        if (type.isFloating()) {
            return DOUBLE;
        }
        if (type == FieldType.TEXT) {
            return TEXT;
        }
        return type == FieldType.UINT64 ? UNSIGNED : LONG;
    }

    boolean isNumber() {
        return this == LONG || this == DOUBLE;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
