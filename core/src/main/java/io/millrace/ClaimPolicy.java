package io.millrace;

import java.util.concurrent.locks.LockSupport;

/**
 * What a publisher does while the ring is full: spin (a whole core, least delay), yield, or park (50 to 100 us per step
 * on Linux), each up to a time.
 */
public final class ClaimPolicy {
    private enum Kind {
        SPIN,
        YIELD,
        PARK
    }

    private final Kind kind;
    private final long timeoutNs;

    private ClaimPolicy(Kind kind, long timeoutNs) {
        if (timeoutNs < 0) {
            throw new IllegalArgumentException("cannot make claim policy: timeoutNs=" + timeoutNs
                    + " (expected: >= 0); use Long.MAX_VALUE for ever");
        }
        this.kind = kind;
        this.timeoutNs = timeoutNs;
    }

    /** {@return spins for at most {@code timeoutNs} nanoseconds, at least 0} */
    public static ClaimPolicy spin(long timeoutNs) {
        return new ClaimPolicy(Kind.SPIN, timeoutNs);
    }

    /** {@return yields for at most {@code timeoutNs} nanoseconds, at least 0} */
    public static ClaimPolicy yield(long timeoutNs) {
        return new ClaimPolicy(Kind.YIELD, timeoutNs);
    }

    /** {@return parks for at most {@code timeoutNs} nanoseconds, at least 0} */
    public static ClaimPolicy park(long timeoutNs) {
        return new ClaimPolicy(Kind.PARK, timeoutNs);
    }

    public long timeoutNs() {
        return timeoutNs;
    }

    void idle() {
        switch (kind) {
            case SPIN -> Thread.onSpinWait();
            case YIELD -> Thread.yield();
            case PARK -> LockSupport.parkNanos(1);
        }
    }
}
