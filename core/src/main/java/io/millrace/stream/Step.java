package io.millrace.stream;

import io.millrace.event.Event;
import java.util.Arrays;

/**
 * A part of a stream that an event passes in one call, and the parts behind it. What has to remember events is a {@link
 * Node}; a step may at most count.
 */
abstract class Step {
    private static final Step[] NONE = {};

    private Step[] targets = NONE;

    final void add(Step target) {
        targets = Arrays.copyOf(targets, targets.length + 1);
        targets[targets.length - 1] = target;
    }

    /** {@return the steps behind this one} */
    final Step[] targets() {
        return targets;
    }

    /** {@return the most events that it gives for one that it takes} */
    int maxFactor() {
        return 1;
    }

    /** Takes an event, whose view is valid until this returns. */
    abstract void onEvent(Event event);

    final void forward(Event event) {
        for (Step target : targets) {
            target.onEvent(event);
        }
    }

    /** Where events come in. */
    static final class Entry extends Step {
        @Override
        void onEvent(Event event) {
            forward(event);
        }
    }
}
