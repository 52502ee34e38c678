package io.millrace.ops;

import io.millrace.latency.LatencyRecorder;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agrona.concurrent.NanoClock;

/**
 * Spaces events by planned times: the Nth is due at start + N / rate, whatever became of those before it. An event that
 * is late goes at once and moves no plan, so a stall is followed by a burst, as it is with real sources.
 */
final class Pace {
    /** Tag of the histograms. */
    static final String TAG = "behind-plan";

    private static final Pattern RATE = Pattern.compile("(\\d[\\d_]{0,9})(?:/s)?");
    private static final long LONGEST_PARK_NS = 10_000_000;

    private final NanoClock clock;
    private final long startNs;
    private final double intervalNs;
    private final LatencyRecorder recorder = new LatencyRecorder(TAG);
    private long count;

    /** @param ratePerSecond greater than 0 */
    Pace(NanoClock clock, long ratePerSecond) {
        this.clock = clock;
        this.startNs = clock.nanoTime();
        this.intervalNs = 1e9 / ratePerSecond;
    }

    /** {@return events per second of a text such as {@code 5000/s}, 0 if it is none} */
    static long parse(String text) {
        Matcher rate = RATE.matcher(text);
        return rate.matches() ? Long.parseLong(rate.group(1).replace("_", "")) : 0;
    }

    /** {@return nanoseconds until the next event is due, 0 or less if it is} */
    long dueInNs() {
        return startNs + (long) (count * intervalNs) - clock.nanoTime();
    }

    /** Counts an event as sent, and how far that is behind its plan: what the latencies of the stages do not see. */
    void sent() {
        recorder.record(-dueInNs(), 1);
        count++;
    }

    LatencyRecorder recorder() {
        return recorder;
    }

    /** Waits a little if the next event is not due, so that the caller can look at other things; {@return if it is} */
    boolean awaitDue() {
        long waitNs = dueInNs();
        if (waitNs <= 0) {
            return true;
        }
        LockSupport.parkNanos(Math.min(waitNs, LONGEST_PARK_NS));
        return dueInNs() <= 0;
    }
}
