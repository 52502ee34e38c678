package io.millrace.expression;

import static io.millrace.expression.LongExpression.NULL;

import io.millrace.event.Event;
import io.millrace.event.Field;

/**
 * What compiled expressions call: arithmetic in which null, overflow and division by zero give null. Times are
 * nanoseconds since the epoch, UTC.
 */
final class Numbers {
    /** Stands for null in a uint64. */
    static final long UNSIGNED_NULL = -1L;

    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final long NS_PER_DAY = 86_400 * NS_PER_SECOND;

    private Numbers() {}

    static long read(Field field, Event event) {
        long value = field.getLong(event);
        return value == field.nullValue() && field.isNull(event) ? NULL : value;
    }

    static long readUnsigned(Field field, Event event) {
        long value = field.getLong(event);
        return value == field.nullValue() && field.isNull(event) ? UNSIGNED_NULL : value;
    }

    static double widen(long value) {
        return value == NULL ? Double.NaN : value;
    }

    static long add(long left, long right) {
        long result = left + right;
        boolean isOverflow = ((left ^ result) & (right ^ result)) < 0;
        return left == NULL || right == NULL || isOverflow ? NULL : result;
    }

    static long subtract(long left, long right) {
        long result = left - right;
        boolean isOverflow = ((left ^ right) & (left ^ result)) < 0;
        return left == NULL || right == NULL || isOverflow ? NULL : result;
    }

    static long multiply(long left, long right) {
        long result = left * right;
        boolean isOverflow = Math.multiplyHigh(left, right) != result >> 63;
        return left == NULL || right == NULL || isOverflow ? NULL : result;
    }

    static long divide(long left, long right) {
        return left == NULL || right == NULL || right == 0 ? NULL : left / right;
    }

    static long remainder(long left, long right) {
        return left == NULL || right == NULL || right == 0 ? NULL : left % right;
    }

    static long abs(long value) {
        return Math.abs(value);
    }

    static double abs(double value) {
        return Math.abs(value);
    }

    static long min(long left, long right) {
        return Math.min(left, right);
    }

    static double min(double left, double right) {
        return Math.min(left, right);
    }

    static long max(long left, long right) {
        return left == NULL || right == NULL ? NULL : Math.max(left, right);
    }

    static double max(double left, double right) {
        return Math.max(left, right);
    }

    static long coalesce(long value, long other) {
        return value == NULL ? other : value;
    }

    static double coalesce(double value, double other) {
        return Double.isNaN(value) ? other : value;
    }

    static long floor(long value, long unit) {
        return value == NULL || unit == NULL || unit <= 0 ? NULL : subtract(value, Math.floorMod(value, unit));
    }

    static long second(long timeNs) {
        return timeNs == NULL ? NULL : Math.floorMod(Math.floorDiv(timeNs, NS_PER_SECOND), 60);
    }

    static long minute(long timeNs) {
        return timeNs == NULL ? NULL : Math.floorMod(Math.floorDiv(timeNs, 60 * NS_PER_SECOND), 60);
    }

    static long hour(long timeNs) {
        return timeNs == NULL ? NULL : Math.floorMod(Math.floorDiv(timeNs, 3600 * NS_PER_SECOND), 24);
    }

    /** The epoch was a Thursday. */
    static long dayOfWeek(long timeNs) {
        return timeNs == NULL ? NULL : Math.floorMod(Math.floorDiv(timeNs, NS_PER_DAY) + 3, 7) + 1;
    }

    static long dayOfMonth(long timeNs) {
        return timeNs == NULL ? NULL : civil(timeNs) & 0xFF;
    }

    static long month(long timeNs) {
        return timeNs == NULL ? NULL : civil(timeNs) >> 8 & 0xFF;
    }

    static long year(long timeNs) {
        return timeNs == NULL ? NULL : civil(timeNs) >> 16;
    }

    /**
     * {@return year, month and day of month, from the top} The year begins in March, so that the leap day is its last;
     * Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
     */
    private static long civil(long timeNs) {
        long days = Math.floorDiv(timeNs, NS_PER_DAY) + 719_468;
        long era = Math.floorDiv(days, 146_097);
        long dayOfEra = days - era * 146_097;
        long yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        long dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        long monthFromMarch = (5 * dayOfYear + 2) / 153;
        long day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1;
        long month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
        long year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
        return year << 16 | month << 8 | day;
    }
}
