package io.millrace.ring;

/**
 * When a pipeline takes a snapshot by itself: as soon as one of these is reached since the last one. All are 0 for
 * never, which still lets anybody ask for one.
 *
 * @param eventCount accepted records
 * @param length bytes in the journal
 * @param intervalNs in nanoseconds; without a new record none is taken
 */
public record SnapshotPolicy(long eventCount, long length, long intervalNs) {
    /** Only when asked. */
    public static final SnapshotPolicy ON_REQUEST = new SnapshotPolicy(0, 0, 0);

    public SnapshotPolicy {
        requireNotNegative("eventCount", eventCount);
        requireNotNegative("length", length);
        requireNotNegative("intervalNs", intervalNs);
    }

    private static void requireNotNegative(String setting, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(
                    "cannot set snapshots: " + setting + '=' + value + " (expected: at least 0); set 0 for never");
        }
    }

    /** {@return whether so much since the last snapshot calls for another} */
    boolean isDue(long events, long bytes, long elapsedNs) {
        return events > 0
                && ((eventCount > 0 && events >= eventCount)
                        || (length > 0 && bytes >= length)
                        || (intervalNs > 0 && elapsedNs >= intervalNs));
    }
}
