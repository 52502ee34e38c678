package io.millrace.ring;

import com.lmax.disruptor.Sequence;
import org.agrona.concurrent.status.AtomicCounter;
import org.jspecify.annotations.Nullable;

/**
 * How far a stage has come: a ticket, and beside it the last journal sequence up to that ticket. -1 is none.
 *
 * <pre>
 *   writer:  sequence = s ; (release) ticket = t ; signal those who wait
 *   reader:  t = ticket (acquire) ; s = sequence        s may be newer than t, never older
 * </pre>
 *
 * <p><b>Threading</b>: one writer, any number of readers. <b>Allocation</b>: none.
 */
public final class Cursor {
    private final Sequence ticket = new Sequence(-1);
    private final Sequence sequence = new Sequence(-1);
    private final Wakeups wakeups = new Wakeups();
    private @Nullable AtomicCounter ticketCounter;
    private @Nullable AtomicCounter sequenceCounter;

    /** {@return the last ticket that the stage is done with, with acquire order} */
    public long ticket() {
        return ticket.get();
    }

    /** {@return the last journal sequence that the stage is done with, with acquire order} */
    public long sequence() {
        return sequence.get();
    }

    /** Moves both counters, never back, and wakes whoever waits for this stage. */
    void advance(long toTicket, long toSequence) {
        assert toTicket >= ticket.get() : "ticket=" + toTicket + " (expected: >= " + ticket.get() + ")";
        sequence.set(toSequence);
        ticket.set(toTicket);
        show(toTicket, toSequence);
        wakeups.signalAllWhenBlocking();
    }

    private void show(long toTicket, long toSequence) {
        if (ticketCounter != null && sequenceCounter != null) {
            ticketCounter.setRelease(toTicket);
            sequenceCounter.setRelease(toSequence);
        }
    }

    /** Shows both counters to other processes too; before the threads start. */
    Cursor shownBy(AtomicCounter ofTicket, AtomicCounter ofSequence) {
        ticketCounter = ofTicket;
        sequenceCounter = ofSequence;
        return this;
    }

    /** Those to wake at each advance. */
    Wakeups wakeups() {
        return wakeups;
    }

    Sequence gatingSequence() {
        return ticket;
    }
}
