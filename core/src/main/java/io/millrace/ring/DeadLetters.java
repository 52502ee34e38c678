package io.millrace.ring;

import io.millrace.event.Event;

/** Where an event goes that a subscriber could not take. */
@FunctionalInterface
public interface DeadLetters {
    /**
     * Parks an event.
     *
     * @param handler name of the handler that gave up
     * @param error of the last attempt
     * @param attempts made, at least 1
     * @throws RuntimeException if it cannot be kept; the handler then halts, nothing is dropped
     */
    void park(Event event, String handler, Throwable error, int attempts);
}
