package io.millrace.stream;

import io.millrace.event.Event;

/** Puts events out as they are, under the type that they have. */
final class PassStep extends Step {
    private final ChainOutputs outputs;

    PassStep(ChainOutputs outputs) {
        this.outputs = outputs;
    }

    @Override
    void onEvent(Event event) {
        outputs.put(event);
    }
}
