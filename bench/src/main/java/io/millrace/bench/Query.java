package io.millrace.bench;

import io.millrace.pattern.MatchMode;

/** The measured queries of the payments workload. */
enum Query {
    /** Drop what is one of the last 1,000,000 distinct ids. */
    Q1(true, 0, 0, false, false, 1_200_000, 600_000, "kept 593971 86a07d10dd15122e"),
    /** Orders per customer in 60 s sliding by 5 s. */
    Q2(false, 60_000, 5_000, false, false, 700_000, 600_000, "windows 532593 40a33ca12c5152bc"),
    /** Orders per customer in 1 h sliding by 5 min. */
    Q2L(false, 3_600_000, 300_000, false, false, 40_000_000, 7_000_000, "windows 199931 f400466c0dc31a7b"),
    /** At least 6 attempts on at least 4 cards of a customer in 30 s. */
    Q3(false, 0, 0, true, false, 400_000, 600_000, "matches 4117 573ac872892d6258"),
    /** The same, but a match begins the count anew: the rows of Flink's automaton with skip past last event. */
    Q3R(false, 0, 0, true, false, 400_000, 600_000, "matches 243 2091325c7cb8d267"),
    /** Each large attempt, the first order after it and the first completion after that, in 60 s. */
    Q4(false, 0, 0, false, true, 700_000, 600_000, "sequences 8523 f5ddc41f8f6b99db"),
    /** Q1 as a filter, Q2 and Q3 on what it lets through. */
    Q123(
            true,
            60_000,
            5_000,
            true,
            false,
            1_200_000,
            600_000,
            "windows 532593 862311358b8e9e59, matches 4070 a09d055ad80bf6d9"),
    /** The same and Q4. */
    ALL(
            true,
            60_000,
            5_000,
            true,
            true,
            1_200_000,
            600_000,
            "windows 532593 862311358b8e9e59, matches 4070 a09d055ad80bf6d9, sequences 8447 f627a5ee2f0426e2"),
    /** {@link ManyRules}: of our own, with the rows of Esper. */
    RULES(false, 0, 0, false, false, 300_000, 300_000, "sequences 11016 5f58a0f3b55cc8b1");

    static final int DEDUP_IDS = 1_000_000;
    static final int MIN_ATTEMPTS = 6;
    static final int MIN_CARDS = 4;
    static final int ATTEMPTS_MS = 30_000;
    static final int MIN_AMOUNT_CENTS = 90_001;
    static final int SEQUENCE_MS = 60_000;

    final boolean hasDedup;
    final boolean hasWindow;
    final long windowMs;
    final long slideMs;
    final boolean hasPattern;
    final boolean hasSequence;
    /** Events after which the state has the size that it keeps. */
    final long fillCount;
    /** Events whose rows the workload gives. */
    final long verifiedCount;

    /** Those rows, as {@link QueryRows} writes them. */
    final String verifiedRows;

    Query(
            boolean hasDedup,
            long windowMs,
            long slideMs,
            boolean hasPattern,
            boolean hasSequence,
            long fillCount,
            long verifiedCount,
            String verifiedRows) {
        this.hasDedup = hasDedup;
        this.hasWindow = windowMs > 0;
        this.windowMs = windowMs;
        this.slideMs = slideMs;
        this.hasPattern = hasPattern;
        this.hasSequence = hasSequence;
        this.fillCount = fillCount;
        this.verifiedCount = verifiedCount;
        this.verifiedRows = verifiedRows;
    }

    /** {@return what the pattern of attempts does at a match} */
    MatchMode mode() {
        return this == Q3R ? MatchMode.SKIP_PAST_LAST : MatchMode.EVERY_EVENT;
    }

    /** Makes sure that the rows of the first {@link #verifiedCount} events are those of the workload. */
    void requireRows(QueryRows rows) {
        if (!rows.toString().equals(verifiedRows)) {
            throw new IllegalStateException("rows differ: query=" + this + ", rows=" + rows + " (expected: "
                    + verifiedRows + ", those of the workload); do not measure what is wrong");
        }
    }
}
