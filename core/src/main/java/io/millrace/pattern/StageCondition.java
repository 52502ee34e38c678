package io.millrace.pattern;

import io.millrace.event.Condition;
import io.millrace.event.EventType;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What an event must be for a stage: a tree whose leaves are expressions, types and conditions in code. */
public sealed interface StageCondition {
    /** {@return what every event satisfies} */
    static StageCondition any() {
        return new All(List.of());
    }

    /** {@return this and another one} */
    default StageCondition and(StageCondition other) {
        return this instanceof All all && all.parts().isEmpty() ? other : new All(List.of(this, other));
    }

    /** {@return this or another one} */
    default StageCondition or(StageCondition other) {
        return new Any(List.of(this, other));
    }

    /**
     * An expression, which may look at earlier events of the run: {@code amount >= sum(order.amount)}.
     *
     * @param text in the language of the expression package
     * @param type that its fields belong to; null for the type of the stage, or else of the pattern
     */
    record Text(String text, @Nullable EventType type) implements StageCondition {
        @Override
        public String toString() {
            return text;
        }
    }

    /** The type of the event. */
    record OfType(EventType type) implements StageCondition {
        @Override
        public String toString() {
            return "is " + type.name();
        }
    }

    /** A condition in code, over the event alone. One that does not say what it tests is {@code code} in words. */
    record Code(Condition condition) implements StageCondition {
        @Override
        public String toString() {
            String text = condition.toString();
            return text.startsWith(condition.getClass().getName() + "@") ? "code" : text;
        }
    }

    /** All of several; every event if there are none. */
    record All(List<StageCondition> parts) implements StageCondition {
        @Override
        public String toString() {
            return parts.isEmpty() ? "true" : joined(parts, " and ");
        }
    }

    /** At least one of several. */
    record Any(List<StageCondition> parts) implements StageCondition {
        @Override
        public String toString() {
            return joined(parts, " or ");
        }
    }

    private static String joined(List<StageCondition> parts, String word) {
        return parts.stream().map(StageCondition::toString).collect(Collectors.joining(word, "(", ")"));
    }
}
