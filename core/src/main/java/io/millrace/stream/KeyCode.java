package io.millrace.stream;

import io.millrace.event.Event;
import io.millrace.event.Field;
import io.millrace.event.FieldType;
import io.millrace.event.PackedText;
import io.millrace.expression.LongExpression;
import io.millrace.state.LongHash;
import java.util.List;

/**
 * The long that stands for one or several values of an event, by which it is partitioned.
 *
 * <pre>
 *   one integer, char, enum        its value
 *   one text                       {@link PackedText#code}: readable up to 8 bytes, else a hash
 *   texts of 8 bytes in all,       the same of the texts joined by -, so ATL-JFK
 *     with a - between each two
 *   anything else                  a hash of 64 bits over the values
 * </pre>
 */
final class KeyCode {
    private static final byte SEPARATOR = '-';

    private final Field[] fields;
    private final LongExpression code;

    private KeyCode(Field[] fields, LongExpression code) {
        this.fields = fields;
        this.code = code;
    }

    static KeyCode of(List<? extends Field> keys) {
        Field[] fields = keys.toArray(new Field[0]);
        if (fields.length == 0) {
            throw new IllegalArgumentException("cannot key stream: fields=0 (expected: at least 1); name a field");
        }
        for (Field field : fields) {
            if (field.type().isFloating()) {
                throw new IllegalArgumentException("cannot key stream: field=" + field + ", type="
                        + field.type().sbeName() + " (expected: an integer, a char, an enum or text); two doubles are"
                        + " hardly ever the same");
            }
        }
        if (fields.length == 1) {
            Field field = fields[0];
            return new KeyCode(fields, field::getLong);
        }
        return new KeyCode(fields, isJoinable(fields) ? event -> joined(fields, event) : event -> hash(fields, event));
    }

    static KeyCode of(LongExpression expression) {
        return new KeyCode(new Field[0], expression);
    }

    private static boolean isJoinable(Field[] fields) {
        int length = fields.length - 1;
        for (Field field : fields) {
            length += field.type() == FieldType.TEXT && !field.isConstant() ? field.length() : PackedText.MAX_LENGTH;
        }
        return length <= PackedText.MAX_LENGTH;
    }

    private static long joined(Field[] fields, Event event) {
        long joined = 0;
        int at = 0;
        for (Field field : fields) {
            if (at > 0) {
                joined |= (long) SEPARATOR << (56 - 8 * at++);
            }
            joined |= field.getLong(event) >>> (8 * at);
            at += field.textLength(event);
        }
        return joined;
    }

    private static long hash(Field[] fields, Event event) {
        long hash = fields.length;
        for (Field field : fields) {
            hash = LongHash.mix(hash, field.getLong(event));
        }
        return hash;
    }

    /** {@return whether a value is missing, so that there is no key} */
    boolean isNull(Event event) {
        for (Field field : fields) {
            if (field.isNull(event)) {
                return true;
            }
        }
        return fields.length == 0 && code.evaluate(event) == LongExpression.NULL;
    }

    /** {@return the key of an event that has one} */
    long of(Event event) {
        return code.evaluate(event);
    }
}
