package io.millrace.journal.replay;

import io.millrace.event.Event;
import org.jspecify.annotations.Nullable;

/**
 * Where a replay first gives something else than live did.
 *
 * @param firstSequence of the records, one of which is the first whose outputs differ
 * @param lastSequence the same as {@code firstSequence} if it is known exactly
 * @param what differs, for people
 * @param live output that live gave there, null if it gave none or it is not known
 * @param replayed output that the replay gave there, null if it gave none or it is not known
 */
public record Divergence(
        long firstSequence,
        long lastSequence,
        String what,
        @Nullable Event live,
        @Nullable Event replayed) {
    static Divergence at(long sequence, String what, @Nullable Event live, @Nullable Event replayed) {
        return new Divergence(sequence, sequence, what, live, replayed);
    }

    /** {@return whether the first sequence that differs is known, not only a range that it lies in} */
    public boolean isExact() {
        return firstSequence == lastSequence;
    }
}
