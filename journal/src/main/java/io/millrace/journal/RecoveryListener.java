package io.millrace.journal;

/**
 * Is told now and then how far a recovery is, so that whoever waits can see it move.
 *
 * <p><b>Threading</b>: the thread that opens the journal, then the one that replays. <b>Failure</b>: an exception ends
 * the recovery, which changes nothing that the next one would not do.
 */
@FunctionalInterface
public interface RecoveryListener {
    /** Wants to know nothing. */
    RecoveryListener NONE = (step, sequence, share) -> {};

    /** The steps of a recovery, in their order. */
    enum Step {
        VERIFY_JOURNAL,
        VERIFY_OUTBOX,
        REPLAY
    }

    /**
     * Takes where the recovery is.
     *
     * @param sequence of the record reached; in the outbox the place of the output
     * @param share of the step that is done, 0 to 1: of the bytes of its files, or of the records to replay
     */
    void onProgress(Step step, long sequence, double share);
}
