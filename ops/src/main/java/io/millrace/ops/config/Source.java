package io.millrace.ops.config;

import io.millrace.event.EventType;

/**
 * Where a stream, a window or a pattern gets its events from.
 *
 * @param type of the events
 * @param item the stream, window or pattern that puts them out, empty if the pipeline accepts them
 */
public record Source(EventType type, String item) {
    static Source of(EventType type) {
        return new Source(type, "");
    }

    /** {@return whether the events are those that the pipeline accepts} */
    public boolean isOfPipeline() {
        return item.isEmpty();
    }
}
