package io.millrace.stream;

import io.millrace.event.Event;

/** Makes any number of events of one. */
@FunctionalInterface
public interface FlatMapper {
    /**
     * For each event to make: takes {@link Collector#next()}, puts its fields, and hands it over with {@link
     * Collector#commit()}. Must depend on the source alone and neither allocate, block, nor keep the views.
     */
    void map(Event source, Collector collector);
}
