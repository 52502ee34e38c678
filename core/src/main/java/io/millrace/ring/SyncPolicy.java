package io.millrace.ring;

import java.util.Arrays;

/**
 * When SYNC forces the journal to the disk by itself. Whatever the policy, it does so when somebody waits for
 * {@link Level#SYNCED}, and at the end.
 *
 * <table>
 * <caption>What each bounds; a sync takes 0.2 to 20 ms on most disks</caption>
 * <tr><th>policy<th>an event is synced<th>JOURNAL
 * <tr><td>{@link #NONE}<td>when asked for<td>never waits
 * <tr><td>{@link #interval}<td>an interval and a sync after it was journaled, at the latest<td>never waits
 * <tr><td>{@link #GROUP}<td>at most two syncs after it was journaled<td>never waits
 * <tr><td>{@link #PER_BATCH}<td>before it counts as journaled<td>writes a batch when the one before is synced
 * </table>
 *
 * @param kind of the policy
 * @param intervalNs of {@link Kind#INTERVAL} in nanoseconds, else 0
 */
public record SyncPolicy(Kind kind, long intervalNs) {
    /** Shortest and longest interval in nanoseconds: a millisecond, an hour. */
    public static final long INTERVAL_MIN_NS = 1_000_000;

    public static final long INTERVAL_MAX_NS = 3_600_000_000_000L;

    /** Only on request. */
    public static final SyncPolicy NONE = new SyncPolicy(Kind.NONE, 0);
    /** Whatever has gathered when the last sync ended, at once: no timer. */
    public static final SyncPolicy GROUP = new SyncPolicy(Kind.GROUP, 0);
    /**
     * One batch at a time: the next is written when the last one is synced, and only then does a batch count as
     * journaled. So JOURNALED means SYNCED, and a power cut leaves at most one batch in doubt. No thread blocks for
     * it: what comes meanwhile makes the next batch longer, up to {@code maxBatchCount}.
     */
    public static final SyncPolicy PER_BATCH = new SyncPolicy(Kind.PER_BATCH, 0);

    /** The policies. */
    public enum Kind {
        NONE,
        INTERVAL,
        GROUP,
        PER_BATCH
    }

    public SyncPolicy {
        boolean isTimed = kind == Kind.INTERVAL;
        long min = isTimed ? INTERVAL_MIN_NS : 0;
        long max = isTimed ? INTERVAL_MAX_NS : 0;
        if (intervalNs < min || intervalNs > max) {
            throw new IllegalArgumentException("cannot make sync policy: kind=" + kind + ", intervalNs=" + intervalNs
                    + " (expected: " + min + " to " + max + "); set an interval in that range");
        }
    }

    /**
     * {@return one sync per interval while anything comes, the first event after a pause at once}
     *
     * @param intervalNs in nanoseconds, {@link #INTERVAL_MIN_NS} to {@link #INTERVAL_MAX_NS}
     */
    public static SyncPolicy interval(long intervalNs) {
        return new SyncPolicy(Kind.INTERVAL, intervalNs);
    }

    /** {@return the default: GROUP where something waits for SYNCED, the gate or acknowledgements, else NONE} */
    public static SyncPolicy behind(Level... levels) {
        return Arrays.asList(levels).contains(Level.SYNCED) ? GROUP : NONE;
    }

    @Override
    public String toString() {
        return kind == Kind.INTERVAL ? kind + "(" + intervalNs + " ns)" : kind.toString();
    }
}
