package io.millrace.pattern;

/**
 * A condition of a pattern: a measure that is compared with a limit.
 *
 * @param measure that is compared
 * @param min the least value at which the condition holds, of a count or distinct
 * @param operator as it was written, for messages
 * @param limit as it was written, for messages
 */
public record Threshold(Measure measure, long min, String operator, long limit) {
    /** {@return whether it holds for a sum, min or max} */
    boolean holds(long value) {
        return switch (operator) {
            case "gt" -> value > limit;
            case "ge" -> value >= limit;
            case "lt" -> value < limit;
            default -> value <= limit;
        };
    }

    /** {@return whether it holds for an average} */
    boolean holds(double value) {
        return switch (operator) {
            case "gt" -> value > limit;
            case "ge" -> value >= limit;
            case "lt" -> value < limit;
            default -> value <= limit;
        };
    }

    /** {@return what the measure is compared with, as {@code > 5}} */
    String wanted() {
        String comparison = switch (operator) {
            case "gt" -> "> ";
            case "ge" -> ">= ";
            case "lt" -> "< ";
            default -> "<= ";
        };
        return comparison + limit;
    }

    @Override
    public String toString() {
        return measure + "." + operator + '(' + limit + ')';
    }
}
