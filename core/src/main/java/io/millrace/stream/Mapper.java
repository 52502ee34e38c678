package io.millrace.stream;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;

/** Makes one event of another. */
@FunctionalInterface
public interface Mapper {
    /**
     * Puts fields of the target, whose key, time and sequence are those of the source and whose fields are null. Must
     * depend on the source alone and neither allocate, block, nor keep the views.
     */
    void map(Event source, MutableEvent target);
}
