package io.millrace.expression;

import io.millrace.event.Event;

/** A number computed from one event. */
@FunctionalInterface
public interface DoubleExpression {
    /** {@return the value, NaN if there is none} The event must be a valid one of the expression's type. */
    double evaluate(Event event);
}
