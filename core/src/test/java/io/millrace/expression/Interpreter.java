package io.millrace.expression;

import io.millrace.event.Event;
import io.millrace.event.Field;
import io.millrace.event.FieldType;
import io.millrace.event.VarField;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates a tree as its meaning is told, with boxes for values and null for null: an oracle for what
 * {@link Compiler} makes.
 */
final class Interpreter {
    private static final BigInteger MIN = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);

    private final Event event;

    Interpreter(Event event) {
        this.event = event;
    }

    /** {@return true, false or, for neither, null} */
    @Nullable
    Boolean truth(Node node) {
        if (node instanceof Node.BooleanLiteral literal) {
            return literal.value();
        }
        if (node instanceof Node.Not not) {
            Boolean operand = truth(not.operand());
            return operand == null ? null : !operand;
        }
        if (node instanceof Node.And and) {
            return both(truth(and.left()), truth(and.right()), false);
        }
        if (node instanceof Node.Or or) {
            return both(truth(or.left()), truth(or.right()), true);
        }
        if (node instanceof Node.IsNull isNull) {
            return value(isNull.operand()) == null;
        }
        if (node instanceof Node.Comparison comparison) {
            return comparison(comparison);
        }
        return membership(node);
    }

    private @Nullable Boolean membership(Node node) {
        if (node instanceof Node.LongIn in) {
            Object value = value(in.operand());
            return value == null ? null : contains(in.values().values(), (Number) value);
        }
        if (node instanceof Node.TextIn in) {
            Object value = value(in.operand());
            return value == null ? null : in.values().contains((String) value);
        }
        Node.TextComparison comparison = (Node.TextComparison) node;
        String left = (String) value(comparison.left());
        String right = (String) value(comparison.right());
        if (left == null || right == null) {
            return null;
        }
        return comparison.isPrefix() ? left.startsWith(right) : left.equals(right);
    }

    private static boolean contains(long[] values, Number value) {
        for (long each : values) {
            if (each == value.longValue()) {
                return true;
            }
        }
        return false;
    }

    /** @param deciding the value that one side decides with alone */
    private static @Nullable Boolean both(@Nullable Boolean left, @Nullable Boolean right, boolean deciding) {
        if (Objects.equals(left, deciding) || Objects.equals(right, deciding)) {
            return deciding;
        }
        return left == null || right == null ? null : Boolean.valueOf(!deciding);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private @Nullable Boolean comparison(Node.Comparison comparison) {
        Comparable left = (Comparable) value(comparison.left());
        Comparable right = (Comparable) value(comparison.right());
        if (left == null || right == null) {
            return null;
        }
        int order = left instanceof Double d && right instanceof Double e
                ? (d < e ? -1 : d > e ? 1 : 0)
                : left.compareTo(right);
        return switch (comparison.operator()) {
            case EQ -> order == 0;
            case NE -> order != 0;
            case LT -> order < 0;
            case LE -> order <= 0;
            case GT -> order > 0;
            case GE -> order >= 0;
        };
    }

    /** {@return a Long, a Double, a BigInteger (uint64), a String, or null} */
    @Nullable
    Object value(Node node) {
        if (node instanceof Node.LongLiteral literal) {
            return literal.value();
        }
        if (node instanceof Node.UnsignedLiteral literal) {
            return unsigned(literal.bits());
        }
        if (node instanceof Node.DoubleLiteral literal) {
            return literal.value();
        }
        if (node instanceof Node.TextLiteral literal) {
            return literal.value();
        }
        if (node instanceof Node.FieldRead read) {
            return field(read.field());
        }
        if (node instanceof Node.VarRead read) {
            VarField field = read.field();
            return field.text(event);
        }
        return computed(node);
    }

    private @Nullable Object computed(Node node) {
        if (node instanceof Node.Widened widened) {
            Object value = value(widened.operand());
            return value == null ? null : ((Long) value).doubleValue();
        }
        if (node instanceof Node.TextLength length) {
            String text = (String) value(length.operand());
            return text == null ? null : (long) text.getBytes(StandardCharsets.UTF_8).length;
        }
        if (node instanceof Node.Choice choice) {
            return value(Boolean.TRUE.equals(truth(choice.condition())) ? choice.then() : choice.otherwise());
        }
        if (node instanceof Node.Call call) {
            List<Node> arguments = call.arguments();
            Object first = value(arguments.get(0));
            return call(call.function(), first, arguments.size() < 2 ? null : value(arguments.get(1)));
        }
        Node.Arithmetic arithmetic = (Node.Arithmetic) node;
        Object left = value(arithmetic.left());
        Object right = value(arithmetic.right());
        if (left == null || right == null) {
            return null;
        }
        if (left instanceof Double) {
            return number(doubles(arithmetic.operator(), (Double) left, (Double) right));
        }
        return integers(arithmetic.operator(), (Long) left, (Long) right);
    }

    private static @Nullable Double number(double value) {
        return Double.isNaN(value) ? null : value;
    }

    private static double doubles(Node.Arithmetic.Operator operator, double left, double right) {
        return switch (operator) {
            case ADD -> left + right;
            case SUBTRACT -> left - right;
            case MULTIPLY -> left * right;
            case DIVIDE -> left / right;
            case REMAINDER -> left % right;
        };
    }

    private static @Nullable Long integers(Node.Arithmetic.Operator operator, long left, long right) {
        BigInteger a = BigInteger.valueOf(left);
        BigInteger b = BigInteger.valueOf(right);
        boolean isDivision =
                operator == Node.Arithmetic.Operator.DIVIDE || operator == Node.Arithmetic.Operator.REMAINDER;
        if (isDivision && right == 0) {
            return null;
        }
        return integer(
                switch (operator) {
                    case ADD -> a.add(b);
                    case SUBTRACT -> a.subtract(b);
                    case MULTIPLY -> a.multiply(b);
                    case DIVIDE -> a.divide(b);
                    case REMAINDER -> a.remainder(b);
                });
    }

    private static @Nullable Long integer(BigInteger value) {
        return value.compareTo(MIN) <= 0 || value.compareTo(MAX) > 0 ? null : value.longValue();
    }

    private static @Nullable Object call(Function function, @Nullable Object first, @Nullable Object second) {
        if (function == Function.COALESCE) {
            return first == null ? second : first;
        }
        if (first == null || (function.argumentCount() == 2 && second == null)) {
            return null;
        }
        if (first instanceof Double value) {
            return doubles(function, value, second == null ? 0 : (Double) second);
        }
        return longs(function, (Long) first, second == null ? 0 : (Long) second);
    }

    private static double doubles(Function function, double first, double second) {
        return switch (function) {
            case ABS -> Math.abs(first);
            case MIN -> Math.min(first, second);
            default -> Math.max(first, second);
        };
    }

    private static @Nullable Long longs(Function function, long first, long second) {
        ZonedDateTime time = Instant.ofEpochSecond(0, first).atZone(ZoneOffset.UTC);
        return switch (function) {
            case ABS -> Math.abs(first);
            case MIN -> Math.min(first, second);
            case MAX -> Math.max(first, second);
            case FLOOR ->
                second <= 0
                        ? null
                        : integer(BigInteger.valueOf(first)
                                .subtract(BigInteger.valueOf(first).mod(BigInteger.valueOf(second))));
            case SECOND -> (long) time.getSecond();
            case MINUTE -> (long) time.getMinute();
            case HOUR -> (long) time.getHour();
            case DAY_OF_WEEK -> (long) time.getDayOfWeek().getValue();
            case DAY_OF_MONTH -> (long) time.getDayOfMonth();
            case MONTH -> (long) time.getMonthValue();
            case YEAR -> (long) time.getYear();
            case COALESCE -> throw new AssertionError();
        };
    }

    private @Nullable Object field(Field field) {
        if (field.isNull(event)) {
            return null;
        }
        if (field.type() == FieldType.TEXT) {
            return field.text(event);
        }
        if (field.type().isFloating()) {
            return number(field.getDouble(event));
        }
        long value = field.getLong(event);
        if (field.type() == FieldType.UINT64) {
            return unsigned(value);
        }
        return value == Long.MIN_VALUE ? null : value;
    }

    private static BigInteger unsigned(long bits) {
        return new BigInteger(Long.toUnsignedString(bits));
    }
}
