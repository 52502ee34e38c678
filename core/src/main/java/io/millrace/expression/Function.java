package io.millrace.expression;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The functions of numbers; {@link Numbers} has them as static methods of the same names. */
enum Function {
    ABS("abs", 1, true),
    MIN("min", 2, true),
    MAX("max", 2, true),
    COALESCE("coalesce", 2, true),
    /** The greatest multiple of the second that is not greater than the first: the hour of a time. */
    FLOOR("floor", 2, false),
    SECOND("second", 1, false),
    MINUTE("minute", 1, false),
    HOUR("hour", 1, false),
    /** Monday is 1, Sunday 7. */
    DAY_OF_WEEK("dayOfWeek", 1, false),
    DAY_OF_MONTH("dayOfMonth", 1, false),
    MONTH("month", 1, false),
    YEAR("year", 1, false);

    private final String text;
    private final int argumentCount;
    private final boolean isOfArguments;

    Function(String text, int argumentCount, boolean isOfArguments) {
        this.text = text;
        this.argumentCount = argumentCount;
        this.isOfArguments = isOfArguments;
    }

    static @Nullable Function named(String name) {
        return Arrays.stream(values())
                .filter(function -> function.text.equals(name))
                .findFirst()
                .orElse(null);
    }

    static List<String> names() {
        return Arrays.stream(values()).map(function -> function.text).toList();
    }

    String text() {
        return text;
    }

    int argumentCount() {
        return argumentCount;
    }

    /** {@return whether it takes longs or doubles and gives the same; else it takes and gives longs} */
    boolean isOfArguments() {
        return isOfArguments;
    }
}
