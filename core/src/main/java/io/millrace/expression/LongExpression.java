package io.millrace.expression;

import io.millrace.event.Event;

/** An integer computed from one event. */
@FunctionalInterface
public interface LongExpression {
    /** Stands for null. */
    long NULL = Long.MIN_VALUE;

    /** {@return the value, {@link #NULL} if there is none} The event must be a valid one of the expression's type. */
    long evaluate(Event event);
}
