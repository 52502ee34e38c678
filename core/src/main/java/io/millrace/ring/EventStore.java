package io.millrace.ring;

import io.millrace.event.Event;
import java.util.function.ObjIntConsumer;

/** What a pipeline keeps beyond its process: the journal of accepted events and the outbox of outputs. */
public interface EventStore extends AutoCloseable {
    /** {@return the log of accepted events} */
    EventLog journal();

    /** {@return the log of outputs} */
    EventLog outbox();

    /**
     * Gives every accepted record that an earlier run left, in sequence order without a gap, and returns when there are
     * no more, each with the epoch of the run that accepted it. The view is valid until the consumer returns.
     */
    void replay(ObjIntConsumer<Event> consumer);

    /** {@return the sequence of the next accepted event: the first that {@link #replay} does not give} */
    long nextSequence();

    /** {@return idHi of the last output in the outbox; meaningful if {@link #lastOutputIdLo} is not -1} */
    long lastOutputIdHi();

    /** {@return idLo (sequence of the cause) of the last output in the outbox, -1 if there is none} */
    long lastOutputIdLo();

    /** {@return whether publishers are refused because a reader of the outbox is too far behind; any thread} */
    default boolean isOutboxFull() {
        return false;
    }

    /** {@return the epoch of this run, 0 to 65535: raised only when a recovery dropped anything} */
    int epoch();

    @Override
    void close();
}
