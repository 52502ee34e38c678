package io.millrace.journal.replay;

import io.millrace.event.Event;
import org.jspecify.annotations.Nullable;

/**
 * One output, or refused record, in which two replays differ; one side is null if only the other gave it.
 *
 * @param operatorId as in the identities of outputs; {@link OutputCounts#DEAD_LETTERS} for a refused record
 * @param left what the first replay gave
 * @param right what the second replay gave
 * @param reason why a record was refused (an outcome of ADMIT), 0 for an output
 */
public record OutputDifference(
        int operatorId, @Nullable Event left, @Nullable Event right, long reason) {
    /** {@return the side that is there, the first if both are} */
    public Event any() {
        Event event = left == null ? right : left;
        if (event == null) {
            throw new IllegalStateException("difference without sides (expected: at least one)");
        }
        return event;
    }

    /** {@return whether both gave it, with other values} */
    public boolean isChanged() {
        return left != null && right != null;
    }

    /** {@return the sequence of the record that caused it} */
    long cause() {
        return reason == 0 ? any().idLo() : any().sequence();
    }
}
