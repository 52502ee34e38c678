package io.millrace.ring;

import io.millrace.dedup.Dedup;
import io.millrace.event.Event;
import io.millrace.state.StateException;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;
import io.millrace.state.Stateful;
import org.jspecify.annotations.Nullable;

/** What ADMIT knows of the records accepted so far: their ids, kept by a dedup, and whether the last was an END. */
final class AdmitState implements Stateful {
    private static final String NAME = "admit";

    private final @Nullable Dedup dedup;
    /** Sequence of an END that no event has followed yet, -1 if there is none. */
    private long endSequence = -1;

    /** What the touched lines held; written so that the compiler keeps the loads. */
    @SuppressWarnings("UnusedVariable")
    private long touched;

    AdmitState(@Nullable Dedup dedup) {
        this.dedup = dedup;
    }

    @Nullable
    Dedup dedup() {
        return dedup;
    }

    /** Loads what the ids of these slots will need. */
    void touch(EventRing ring, long from, long to) {
        if (dedup != null) {
            for (long ticket = from; ticket <= to; ticket++) {
                Event event = ring.slot(ticket);
                touched += dedup.touch(event.idHi(), event.idLo());
            }
        }
    }

    /** Takes an event of a user. {@return what {@link Dedup#admit} says; the event is accepted if that is NEW} */
    long admit(Event event, long sequence) {
        long found = dedup == null ? Dedup.NEW : dedup.admit(event.idHi(), event.idLo(), sequence);
        if (found == Dedup.NEW) {
            endSequence = -1;
        }
        return found;
    }

    /** Takes an END. {@return the sequence of the END that it repeats, -1 if it is accepted} */
    long admitEnd(long sequence) {
        long repeated = endSequence;
        if (repeated < 0) {
            endSequence = sequence;
        }
        return repeated;
    }

    /** Takes a record that was accepted before. */
    void restore(Event record) {
        if (record.hasAny(Event.END)) {
            endSequence = record.sequence();
        } else if (!record.hasAny(Event.SYSTEM)) {
            touched += admit(record, record.sequence());
            endSequence = -1;
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void save(StateWriter writer) {
        writer.putLong(endSequence);
    }

    @Override
    public void load(StateReader reader) {
        endSequence = reader.getLong();
        StateException.requireRange(NAME, "endSequence", endSequence, -1, Long.MAX_VALUE);
    }
}
