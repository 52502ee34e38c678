package io.millrace.bench;

/** The measured queries of the payments workload. */
enum Query {
    /** Drop what is one of the last 1,000,000 distinct ids. */
    Q1(true, false, false, 1_200_000),
    /** Orders per customer in 60 s sliding by 5 s. */
    Q2(false, true, false, 700_000),
    /** At least 6 attempts on at least 4 cards of a customer in 30 s. */
    Q3(false, false, true, 400_000),
    /** Q1 as a filter, Q2 and Q3 on what it lets through. */
    Q123(true, true, true, 1_200_000);

    final boolean hasDedup;
    final boolean hasWindow;
    final boolean hasPattern;
    /** Events after which the state has the size that it keeps. */
    final long fillCount;

    Query(boolean hasDedup, boolean hasWindow, boolean hasPattern, long fillCount) {
        this.hasDedup = hasDedup;
        this.hasWindow = hasWindow;
        this.hasPattern = hasPattern;
        this.fillCount = fillCount;
    }
}
