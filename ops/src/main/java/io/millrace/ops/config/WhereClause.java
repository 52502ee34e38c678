package io.millrace.ops.config;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A condition {@code FIELD OP INTEGER}, such as {@code delay >= 20}: the smallest part of the expression language that
 * is to replace it.
 *
 * @param field of the event type
 * @param operator one of {@link #OPERATORS}
 * @param value on the right
 */
public record WhereClause(String field, String operator, long value) {
    /** What may stand between field and value. */
    public static final List<String> OPERATORS = List.of("==", "!=", "<", "<=", ">", ">=");

    private static final Pattern PARTS = Pattern.compile("\\s*(\\S+?)\\s*([=!<>]+)\\s*(\\S+)\\s*");
    private static final String FORM = "Allowed: FIELD OP INTEGER with OP one of " + String.join(" ", OPERATORS) + '.';

    /** Is told what is wrong and at which character. */
    interface Problems {
        void add(int offset, String text);
    }

    static @Nullable WhereClause parse(String text, Problems problems) {
        Matcher parts = PARTS.matcher(text);
        if (!parts.matches()) {
            problems.add(0, (text.isBlank() ? "''" : text) + " is not a condition. " + FORM);
            return null;
        }
        if (!OPERATORS.contains(parts.group(2))) {
            problems.add(parts.start(2), parts.group(2) + " is not an operator. " + FORM);
            return null;
        }
        Object value =
                ConfigType.integer(Long.MIN_VALUE, Long.MAX_VALUE).parse().apply(parts.group(3));
        if (value == null) {
            problems.add(parts.start(3), parts.group(3) + " is not an integer. " + FORM);
            return null;
        }
        return new WhereClause(parts.group(1), parts.group(2), (Long) value);
    }

    /** {@return whether the condition holds for the value of its field} */
    public boolean test(long fieldValue) {
        return switch (operator) {
            case "==" -> fieldValue == value;
            case "!=" -> fieldValue != value;
            case "<" -> fieldValue < value;
            case "<=" -> fieldValue <= value;
            case ">" -> fieldValue > value;
            default -> fieldValue >= value;
        };
    }

    @Override
    public String toString() {
        return field + ' ' + operator + ' ' + value;
    }
}
