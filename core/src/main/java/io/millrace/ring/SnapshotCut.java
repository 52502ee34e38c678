package io.millrace.ring;

import io.millrace.event.Event;
import io.millrace.state.StateImage;
import io.millrace.status.DutyCycle;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.EpochNanoClock;
import org.jspecify.annotations.Nullable;

/**
 * The one snapshot that may be under way: a slot flagged SNAPSHOT at which every stage ends its batch, and the state
 * that ADMIT and APPLY have when they are there.
 *
 * <pre>
 *   FREE --request--> ASKED --ADMIT saves--> ADMITTED --APPLY saves--> SAVED --written or given up--> FREE
 *        any thread         thread of ADMIT            thread of APPLY       thread of SNAPSHOT
 * </pre>
 *
 * <p><b>Threading</b>: each arrow belongs to one thread, and all fields to the thread whose arrow is next; the phase,
 * and for APPLY and JOURNAL the admitted cursor, hand them over.
 */
final class SnapshotCut {
    private static final int FREE = 0;
    private static final int ASKED = 1;
    private static final int ADMITTED = 2;
    private static final int SAVED = 3;

    private final ChainState state;
    private final EpochNanoClock clock;
    private final DutyCycle pause;
    private final StateImage image = new StateImage();
    private final AtomicInteger phase = new AtomicInteger(FREE);
    private volatile long ticket = -1;
    private @Nullable RuntimeException failure;
    private long sequence;
    private long takenNs;
    private int epoch;
    private long outputPlace;
    private long lastOutputIdHi;
    private long lastOutputIdLo = -1;

    /** @param pause takes how long a stage stood still */
    SnapshotCut(ChainState state, EpochNanoClock clock, DutyCycle pause) {
        this.state = state;
        this.clock = clock;
        this.pause = pause;
    }

    /** {@return whether it was free and the caller now has it; give it back by {@link #free} if nothing comes of it} */
    boolean ask() {
        return phase.compareAndSet(FREE, ASKED);
    }

    void free() {
        phase.set(FREE);
    }

    boolean isSaved() {
        return phase.get() == SAVED;
    }

    /** {@return the last ticket of a batch that must end at the cut, if that lies within it} */
    long endOfBatch(long from, long to) {
        long cut = ticket;
        return cut >= from && cut < to ? cut : to;
    }

    boolean isAt(long last) {
        return last == ticket;
    }

    /** Saves what ADMIT knows, before its cursor moves on. */
    void admit(long slotTicket, Event record) {
        ticket = slotTicket;
        sequence = record.sequence();
        takenNs = record.ingestTimeNs();
        failure = null;
        image.clear();
        save(() -> state.saveAdmit(image));
        phase.set(ADMITTED);
    }

    /** Saves what APPLY knows; all outputs up to here are in the output ring. */
    void apply(OutputRing outputs) {
        epoch = outputs.epoch();
        outputPlace = outputs.place();
        lastOutputIdHi = outputs.lastIdHi();
        lastOutputIdLo = outputs.lastIdLo();
        save(() -> state.saveApply(image));
        phase.set(SAVED);
    }

    /** State that cannot be saved (one part over 2 GiB, say) costs the snapshot, not the pipeline. */
    private void save(Runnable part) {
        long beganNs = clock.nanoTime();
        try {
            if (failure == null) {
                part.run();
            }
        } catch (RuntimeException e) {
            failure = e;
        }
        pause.record(beganNs, clock.nanoTime());
    }

    long ticket() {
        return ticket;
    }

    long sequence() {
        return sequence;
    }

    /** {@return what was saved, to be used before {@link #free}; throws what went wrong} */
    Snapshot snapshot() {
        if (failure != null) {
            throw failure;
        }
        return new Snapshot(
                sequence, epoch, takenNs, outputPlace, lastOutputIdHi, lastOutputIdLo, state.layouts(), image);
    }
}
