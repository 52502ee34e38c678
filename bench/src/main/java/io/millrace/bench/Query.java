package io.millrace.bench;

/** The measured queries of the payments workload. */
enum Query {
    /** Drop what is one of the last 1,000,000 distinct ids. */
    Q1(true, false, false, false, 1_200_000),
    /** Orders per customer in 60 s sliding by 5 s. */
    Q2(false, true, false, false, 700_000),
    /** At least 6 attempts on at least 4 cards of a customer in 30 s. */
    Q3(false, false, true, false, 400_000),
    /** Each large attempt, the first order after it and the first completion after that, in 60 s. */
    Q4(false, false, false, true, 700_000),
    /** Q1 as a filter, Q2 and Q3 on what it lets through. */
    Q123(true, true, true, false, 1_200_000),
    /** The same and Q4. */
    ALL(true, true, true, true, 1_200_000);

    final boolean hasDedup;
    final boolean hasWindow;
    final boolean hasPattern;
    final boolean hasSequence;
    /** Events after which the state has the size that it keeps. */
    final long fillCount;

    Query(boolean hasDedup, boolean hasWindow, boolean hasPattern, boolean hasSequence, long fillCount) {
        this.hasDedup = hasDedup;
        this.hasWindow = hasWindow;
        this.hasPattern = hasPattern;
        this.hasSequence = hasSequence;
        this.fillCount = fillCount;
    }
}
