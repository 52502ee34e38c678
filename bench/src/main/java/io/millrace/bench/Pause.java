package io.millrace.bench;

import java.util.concurrent.locks.LockSupport;

/** Sleeps for all of a time, without spinning. */
final class Pause {
    private Pause() {}

    static void forNs(long durationNs) {
        untilNs(System.nanoTime() + durationNs);
    }

    /** @param endNs on the clock of {@link System#nanoTime} */
    static void untilNs(long endNs) {
        for (long restNs = endNs - System.nanoTime(); restNs > 0; restNs = endNs - System.nanoTime()) {
            LockSupport.parkNanos(restNs);
        }
    }
}
