package io.millrace.pattern;

/** What may lie between two events of a loop. */
public enum Contiguity {
    /** Nothing: Flink's consecutive(). */
    STRICT,
    /** Events that do not match. */
    RELAXED,
    /** Any events, those that match too: Flink's allowCombinations(). */
    ANY
}
