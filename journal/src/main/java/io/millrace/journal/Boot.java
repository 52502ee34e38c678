package io.millrace.journal;

/** The run of the operating system in which a log was written last, seen from now. */
enum Boot {
    /** This one: the page cache that the writer wrote to has lived until now. */
    SAME,
    /** An earlier one, or another machine: what was not forced may be there in part. */
    ANOTHER,
    /** Nothing says. */
    UNKNOWN
}
