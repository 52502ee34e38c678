package io.millrace.stream;

import io.millrace.window.WindowSpec;
import java.util.concurrent.TimeUnit;

/**
 * How events of two streams find each other: by key, and by a time of the right one that lies in
 *
 * <pre>
 *   [left - before, left + after]          both ends included
 *
 *   Join.after(10, MINUTES)                the right event comes 0 to 10 minutes after the left one
 *   Join.within(1, HOURS)                  up to an hour before or after it
 * </pre>
 *
 * <p><b>Threading</b>: immutable.
 */
public final class Join {
    public static final int MAX_ROWS_DEFAULT = 1 << 16;
    public static final int BUDGET_DEFAULT = 64;

    private final long beforeNs;
    private final long afterNs;
    private final String leftName;
    private final String rightName;
    private final int maxRows;

    private Join(long beforeNs, long afterNs, String leftName, String rightName, int maxRows) {
        this.beforeNs = requireRange("beforeNs", beforeNs, 0, WindowSpec.MAX_DURATION_NS);
        this.afterNs = requireRange("afterNs", afterNs, 0, WindowSpec.MAX_DURATION_NS);
        this.leftName = leftName;
        this.rightName = rightName;
        this.maxRows = (int) requireRange("maxRows", maxRows, 1, 1 << 26);
    }

    private static long requireRange(String setting, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException("cannot build join: " + setting + '=' + value + " (expected: " + min
                    + " to " + max + "); set it in that range");
        }
        return value;
    }

    /** {@return one with a right event at the time of the left one or up to a duration after it} */
    public static Join after(long duration, TimeUnit unit) {
        return new Join(0, unit.toNanos(duration), "left", "right", MAX_ROWS_DEFAULT);
    }

    /** {@return one with a right event up to a duration before or after the left one} */
    public static Join within(long duration, TimeUnit unit) {
        return new Join(unit.toNanos(duration), unit.toNanos(duration), "left", "right", MAX_ROWS_DEFAULT);
    }

    /** {@return one that takes right events up to a duration before the left one too} */
    public Join before(long duration, TimeUnit unit) {
        return new Join(unit.toNanos(duration), afterNs, leftName, rightName, maxRows);
    }

    /** {@return one whose rows name the fields of the two {@code left.x} and {@code right.y}, with these words} */
    public Join as(String left, String right) {
        if (left.equals(right)) {
            throw new IllegalArgumentException("cannot build join: names left=" + left + ", right=" + right
                    + " (expected: two different ones); rename one of them");
        }
        return new Join(beforeNs, afterNs, left, right, maxRows);
    }

    /** {@return one that remembers up to so many events of each side; further ones are counted, and found by none} */
    public Join maxRows(int value) {
        return new Join(beforeNs, afterNs, leftName, rightName, value);
    }

    long beforeNs() {
        return beforeNs;
    }

    long afterNs() {
        return afterNs;
    }

    String leftName() {
        return leftName;
    }

    String rightName() {
        return rightName;
    }

    int maxRows() {
        return maxRows;
    }
}
