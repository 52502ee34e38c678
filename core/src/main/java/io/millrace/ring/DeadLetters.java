package io.millrace.ring;

import io.millrace.event.Event;
import java.util.function.LongConsumer;

/**
 * Where an event goes that a handler could not take, and what became of it later. Only {@link #park} has to be there;
 * what can be redriven, and a handler that is to get events in order over restarts, need the rest.
 */
@FunctionalInterface
public interface DeadLetters {
    /** Where nothing can be kept: a handler that gives an event up halts. */
    DeadLetters NONE = (event, handler, error, attempts) -> {
        throw new IllegalStateException("cannot park dead letter: handler=" + handler + ", sequence="
                + event.sequence() + ", attempts=" + attempts
                + " (expected: a dead-letter queue); set deadLetters, or let the handler catch what it throws");
    };

    /**
     * Parks an event.
     *
     * @param handler name of the handler that gave up
     * @param error of the last attempt
     * @param attempts made, at least 1; 0 for an event that only waits behind a parked one of its key
     * @throws RuntimeException if it cannot be kept; the handler then halts, nothing is dropped
     */
    void park(Event event, String handler, Throwable error, int attempts);

    /**
     * Notes that the handler has taken a parked event.
     *
     * @param place of the dead letter
     */
    default void redriven(long place) {}

    /**
     * Notes that the handler gave up a parked event again.
     *
     * @param place of the dead letter
     * @param attempts made this time
     */
    default void failedAgain(long place, Throwable error, int attempts) {}

    /** Gives the key of each event that is parked for a handler. */
    default void forEachParkedKey(String handler, LongConsumer consumer) {}
}
