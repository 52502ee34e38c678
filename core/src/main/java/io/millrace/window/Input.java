package io.millrace.window;

import io.millrace.event.Event;
import io.millrace.event.Field;
import io.millrace.event.FieldType;
import io.millrace.expression.DoubleExpression;
import io.millrace.expression.Expression;
import io.millrace.expression.ExpressionType;
import io.millrace.expression.LongExpression;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What an aggregate reads of an event: longs or doubles. Two of the same source are equal and share cells. */
final class Input {
    private final Object source;
    private final String text;
    private final @Nullable Field field;
    private final String type;
    private final @Nullable LongExpression longs;
    private final @Nullable DoubleExpression doubles;

    private Input(
            Object source,
            @Nullable Field field,
            String type,
            @Nullable LongExpression longs,
            @Nullable DoubleExpression doubles) {
        this.source = source;
        // What a function in code calls itself differs from run to run.
        this.text = source == longs || source == doubles ? "function" : source.toString();
        this.field = field;
        this.type = type;
        this.longs = longs;
        this.doubles = doubles;
    }

    static Input of(Field field) {
        FieldType type = field.type();
        if (type.isFloating()) {
            return new Input(field, field, type.sbeName(), null, field::getDouble);
        }
        return new Input(field, field, type.sbeName(), new FieldLongs(field), null);
    }

    static Input of(Expression expression) {
        ExpressionType type = expression.type();
        return switch (type) {
            case LONG -> new Input(expression.toString(), null, type.toString(), expression.longs(), null);
            case DOUBLE -> new Input(expression.toString(), null, type.toString(), null, expression.doubles());
            default -> new Input(expression.toString(), null, type.toString(), null, null);
        };
    }

    static Input of(LongExpression expression) {
        return new Input(expression, null, "long", expression, null);
    }

    static Input ofDoubles(DoubleExpression expression) {
        return new Input(expression, null, "double", null, expression);
    }

    /** {@return the field it is, null if it is an expression} */
    @Nullable
    Field field() {
        return field;
    }

    /** {@return its type in words} */
    String type() {
        return type;
    }

    /** {@return whether values are longs that stand for what the event holds, for text a hash of it} */
    boolean isLong() {
        return longs != null;
    }

    boolean isDouble() {
        return doubles != null;
    }

    /** {@return whether there is a number to count with: not text, and not the 64 bits of an unsigned one} */
    boolean isNumber() {
        return isDouble() || (isLong() && !type.equals("text") && !type.equals("uint64"));
    }

    LongExpression longs() {
        return Objects.requireNonNull(longs);
    }

    DoubleExpression doubles() {
        return Objects.requireNonNull(doubles);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Input input && input.source.equals(source);
    }

    @Override
    public int hashCode() {
        return source.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }

    private record FieldLongs(Field field) implements LongExpression {
        @Override
        public long evaluate(Event event) {
            return field.isNull(event) ? NULL : field.getLong(event);
        }
    }
}
