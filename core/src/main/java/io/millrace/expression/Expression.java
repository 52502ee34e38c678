package io.millrace.expression;

import io.millrace.event.Condition;
import io.millrace.event.Event;
import io.millrace.event.EventType;
import io.millrace.event.Field;
import org.jspecify.annotations.Nullable;

/**
 * An expression over the fields of one event, read from text and checked against an event type.
 *
 * <pre>
 *   Expression late = Expression.parse("delay &gt;= 20 and destination in ('JFK', 'LAX')", flight);
 *   Condition condition = late.condition();
 * </pre>
 *
 * <p>What can be written is told in the package's description, what null does as well. Comparisons of integers with
 * decimals are made in double.
 *
 * <p><b>Threading</b>: immutable, what it compiles to as well. <b>Allocation</b>: compiling defines a class,
 * evaluating allocates nothing. <b>Failure</b>: {@link ExpressionException} with the place of the problem.
 */
public final class Expression {
    private final String text;
    private final @Nullable EventType eventType;
    private final Node node;

    private Expression(String text, @Nullable EventType eventType) {
        this.text = text;
        this.eventType = eventType;
        this.node = Parser.parse(text, eventType);
    }

    /**
     * {@return the expression that a text says about events of a type}
     *
     * @throws ExpressionException if it has a problem
     */
    public static Expression parse(String text, EventType eventType) {
        return new Expression(text, eventType);
    }

    /** {@return the expression that a text says about events of any type: over fields of the header} */
    public static Expression parse(String text) {
        return new Expression(text, null);
    }

    public ExpressionType type() {
        return node.type();
    }

    /** {@return the field that it is, if it is nothing but the name of one of fixed length; else null} */
    public @Nullable Field field() {
        return node instanceof Node.FieldRead read ? read.field() : null;
    }

    /**
     * {@return a condition that passes events of the type for which the expression is true}
     *
     * @throws ExpressionException if it is no condition
     */
    public Condition condition() {
        require(ExpressionType.BOOLEAN);
        return new Named(text, Compiler.condition(node, eventType));
    }

    /**
     * {@return the value as an integer}
     *
     * @throws ExpressionException if it is of another type
     */
    public LongExpression longs() {
        require(ExpressionType.LONG);
        return Compiler.longs(node);
    }

    /**
     * {@return the value as a double, an integer too}
     *
     * @throws ExpressionException if it is no number
     */
    public DoubleExpression doubles() {
        if (type() == ExpressionType.LONG) {
            return Compiler.doubles(new Node.Widened(node));
        }
        require(ExpressionType.DOUBLE);
        return Compiler.doubles(node);
    }

    private void require(ExpressionType wanted) {
        if (type() != wanted) {
            throw new ExpressionException(text, 0, "it is " + type() + " (expected: " + wanted + ")");
        }
    }

    Node node() {
        return node;
    }

    @Override
    public String toString() {
        return text;
    }

    /** Says what it tests, in messages and in an operator's hash. */
    private record Named(String text, Condition condition) implements Condition {
        @Override
        public boolean test(Event event) {
            return condition.test(event);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
