package io.millrace.journal.outbox;

import io.millrace.event.Event;
import io.millrace.journal.deadletter.DeadLetter;
import io.millrace.journal.deadletter.DeadLetterQueue;
import io.millrace.journal.deadletter.RedriveTarget;
import io.millrace.ring.ParkedKeys;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * What a sink has given up, under the handler {@code sink/NAME}: parked after some attempts, and given to it again when
 * it is redriven. It goes on with what follows, but for a key of which something is parked, if order was asked for.
 *
 * <p><b>Threading</b>: {@link #offer} and {@link #giveUp} from who redrives, the rest from the sink's thread.
 * <b>Failure</b>: {@link io.millrace.journal.JournalException} where something cannot be parked; the runner ends, and
 * nothing is passed over.
 */
final class SinkLetters implements RedriveTarget {
    private static final int CAPACITY = 16;

    private final String handler;
    private final DeadLetterQueue letters;
    private final int attempts;
    private final @Nullable ParkedKeys parkedKeys;
    private final ManyToOneConcurrentArrayQueue<DeadLetter> returning = new ManyToOneConcurrentArrayQueue<>(CAPACITY);
    private final ManyToOneConcurrentArrayQueue<DeadLetter> givenUp = new ManyToOneConcurrentArrayQueue<>(CAPACITY);
    private int made;
    private boolean isSyncDue;

    /** @param maxParkedCount 0 if the sink takes outputs of a key out of order */
    SinkLetters(String handler, DeadLetterQueue letters, int attempts, int maxParkedCount) {
        this.handler = handler;
        this.letters = letters;
        this.attempts = attempts;
        ParkedKeys parked = maxParkedCount == 0 ? null : new ParkedKeys(maxParkedCount);
        this.parkedKeys = parked;
        if (parked != null) {
            letters.forEachParkedKey(handler, parked::add);
        }
    }

    String handler() {
        return handler;
    }

    @Override
    public boolean offer(DeadLetter letter) {
        return returning.offer(letter);
    }

    @Override
    public boolean giveUp(DeadLetter letter) {
        return givenUp.offer(letter);
    }

    /**
     * {@return whether an output is not to be given to the sink now} It is parked already, as a process died before the
     * checkpoint, or it waits behind one of its key.
     */
    boolean isHeldBack(Event output) {
        if (letters.isOpen(handler, output)) {
            return true;
        }
        ParkedKeys parked = parkedKeys;
        if (parked == null || !parked.contains(output.key())) {
            return false;
        }
        park(output, new IllegalStateException("waits behind a parked output of its key"), 0);
        return true;
    }

    /** {@return whether the sink has thrown often enough, so that the output is parked now} */
    boolean isParked(Event output, Exception error) {
        made++;
        if (made < attempts) {
            return false;
        }
        park(output, error, made);
        return true;
    }

    private void park(Event output, Exception error, int attemptsMade) {
        ParkedKeys parked = parkedKeys;
        if (parked != null) {
            parked.requireRoom(handler);
        }
        letters.park(output, handler, error, attemptsMade);
        if (parked != null) {
            parked.add(output.key());
        }
        isSyncDue = true;
        made = 0;
    }

    /** The sink took an output. */
    void taken() {
        made = 0;
    }

    /** Forces what was parked to the disk: the checkpoint that follows says that it is dealt with. */
    void beforeCheckpoint() {
        if (isSyncDue) {
            letters.sync();
            isSyncDue = false;
        }
    }

    /** Gives the sink one parked output again, if one comes back: {@return how many it took} */
    int redeliver(Sink sink) {
        DeadLetter released = givenUp.poll();
        if (released != null) {
            release(released);
        }
        DeadLetter letter = returning.poll();
        if (letter == null) {
            return 0;
        }
        try {
            sink.onRedelivered(letter.event());
            sink.flush();
        } catch (Exception e) {
            letters.failedAgain(letter.place(), e, 1);
            return 0;
        }
        letters.redriven(letter.place());
        release(letter);
        return 1;
    }

    private void release(DeadLetter letter) {
        ParkedKeys parked = parkedKeys;
        if (parked != null) {
            parked.remove(letter.event().key());
        }
    }
}
