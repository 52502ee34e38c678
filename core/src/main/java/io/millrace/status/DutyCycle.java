package io.millrace.status;

import org.agrona.concurrent.status.AtomicCounter;

/**
 * Keeps the longest duty cycle of a stage. A thread that polls several stages takes one time stamp after each stage
 * that had work, which is the end of that stage's cycle, the begin of the next one's, and the time of its latencies:
 *
 * <pre>
 *   idle | ADMIT | JOURNAL | APPLY | EMIT | ADMIT ...
 *        t0      t1        t2      t3     t4
 * </pre>
 *
 * <p><b>Threading</b>: one thread records; the counter may be read by any. <b>Allocation</b>: none.
 */
public final class DutyCycle {
    private final AtomicCounter maxNs;
    private long longestNs;

    /** @param maxNs counter that gets the longest duration in nanoseconds, with no other writer */
    public DutyCycle(AtomicCounter maxNs) {
        this.maxNs = maxNs;
        this.longestNs = maxNs.get();
    }

    /**
     * Records a cycle between two readings of one clock in nanoseconds; writes the counter only if it is the longest.
     */
    public void record(long beganNs, long endedNs) {
        long durationNs = endedNs - beganNs;
        if (durationNs > longestNs) {
            longestNs = durationNs;
            maxNs.setRelease(durationNs);
        }
    }
}
