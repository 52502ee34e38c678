package io.millrace.pattern;

/** Which lengths of a loop are wanted. */
public enum Preference {
    /** Every length that leads to a match. */
    EVERY,
    /** The longest, as Flink understands it: the next stage takes no event, and waits at none, that the loop takes. */
    GREEDY,
    /** As GREEDY, but a run whose loop has reached its maximum waits past further events of the loop. */
    GREEDY_STOP_AT_MAX,
    /** The shortest one: for languages that order alternatives; the fluent builder does not make it. */
    RELUCTANT
}
