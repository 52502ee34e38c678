package io.millrace.stream;

import io.millrace.event.Event;
import io.millrace.event.EventType;

/** Puts events out under a name of their own. */
final class OutputStep extends Step {
    private final ChainOutputs outputs;
    private final EventType type;

    /** @param type with the fields of the events that come, at the same places */
    OutputStep(ChainOutputs outputs, EventType type) {
        this.outputs = outputs;
        this.type = type;
    }

    EventType type() {
        return type;
    }

    @Override
    void onEvent(Event event) {
        outputs.put(event, type);
    }
}
