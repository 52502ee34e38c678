package io.millrace.ring;

import java.util.concurrent.locks.LockSupport;

/**
 * Sleeps for a short fixed time between polls: a publisher pays nothing for it, the event waits for the end of the
 * sleep. The kernel adds its timer slack to the period (50 us by default on Linux).
 */
final class ParkWait extends WaitStrategy {
    static final String NAME = "park";

    private static final long PERIOD_NS = 50_000;

    @Override
    public void idle() {
        LockSupport.parkNanos(this, PERIOD_NS);
    }

    @Override
    public void onWork() {}

    @Override
    public void signal() {}

    @Override
    public boolean isBusySpinning() {
        return false;
    }

    @Override
    public String name() {
        return NAME;
    }
}
