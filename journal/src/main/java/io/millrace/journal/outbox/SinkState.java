package io.millrace.journal.outbox;

/** What a sink is doing. */
public enum SinkState {
    /** It takes what there is. */
    DELIVERING,
    /** It threw and is called again after a pause. */
    RETRYING,
    /** It was too far behind and gets nothing more until it is started again. */
    DETACHED,
    /** Its runner has ended; see its fault. The pipeline goes on. */
    HALTED
}
