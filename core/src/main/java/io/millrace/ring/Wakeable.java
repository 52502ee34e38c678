package io.millrace.ring;

/** What is told that something has moved on which it may be waiting for. */
@FunctionalInterface
interface Wakeable {
    /** To be called after the write that is waited for; contains the full fence that orders the two. */
    void signal();
}
