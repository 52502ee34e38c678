package io.millrace.stream;

import io.millrace.event.Condition;
import io.millrace.event.EventType;
import io.millrace.expression.Expression;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One of the outputs that {@link EventStream#branch} chooses from. */
public final class Branch {
    private final String name;
    private final @Nullable String text;
    private final @Nullable Condition condition;

    private Branch(String name, @Nullable String text, @Nullable Condition condition) {
        this.name = Objects.requireNonNull(name, "name");
        this.text = text;
        this.condition = condition;
    }

    /** {@return one for the events for which an expression is true} */
    public static Branch of(String name, String condition) {
        return new Branch(name, condition, null);
    }

    /** {@return one for the events for which a condition is true} */
    public static Branch of(String name, Condition condition) {
        return new Branch(name, null, condition);
    }

    /** {@return one for all events that are left} */
    public static Branch otherwise(String name) {
        return new Branch(name, null, null);
    }

    /** {@return the name of its output} */
    public String name() {
        return name;
    }

    @Nullable
    Condition condition(EventType type) {
        return text == null ? condition : Expression.parse(text, type).condition();
    }
}
