package io.millrace.expression;

import io.millrace.event.Event;
import io.millrace.event.Field;
import io.millrace.event.VarField;
import org.agrona.DirectBuffer;

/** What compiled expressions call for text. Tests give 1 for true, 0 for false, -1 if a text is null. */
final class Texts {
    private static final int UNKNOWN = -1;

    private Texts() {}

    static int isIn(Field field, Event event, TextSet values) {
        int length = field.textLength(event);
        return length < 0 ? UNKNOWN : truth(values.contains(event.buffer(), field.textOffset(event), length));
    }

    static int isIn(VarField field, Event event, TextSet values) {
        int length = field.length(event);
        return length < 0 ? UNKNOWN : truth(values.contains(event.buffer(), field.offset(event), length));
    }

    static int isEqual(Field field, Event event, byte[] value) {
        int length = field.textLength(event);
        return length < 0
                ? UNKNOWN
                : truth(length == value.length && startsWith(event.buffer(), field.textOffset(event), value));
    }

    static int isEqual(VarField field, Event event, byte[] value) {
        int length = field.length(event);
        return length < 0
                ? UNKNOWN
                : truth(length == value.length && startsWith(event.buffer(), field.offset(event), value));
    }

    static int startsWith(Field field, Event event, byte[] prefix) {
        int length = field.textLength(event);
        return length < 0
                ? UNKNOWN
                : truth(length >= prefix.length && startsWith(event.buffer(), field.textOffset(event), prefix));
    }

    static int startsWith(VarField field, Event event, byte[] prefix) {
        int length = field.length(event);
        return length < 0
                ? UNKNOWN
                : truth(length >= prefix.length && startsWith(event.buffer(), field.offset(event), prefix));
    }

    static int contains(Field field, Event event, byte[] value) {
        int length = field.textLength(event);
        return length < 0 ? UNKNOWN : truth(contains(event.buffer(), field.textOffset(event), length, value));
    }

    static int contains(VarField field, Event event, byte[] value) {
        int length = field.length(event);
        return length < 0 ? UNKNOWN : truth(contains(event.buffer(), field.offset(event), length, value));
    }

    static int isEqual(Field left, Field right, Event event) {
        int leftLength = left.textLength(event);
        int rightLength = right.textLength(event);
        if (leftLength < 0 || rightLength < 0) {
            return UNKNOWN;
        }
        return truth(leftLength == rightLength
                && isEqual(event.buffer(), left.textOffset(event), right.textOffset(event), leftLength));
    }

    static boolean isNull(VarField field, Event event) {
        return field.length(event) < 0;
    }

    static long length(Field field, Event event) {
        int length = field.textLength(event);
        return length < 0 ? LongExpression.NULL : length;
    }

    static long length(VarField field, Event event) {
        int length = field.length(event);
        return length < 0 ? LongExpression.NULL : length;
    }

    private static boolean contains(DirectBuffer buffer, int offset, int length, byte[] value) {
        for (int i = 0; i <= length - value.length; i++) {
            if (startsWith(buffer, offset + i, value)) {
                return true;
            }
        }
        return false;
    }

    private static boolean startsWith(DirectBuffer buffer, int offset, byte[] prefix) {
        for (int i = 0; i < prefix.length; i++) {
            if (buffer.getByte(offset + i) != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean isEqual(DirectBuffer buffer, int left, int right, int length) {
        for (int i = 0; i < length; i++) {
            if (buffer.getByte(left + i) != buffer.getByte(right + i)) {
                return false;
            }
        }
        return true;
    }

    private static int truth(boolean holds) {
        return holds ? 1 : 0;
    }
}
