package io.millrace.pattern;

/** What a pattern does when a bound is reached. All of it is counted and depends on the events alone. */
public enum Overflow {
    /** No new run is started and no run is copied; the others go on. */
    REJECT_START,
    /** The run of the key that started first makes room; it leaves as a timeout whose reason is EVICTED. */
    EVICT_OLDEST,
    /** The key skips past the last event of each match until it has less than half as many runs. */
    DEGRADE,
    /** The pipeline halts. */
    HALT
}
