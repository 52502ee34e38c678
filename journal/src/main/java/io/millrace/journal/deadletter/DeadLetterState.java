package io.millrace.journal.deadletter;

/** What has become of a dead letter. */
public enum DeadLetterState {
    /** Its handler gave it up. */
    PARKED,
    /** Its handler never got it: it waits behind a parked event of its key. */
    WAITING,
    /** Its handler has taken it later. */
    REDRIVEN,
    /** People have given it up. */
    DISCARDED;

    /** {@return whether it may still be redriven or discarded} */
    public boolean isOpen() {
        return this == PARKED || this == WAITING;
    }
}
