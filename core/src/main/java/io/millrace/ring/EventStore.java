package io.millrace.ring;

import io.millrace.event.Event;
import java.util.List;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/** What a pipeline keeps beyond its process: the journal of accepted events and the outbox of outputs. */
public interface EventStore extends AutoCloseable {
    /** {@return the log of accepted events} */
    EventLog journal();

    /** {@return the log of outputs} */
    EventLog outbox();

    /**
     * Gives every accepted record that an earlier run left from a sequence on, in sequence order without a gap, and
     * returns when there are no more, each with the epoch of the run that accepted it. The view is valid until the
     * consumer returns.
     *
     * @param fromSequence 0, or the one behind a snapshot
     */
    void replay(long fromSequence, ObjIntConsumer<Event> consumer);

    /** Gives every accepted record; see {@link #replay(long, ObjIntConsumer)}. */
    default void replay(ObjIntConsumer<Event> consumer) {
        replay(0, consumer);
    }

    /** {@return the sequence of the next accepted event: the first that a replay does not give} */
    long nextSequence();

    /** {@return idHi of the last output in the outbox; meaningful if {@link #lastOutputIdLo} is not -1} */
    long lastOutputIdHi();

    /** {@return idLo (sequence of the cause) of the last output in the outbox, -1 if there is none} */
    long lastOutputIdLo();

    /** {@return whether publishers are refused because a reader of the outbox is too far behind; any thread} */
    default boolean isOutboxFull() {
        return false;
    }

    /** {@return the place of the next output in the outbox, before this run writes any: how many it holds} */
    long nextOutput();

    /** {@return the CONTROL records that the journal has, in order} */
    default List<ControlRecord> controls() {
        return List.of();
    }

    /**
     * {@return a reader of accepted records, of this run too once they are appended}
     *
     * @param fromSequence of the first that it gives
     * @throws RuntimeException if the store cannot give that record
     */
    default RecordReader reader(long fromSequence) {
        throw new UnsupportedOperationException("cannot read back: fromSequence=" + fromSequence
                + ": the store gives no readers (expected: one that does); deploy rules without warming");
    }

    /** {@return where snapshots are kept, null if nowhere} */
    default @Nullable SnapshotStore snapshots() {
        return null;
    }

    /** {@return the epoch of this run, 0 to 65535: raised only when a recovery dropped anything} */
    int epoch();

    @Override
    void close();
}
