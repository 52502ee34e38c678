package io.millrace.ring;

import io.millrace.event.Event;
import io.millrace.event.EventHandler;
import io.millrace.status.PipelineCounter;
import org.jspecify.annotations.Nullable;

/**
 * A handler in the process that gets every accepted event, or output, of one type once its cause has passed the gate.
 * A handler that throws is called again at once, up to a number of attempts; then the event is parked as a dead letter.
 * A handler whose dead letters cannot be kept halts: it gets nothing more, the rest of the pipeline goes on.
 */
public final class Subscription {
    private final int typeId;
    private final String name;
    private final EventHandler handler;
    private volatile @Nullable Throwable haltCause;
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

    void deliver(Event event, int attempts, DeadLetters deadLetters, StageProbe probe) {
        if (haltCause != null) {
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
        try {
            deadLetters.park(event, name, error, made);
            probe.counter(PipelineCounter.DEAD_LETTERS).incrementRelease();
        } catch (Exception e) {
            if (e != error) {
                e.addSuppressed(error);
            }
            haltCause = e;
            probe.handlerHalted(e);
        }
    }

    /** {@return how many events the handler took; the thread of EMIT} */
    long deliveredCount() {
        return deliveredCount;
    }
}
