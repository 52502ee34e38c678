package io.millrace.stream;

import io.millrace.event.MutableEvent;

/** Takes the events that a {@link FlatMapper} makes. */
public interface Collector {
    /** {@return an event with key, time and sequence of the source and with nothing but nulls} */
    MutableEvent next();

    /**
     * Hands over the event that {@link #next()} gave.
     *
     * @throws IllegalStateException if they are more than the stream was told
     */
    void commit();
}
