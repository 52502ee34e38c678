package io.millrace.expression;

import java.util.List;
import java.util.Random;

/** Writes random expressions over {@link Orders}, as text. */
final class ExpressionGenerator {
    private static final List<String> COMPARISONS = List.of("==", "!=", "<", "<=", ">", ">=");

    private final Random random;

    ExpressionGenerator(Random random) {
        this.random = random;
    }

    String condition(int depth) {
        if (depth == 0 || random.nextInt(4) == 0) {
            return test();
        }
        return switch (random.nextInt(4)) {
            case 0 -> "not " + "(" + condition(depth - 1) + ")";
            case 1 -> "(" + condition(depth - 1) + ") and " + condition(depth - 1);
            case 2 -> condition(depth - 1) + " or " + condition(depth - 1);
            default -> "not " + test();
        };
    }

    private String test() {
        String not = random.nextBoolean() ? "not " : "";
        return switch (random.nextInt(11)) {
            case 0 -> pick("code", "place", "note") + pick(" == ", " != ") + text();
            case 1 -> pick("code", "place", "note") + ' ' + not + "in (" + text() + ", " + text() + ")";
            case 2 -> pick("code", "place", "note") + ' ' + not + "startsWith '" + pick("J", "JF", "", "L") + "'";
            case 3 -> pick("delay", "amount", "price", "place", "note", "big", "later", "key") + " is " + not + "null";
            case 4 -> integer(1) + ' ' + not + "in (" + literal() + ", 1, " + literal() + ")";
            case 5 -> integer(1) + ' ' + not + "between " + integer(0) + " and " + integer(1);
            case 6 -> "side " + pick("==", "!=") + " '" + pick("BUY", "SELL") + "'";
            case 7 -> "grade " + pick("==", "<", ">=") + " 'B'";
            case 8 ->
                pick("big " + comparison() + " 1", "big " + comparison() + " 18446744073709551614", "big in (0, 1)");
            case 9 -> decimal(2) + ' ' + comparison() + ' ' + (random.nextBoolean() ? integer(1) : decimal(1));
            default -> integer(2) + ' ' + comparison() + ' ' + integer(2);
        };
    }

    private String comparison() {
        return COMPARISONS.get(random.nextInt(COMPARISONS.size()));
    }

    String integer(int depth) {
        if (depth == 0 || random.nextInt(3) == 0) {
            return random.nextInt(3) == 0
                    ? literal()
                    : pick("delay", "amount", "count", "later", "one", "key", "timestampNs", "side");
        }
        String left = integer(depth - 1);
        String right = integer(depth - 1);
        return switch (random.nextInt(7)) {
            case 0 ->
                pick("abs", "second", "minute", "hour", "dayOfWeek", "dayOfMonth", "month", "year") + "(" + left + ")";
            case 1 -> pick("min", "max", "floor", "coalesce") + "(" + left + ", " + right + ")";
            case 2 -> "if(" + test() + ", " + left + ", " + right + ")";
            case 3 -> "length(" + pick("code", "place", "note") + ")";
            case 4 -> "-(" + left + ")";
            default -> "(" + left + ' ' + pick("+", "-", "*", "/", "%") + ' ' + right + ")";
        };
    }

    String decimal(int depth) {
        if (depth == 0 || random.nextInt(3) == 0) {
            return pick("price", "2.5", "0.1", "price");
        }
        String left = decimal(depth - 1);
        String right = random.nextBoolean() ? integer(depth - 1) : decimal(depth - 1);
        return switch (random.nextInt(4)) {
            case 0 -> pick("min", "max", "coalesce") + "(" + left + ", " + right + ")";
            case 1 -> "if(" + test() + ", " + left + ", " + right + ")";
            default -> "(" + left + ' ' + pick("+", "-", "*", "/", "%") + ' ' + right + ")";
        };
    }

    private String literal() {
        return Long.toString(Orders.LONGS[random.nextInt(Orders.LONGS.length)]);
    }

    private String text() {
        return '\'' + Orders.TEXTS[random.nextInt(Orders.TEXTS.length)].replace('ä', 'a') + '\'';
    }

    private String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
