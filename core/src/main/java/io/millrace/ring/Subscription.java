package io.millrace.ring;

import io.millrace.event.Event;
import io.millrace.event.EventHandler;
import io.millrace.status.PipelineCounter;
import org.jspecify.annotations.Nullable;

/**
 * A handler in the process that gets every accepted event, or output, of one type once its cause has passed the gate.
 * A handler that throws is called again at once, up to a number of attempts; then the event is parked as a dead letter,
 * and may be redriven. A handler that asked for order gets no event of a key while an earlier one of that key is
 * parked: those wait in the dead letters too. A handler whose dead letters cannot be kept halts: it gets nothing more,
 * the rest of the pipeline goes on.
 */
public final class Subscription {
    private final int typeId;
    private final String name;
    private final EventHandler handler;
    private int maxParkedCount;
    private @Nullable ParkedKeys parkedKeys;
    private volatile @Nullable Throwable haltCause;
    private volatile long haltSequence = -1;
    private long deliveredCount;

    Subscription(int typeId, String name, EventHandler handler) {
        if (typeId >>> 16 != 0) {
            throw new IllegalArgumentException("cannot subscribe " + name + ": typeId=" + typeId
                    + " (expected: 0 to 65535); take the id of an event type or of an output");
        }
        this.typeId = typeId;
        this.name = name;
        this.handler = handler;
    }

    /**
     * Has the events of a key handled in order, also where one of them is parked; before the pipeline starts.
     * Subscriptions of one name share what is parked.
     *
     * @param maxCount events that may be parked, those that wait included, before the handler halts; at least 1
     */
    public Subscription inOrder(int maxCount) {
        new ParkedKeys(maxCount);
        maxParkedCount = maxCount;
        return this;
    }

    /** {@return how many events may be parked for a handler that asked for order, 0 if it did not} */
    int maxParkedCount() {
        return maxParkedCount;
    }

    void parkedKeys(@Nullable ParkedKeys shared) {
        parkedKeys = shared;
    }

    public String name() {
        return name;
    }

    public int typeId() {
        return typeId;
    }

    /** {@return whether it gets nothing more because its dead letters could not be kept; any thread} */
    public boolean isHalted() {
        return haltCause != null;
    }

    /** {@return why it halted, null if it did not; any thread} */
    public @Nullable Throwable haltCause() {
        return haltCause;
    }

    /**
     * {@return the sequence (of an output, its cause's) of the first event that it did not get, -1 if none; any thread}
     */
    public long haltSequence() {
        return haltSequence;
    }

    void deliver(Event event, int attempts, DeadLetters deadLetters, StageProbe probe) {
        if (haltCause != null) {
            return;
        }
        ParkedKeys parked = parkedKeys;
        if (parked != null && parked.contains(event.key())) {
            park(event, new IllegalStateException("waits behind a parked event of its key"), 0, deadLetters, probe);
            return;
        }
        Exception error = attempt(event, probe);
        int made = 1;
        while (error != null && made < attempts) {
            error = attempt(event, probe);
            made++;
        }
        if (error == null) {
            deliveredCount++;
        } else {
            park(event, error, made, deadLetters, probe);
        }
    }

    private @Nullable Exception attempt(Event event, StageProbe probe) {
        try {
            handler.onEvent(event);
            return null;
        } catch (Exception e) {
            probe.handlerFailed(e);
            return e;
        }
    }

    private void park(Event event, Exception error, int made, DeadLetters deadLetters, StageProbe probe) {
        ParkedKeys parked = parkedKeys;
        try {
            if (parked != null) {
                parked.requireRoom(name);
            }
            deadLetters.park(event, name, error, made);
            if (parked != null) {
                parked.add(event.key());
            }
            probe.counter(PipelineCounter.DEAD_LETTERS).incrementRelease();
        } catch (Exception e) {
            if (e != error) {
                e.addSuppressed(error);
            }
            halt(event.sequence(), e, probe);
        }
    }

    private void halt(long sequence, Exception cause, StageProbe probe) {
        haltSequence = sequence;
        haltCause = cause;
        probe.handlerHalted(cause);
    }

    /** Gives the handler a parked event again, and has the dead letters note what became of it. */
    void redeliver(Event event, long place, int attempts, DeadLetters deadLetters, StageProbe probe) {
        Throwable halted = haltCause;
        int made = 0;
        Throwable error = halted;
        while (halted == null && made < attempts && (made == 0 || error != null)) {
            error = attempt(event, probe);
            made++;
        }
        try {
            if (error == null) {
                taken(event, place, deadLetters, probe);
            } else {
                deadLetters.failedAgain(place, error, made);
            }
        } catch (Exception e) {
            halt(event.sequence(), e, probe);
        }
    }

    private void taken(Event event, long place, DeadLetters deadLetters, StageProbe probe) {
        deliveredCount++;
        deadLetters.redriven(place);
        released(event.key());
        probe.counter(PipelineCounter.EVENTS_REDRIVEN).incrementRelease();
    }

    /** An event that was parked is not any more: it was taken, or people have given it up. */
    void released(long key) {
        ParkedKeys parked = parkedKeys;
        if (parked != null) {
            parked.remove(key);
        }
    }

    /** {@return how many events the handler took; the thread of EMIT} */
    long deliveredCount() {
        return deliveredCount;
    }
}
