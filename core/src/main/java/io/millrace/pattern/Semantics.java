package io.millrace.pattern;

/** Whose rules a pattern follows where engines differ. */
public enum Semantics {
    /** Flink's, but an event that a negation forbids never completes a match. */
    MILLRACE,
    /** Flink's to the letter: an event that both completes a match and is forbidden completes it. */
    FLINK_EXACT,
    /** Matches in the order of preference of ISO SQL; reserved for another surface. */
    ISO
}
