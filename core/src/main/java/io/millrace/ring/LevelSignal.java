package io.millrace.ring;

import io.millrace.status.ErrorLog;
import io.millrace.status.PipelineCounter;
import org.agrona.concurrent.status.AtomicCounter;

/** Tells a listener where a cursor stands whenever it has moved; what the listener throws goes no further. */
final class LevelSignal implements Wakeable {
    private final Cursor cursor;
    private final LevelListener listener;
    private final EventRing ring;
    private final AtomicCounter failures;
    private final ErrorLog errors;

    LevelSignal(Cursor cursor, LevelListener listener, PipelineParts parts) {
        this.cursor = cursor;
        this.listener = listener;
        this.ring = parts.ring;
        this.failures = parts.counters.counter(PipelineCounter.LISTENER_ERRORS);
        this.errors = parts.errors;
    }

    @Override
    public void signal() {
        long ticket = cursor.ticket();
        if (ticket >= 0 && ring.fault() == null) {
            tell(ticket, cursor.sequence());
        }
    }

    private void tell(long ticket, long sequence) {
        try {
            listener.onLevel(ticket, sequence);
        } catch (Exception e) {
            failures.increment();
            errors.onError(e);
        }
    }
}
