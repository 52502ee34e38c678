package io.millrace.expression;

import io.millrace.event.Event;

/** A test of one event that also reads what is known of earlier events: {@link RunExpression}. */
@FunctionalInterface
public interface RunCondition {
    /**
     * {@return whether the event passes} Must not allocate, block or keep anything.
     *
     * @param registers that hold values of earlier events; doubles as their bits
     * @param offset of the first register in the array
     */
    boolean test(Event event, long[] registers, int offset);
}
