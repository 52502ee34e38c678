package io.millrace.stream;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;

/** Gives events another key. One without a value to key by is dropped and counted. */
final class KeyStep extends Step {
    private final KeyCode code;
    private MutableEvent target;
    private long nullCount;

    KeyStep(KeyCode code, int encodedLength) {
        this.code = code;
        this.target = MutableEvent.allocate(encodedLength);
    }

    @Override
    void onEvent(Event event) {
        if (code.isNull(event)) {
            nullCount++;
            return;
        }
        if (event.recordLength() > target.buffer().capacity()) {
            target = MutableEvent.allocate(2 * event.recordLength());
        }
        target.copyFrom(event).key(code.of(event));
        forward(target);
    }

    long nullCount() {
        return nullCount;
    }

    void save(StateWriter writer) {
        writer.putLong(nullCount);
    }

    void load(StateReader reader) {
        nullCount = reader.getLong();
    }
}
