package io.millrace.event;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Makes conditions that compare a field with a constant and read as such: {@code delay >= 20}. An event of another type
 * and a null never satisfy one, {@code ne} included. Comparisons of uint64 are unsigned, its constants unsigned bits.
 *
 * <p><b>Allocation</b>: one object per condition, none per test.
 */
public final class Conditions {
    private final Field field;

    Conditions(Field field) {
        this.field = field;
    }

    public Condition eq(long value) {
        return field.type().isFloating() ? eq(exact(value)) : longs(" == ", value, value, value);
    }

    public Condition ne(long value) {
        return field.type().isFloating() ? ne(exact(value)) : negatedLongs(value);
    }

    public Condition lt(long value) {
        if (field.type().isFloating()) {
            return lt(exact(value));
        }
        return value == least() ? never(" < ", text(value)) : longs(" < ", value, least(), value - 1);
    }

    public Condition le(long value) {
        return field.type().isFloating() ? le(exact(value)) : longs(" <= ", value, least(), value);
    }

    public Condition gt(long value) {
        if (field.type().isFloating()) {
            return gt(exact(value));
        }
        return value == most() ? never(" > ", text(value)) : longs(" > ", value, value + 1, most());
    }

    public Condition ge(long value) {
        return field.type().isFloating() ? ge(exact(value)) : longs(" >= ", value, value, most());
    }

    public Condition eq(double value) {
        return doubles(" == ", value, value, value, false);
    }

    public Condition ne(double value) {
        return doubles(" != ", value, value, value, true);
    }

    public Condition lt(double value) {
        return value == Double.NEGATIVE_INFINITY
                ? doubles(" < ", value, Double.POSITIVE_INFINITY, value, false)
                : doubles(" < ", value, Double.NEGATIVE_INFINITY, Math.nextDown(value), false);
    }

    public Condition le(double value) {
        return doubles(" <= ", value, Double.NEGATIVE_INFINITY, value, false);
    }

    public Condition gt(double value) {
        return value == Double.POSITIVE_INFINITY
                ? doubles(" > ", value, value, Double.NEGATIVE_INFINITY, false)
                : doubles(" > ", value, Math.nextUp(value), Double.POSITIVE_INFINITY, false);
    }

    public Condition ge(double value) {
        return doubles(" >= ", value, value, Double.POSITIVE_INFINITY, false);
    }

    public Condition eq(String value) {
        return texts(" == ", value, false);
    }

    public Condition ne(String value) {
        return texts(" != ", value, true);
    }

    private long least() {
        return field.type() == FieldType.UINT64 ? 0 : Long.MIN_VALUE;
    }

    private long most() {
        return field.type() == FieldType.UINT64 ? -1L : Long.MAX_VALUE;
    }

    private String text(long value) {
        Enumeration names = field.enumeration();
        String name = names == null ? null : names.nameOf(value);
        if (name != null) {
            return name;
        }
        return field.type() == FieldType.UINT64 ? Long.toUnsignedString(value) : Long.toString(value);
    }

    private double exact(long value) {
        double converted = (double) value;
        if ((long) converted != value || value == Long.MAX_VALUE) {
            throw new IllegalArgumentException("cannot compare field: field=" + field + ", value=" + value
                    + " (expected: a long that a double holds exactly); use the variant for doubles");
        }
        return converted;
    }

    private Condition never(String operator, String value) {
        return new Never(field + operator + value);
    }

    private Condition longs(String operator, long value, long min, long max) {
        requireLongs();
        return new Longs(field, min, max, false, field + operator + text(value));
    }

    private Condition negatedLongs(long value) {
        requireLongs();
        return new Longs(field, value, value, true, field + " != " + text(value));
    }

    private void requireLongs() {
        if (field.type() == FieldType.TEXT) {
            throw field.unsupported("is compared with text only");
        }
    }

    private Condition doubles(String operator, double value, double min, double max, boolean isNegated) {
        if (!field.type().isFloating() || Double.isNaN(value)) {
            throw new IllegalArgumentException("cannot compare field: field=" + field + " of type "
                    + field.type().sbeName() + ", value=" + value + " (expected: a number, a long for integers)");
        }
        return new Doubles(field, min, max, isNegated, field + operator + value);
    }

    private Condition texts(String operator, String value, boolean isNegated) {
        if (field.type() != FieldType.TEXT || field.isConstant()) {
            throw field.unsupported("is not compared with text");
        }
        byte[] bytes = value.getBytes(field.spec().charset());
        return new Texts(field, new UnsafeBuffer(bytes), isNegated, field + operator + '"' + value + '"');
    }

    private static boolean isOther(Field field, Event event) {
        return field.typeId() >= 0 && field.typeId() != event.typeId();
    }

    /** A value in a closed range or outside. The sign bit is flipped for unsigned values. */
    private record Longs(Field field, long flip, long min, long max, boolean isNegated, String text)
            implements Condition {
        Longs(Field field, long min, long max, boolean isNegated, String text) {
            this(field, flip(field), min ^ flip(field), max ^ flip(field), isNegated, text);
        }

        private static long flip(Field field) {
            return field.type() == FieldType.UINT64 ? Long.MIN_VALUE : 0;
        }

        @Override
        public boolean test(Event event) {
            if (isOther(field, event)) {
                return false;
            }
            long value = field.getLong(event);
            long ordered = value ^ flip;
            return (ordered >= min && ordered <= max) != isNegated
                    && (value != field.nullValue() || !field.isNull(event));
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** A value in a closed range, which is empty if its ends are swapped, or outside. */
    private record Doubles(Field field, double min, double max, boolean isNegated, String text) implements Condition {
        @Override
        public boolean test(Event event) {
            if (isOther(field, event)) {
                return false;
            }
            double value = field.getDouble(event);
            return (value >= min && value <= max) != isNegated && !Double.isNaN(value);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private record Texts(Field field, DirectBuffer expected, boolean isNegated, String text) implements Condition {
        @Override
        public boolean test(Event event) {
            if (isOther(field, event)) {
                return false;
            }
            int length = field.textLength(event);
            return length >= 0 && isEqual(event, length) != isNegated;
        }

        private boolean isEqual(Event event, int length) {
            if (length != expected.capacity()) {
                return false;
            }
            int at = field.textOffset(event);
            for (int i = 0; i < length; i++) {
                if (event.buffer().getByte(at + i) != expected.getByte(i)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private record Never(String text) implements Condition {
        @Override
        public boolean test(Event event) {
            return false;
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
