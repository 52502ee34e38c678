package io.millrace.journal;

import org.jspecify.annotations.Nullable;

/**
 * What vouches for records of a log beside the log itself.
 *
 * @param end what the file {@code open} says of the log, null if it does not
 * @param boot in which the log was written last
 */
record Evidence(@Nullable LogEnd end, Boot boot) {
    /** Nothing is known but what the log says of itself. */
    static final Evidence NONE = new Evidence(null, Boot.UNKNOWN);

    static Evidence of(@Nullable OpenFile file, LogKind kind) {
        LogEnd end = file == null ? null : file.end(kind);
        Boot boot = end == null ? Boot.UNKNOWN : BootId.isCurrent(end.bootId()) ? Boot.SAME : Boot.ANOTHER;
        return new Evidence(end, boot);
    }

    boolean isClosed() {
        return end != null && end.isClosed();
    }
}
