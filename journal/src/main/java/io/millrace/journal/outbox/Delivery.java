package io.millrace.journal.outbox;

/** How often a {@link Sink}'s data shows an output after any number of crashes. */
public enum Delivery {
    /** Once or more: what was taken after the last checkpoint comes again. */
    AT_LEAST_ONCE,
    /**
     * Once: the sink keeps the identity of what it took in the same place and by the same write as the output itself,
     * and passes over what comes again. {@link NewestCause} does that for data that is appended to; a table does it by
     * a unique key on the identity.
     */
    EFFECTIVELY_ONCE
}
