package io.millrace.ops.config;

import io.millrace.event.EventType;
import io.millrace.expression.Expression;
import io.millrace.expression.ExpressionException;
import io.millrace.stream.WindowedStream;
import io.millrace.window.Aggregate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An aggregate as it is written: {@code count}, {@code avg(delay)}, {@code quantile(delay, 0.9)}, {@code
 * quantile(delay, 0.9, -60, 1800)}, {@code distinct(route, 1000)}.
 *
 * @param text as written
 * @param expression within the brackets, empty if there is none
 * @param expressionOffset where it begins in the text
 * @param numbers behind it
 */
record AggregateText(String text, String function, String expression, int expressionOffset, List<Double> numbers) {
    private static final Pattern CALL = Pattern.compile("\\s*([A-Za-z]+)\\s*(?:\\((.*)\\))?\\s*");
    private static final Pattern NUMBER = Pattern.compile("\\s*-?[0-9]+(\\.[0-9]+)?\\s*");
    private static final Map<String, Function<String, Aggregate>> SIMPLE = Map.of(
            "count", Aggregate::count,
            "sum", Aggregate::sum,
            "min", Aggregate::min,
            "max", Aggregate::max,
            "avg", Aggregate::avg,
            "first", Aggregate::first,
            "last", Aggregate::last,
            "stddev", Aggregate::stddev,
            "distinct", Aggregate::distinct);
    private static final List<String> NAMES =
            List.of("count", "sum", "min", "max", "avg", "first", "last", "stddev", "distinct", "quantile");

    /**
     * {@return the aggregate that a text says}
     *
     * @throws ExpressionException with the place of what is wrong
     */
    static AggregateText parse(String text) {
        Matcher call = CALL.matcher(text);
        if (text.indexOf('(') >= 0 && text.indexOf(')') < 0) {
            throw new ExpressionException(
                    text,
                    text.length(),
                    "ends within its brackets, as a comma within {...} ends a value in YAML. Allowed: in quotes, or on"
                            + " a line of its own.");
        }
        if (!call.matches()) {
            throw new ExpressionException(text, 0, "is no aggregate. Allowed: count, or function(expression).");
        }
        String function = call.group(1);
        if (!NAMES.contains(function)) {
            throw new ExpressionException(
                    text, call.start(1), function + " is no aggregate. " + ConfigHint.of(function, NAMES));
        }
        String inner = call.group(2);
        List<Double> numbers = new ArrayList<>();
        String expression = inner == null ? "" : cutNumbers(function, inner, numbers);
        if (expression.isBlank() && !function.equals("count")) {
            throw new ExpressionException(
                    text, call.end(1), function + " has no expression. Allowed: such as " + function + "(delay).");
        }
        AggregateText aggregate = new AggregateText(
                text.strip(), function, expression.strip(), Math.max(0, call.start(2)) + leading(expression), numbers);
        aggregate.checkNumbers(text);
        return aggregate;
    }

    private static int leading(String expression) {
        return expression.length() - expression.stripLeading().length();
    }

    /** Takes the numbers off the end that stand behind commas of their own. */
    private static String cutNumbers(String function, String inner, List<Double> numbers) {
        String rest = inner;
        boolean takesNumbers = function.equals("quantile") || function.equals("distinct");
        int comma = rest.lastIndexOf(',');
        while (takesNumbers
                && comma >= 0
                && NUMBER.matcher(rest.substring(comma + 1)).matches()) {
            numbers.add(0, Double.valueOf(rest.substring(comma + 1).strip()));
            rest = rest.substring(0, comma);
            comma = rest.lastIndexOf(',');
        }
        return rest;
    }

    private void checkNumbers(String of) {
        int count = numbers.size();
        boolean isRight = function.equals("quantile")
                ? (count == 1 || count == 3) && numbers.get(0) >= 0 && numbers.get(0) <= 1
                : count <= 1;
        if (!isRight) {
            throw new ExpressionException(
                    of,
                    0,
                    function.equals("quantile")
                            ? "quantile takes a share. Allowed: quantile(delay, 0.9), or with the range of the values"
                                    + " quantile(delay, 0.9, -60, 1800)."
                            : "distinct takes one number. Allowed: distinct(x), or distinct(x, 1000).");
        }
    }

    /**
     * Checks the expression against the type.
     *
     * @throws ExpressionException with the place in the whole text
     */
    void check(EventType type) {
        if (expression.isEmpty()) {
            return;
        }
        try {
            Expression.parse(expression, type);
        } catch (ExpressionException e) {
            throw new ExpressionException(text, expressionOffset + e.offset(), e.problem());
        }
    }

    /** Adds it to a window under the name of a field. */
    void addTo(WindowedStream windowed, String field) {
        Aggregate aggregate = aggregate(field);
        if (expression.isEmpty()) {
            windowed.aggregate(aggregate);
        } else {
            windowed.aggregate(aggregate, expression);
        }
    }

    private Aggregate aggregate(String field) {
        if (function.equals("quantile")) {
            Aggregate quantile = Aggregate.quantile(field, numbers.get(0));
            return numbers.size() == 3 ? quantile.between(numbers.get(1), numbers.get(2)) : quantile;
        }
        Function<String, Aggregate> maker = SIMPLE.getOrDefault(function, Aggregate::count);
        Aggregate aggregate = maker.apply(field);
        return numbers.isEmpty()
                ? aggregate
                : aggregate.exactUpTo(numbers.get(0).intValue());
    }

    @Override
    public String toString() {
        return text;
    }
}
