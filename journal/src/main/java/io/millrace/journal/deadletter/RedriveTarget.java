package io.millrace.journal.deadletter;

import io.millrace.Pipeline;

/**
 * A handler that parked events, or rows, can go back to. It has the dead letters note what becomes of each:
 * {@link DeadLetterQueue#redriven} or {@link DeadLetterQueue#failedAgain}.
 */
@FunctionalInterface
public interface RedriveTarget {
    /** {@return false if there is no room now: try again} */
    boolean offer(DeadLetter letter);

    /** Nothing is to wait behind this one any more. {@return false if there is no room now: try again} */
    default boolean giveUp(DeadLetter letter) {
        return true;
    }

    /** {@return the subscribers of a pipeline} */
    static RedriveTarget of(Pipeline pipeline) {
        return new RedriveTarget() {
            @Override
            public boolean offer(DeadLetter letter) {
                return pipeline.redeliver(letter.handler(), letter.event(), letter.place());
            }

            @Override
            public boolean giveUp(DeadLetter letter) {
                return pipeline.giveUp(letter.handler(), letter.event(), letter.place());
            }
        };
    }
}
