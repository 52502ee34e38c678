package io.millrace.window;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * What an operator does with an event that is late: one whose time the watermark has passed already. The default drops
 * and counts it.
 *
 * <pre>
 *   policy                               ts &lt;= W, window (if any) still kept     too late for that
 *   DROP                                 counted in windows that are open        dropped, counted
 *   SIDE_OUTPUT                          the same                                a {@link LateEvent}
 *   update(5, MINUTES)                   windows closed 5 min ago or less come   dropped, counted
 *                                        out again, with the next revision
 *   update(5, MINUTES).withSideOutput()  the same                                a {@link LateEvent}
 * </pre>
 *
 * <p>Only windows can update: what came out of an operator that needs order (a pattern, a count window) cannot be
 * taken back, so there each late event is too late.
 *
 * @param allowedLatenessNs how much longer than the watermark asks for a window is kept, in nanoseconds, 0 to {@link
 *     WindowSpec#MAX_DURATION_NS}
 * @param isSideOutput whether a {@link LateEvent} is put out for what is dropped
 */
public record LatePolicy(long allowedLatenessNs, boolean isSideOutput) {
    /** Late events are dropped and counted. */
    public static final LatePolicy DROP = new LatePolicy(0, false);
    /** Late events are put out as {@link LateEvent}s. */
    public static final LatePolicy SIDE_OUTPUT = new LatePolicy(0, true);

    /** @throws IllegalArgumentException if the lateness is out of range */
    public LatePolicy {
        if (allowedLatenessNs < 0 || allowedLatenessNs > WindowSpec.MAX_DURATION_NS) {
            throw new IllegalArgumentException("cannot build late policy: allowedLatenessNs=" + allowedLatenessNs
                    + " (expected: 0 to " + WindowSpec.MAX_DURATION_NS
                    + "); set how long results may still be corrected");
        }
    }

    /** {@return one that keeps windows for longer and puts a corrected one out again, with the next revision} */
    public static LatePolicy update(long allowedLateness, TimeUnit unit) {
        return new LatePolicy(unit.toNanos(allowedLateness), false);
    }

    /** {@return the same, and what is too late for it is put out as a {@link LateEvent}} */
    public LatePolicy withSideOutput() {
        return new LatePolicy(allowedLatenessNs, true);
    }

    /** {@return whether results are corrected} */
    public boolean isUpdate() {
        return allowedLatenessNs > 0;
    }

    /** {@return the policy in words, the same for the same policy: {@code drop}, {@code update 5m + side-output}} */
    @Override
    public String toString() {
        String action = isSideOutput ? "side-output" : "drop";
        if (!isUpdate()) {
            return action;
        }
        String lateness = Duration.ofNanos(allowedLatenessNs).toString().substring("PT".length());
        return "update " + lateness.toLowerCase(Locale.ROOT) + (isSideOutput ? " + " + action : "");
    }
}
