package io.millrace.journal;

import org.agrona.concurrent.EpochNanoClock;

/**
 * A clock that never goes back: when the one behind it does, this one stands still until that has caught up.
 *
 * <p><b>Threading</b>: any. <b>Allocation</b>: none.
 */
final class MonotoneClock implements EpochNanoClock {
    private static final long NS_PER_MS = 1_000_000;

    /** The wall clock in whole milliseconds, which is read without allocation. */
    static final EpochNanoClock WALL = () -> System.currentTimeMillis() * NS_PER_MS;

    private final EpochNanoClock source;
    private long latestNs = Long.MIN_VALUE;

    MonotoneClock(EpochNanoClock source) {
        this.source = source;
    }

    @Override
    public synchronized long nanoTime() {
        latestNs = Math.max(latestNs, source.nanoTime());
        return latestNs;
    }
}
