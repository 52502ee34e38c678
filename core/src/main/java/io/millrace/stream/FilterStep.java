package io.millrace.stream;

import io.millrace.event.Condition;
import io.millrace.event.Event;

/** Lets pass what a condition holds for. */
final class FilterStep extends Step {
    private final Condition condition;

    FilterStep(Condition condition) {
        this.condition = condition;
    }

    @Override
    void onEvent(Event event) {
        if (condition.test(event)) {
            forward(event);
        }
    }
}
