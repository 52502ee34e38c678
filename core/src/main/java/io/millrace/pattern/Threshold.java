package io.millrace.pattern;

/**
 * A condition of a pattern: a measure that must reach a minimum.
 *
 * @param measure that is compared
 * @param min the least value at which the condition holds
 * @param operator as it was written, for messages
 * @param limit as it was written, for messages
 */
public record Threshold(Measure measure, long min, String operator, long limit) {
    @Override
    public String toString() {
        return measure + "." + operator + '(' + limit + ')';
    }
}
