package io.millrace.journal;

/**
 * What a log may keep beyond what is needed. A segment that nothing needs goes when either bound is passed.
 *
 * @param maxLength bytes of segment files to keep at most; {@code Long.MAX_VALUE} for any number
 * @param maxAgeNs since a segment ended, in nanoseconds; {@code Long.MAX_VALUE} for any age
 * @param isForced whether what no snapshot stands for may go too: the log can then no longer be replayed to a state
 */
public record RetentionPolicy(long maxLength, long maxAgeNs, boolean isForced) {
    /** Keeps everything. */
    public static final RetentionPolicy KEEP_ALL = new RetentionPolicy(Long.MAX_VALUE, Long.MAX_VALUE, false);
    /** Keeps what is needed and nothing else. */
    public static final RetentionPolicy KEEP_NEEDED = new RetentionPolicy(0, Long.MAX_VALUE, false);

    public RetentionPolicy {
        if (maxLength < 0 || maxAgeNs < 0) {
            throw new JournalException(
                    JournalException.EXIT_CONFIG,
                    "cannot keep: maxLength=" + maxLength + ", maxAgeNs=" + maxAgeNs + " (expected: at least 0)",
                    null);
        }
    }

    boolean isKeepAll() {
        return maxLength == Long.MAX_VALUE && maxAgeNs == Long.MAX_VALUE;
    }
}
