package io.millrace.journal.replay;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

/**
 * How fast a replay goes: as fast as it can, or so many times as fast as the records were published. A record is due at
 * start + (its ingest time - that of the first) / speed, whatever became of those before it.
 *
 * <p><b>Threading</b>: one thread. <b>Allocation</b>: none per record.
 */
public final class ReplayPace {
    private static final long LONGEST_PARK_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private final NanoClock clock;
    private final double speed;
    private boolean isBegun;
    private long startNs;
    private long firstIngestTimeNs;

    private ReplayPace(NanoClock clock, double speed) {
        this.clock = clock;
        this.speed = speed;
    }

    /** {@return as fast as it goes} */
    public static ReplayPace max() {
        return new ReplayPace(SystemNanoClock.INSTANCE, 0);
    }

    /**
     * {@return so many times as fast as the records were published}
     *
     * @param speed greater than 0; 1 is as it was
     */
    public static ReplayPace times(double speed) {
        return times(speed, SystemNanoClock.INSTANCE);
    }

    static ReplayPace times(double speed, NanoClock clock) {
        if (!(speed > 0) || Double.isInfinite(speed)) {
            throw new IllegalArgumentException(
                    "cannot pace replay: speed=" + speed + " (expected: > 0); 1 is as fast as it was");
        }
        return new ReplayPace(clock, speed);
    }

    boolean isMax() {
        return speed == 0;
    }

    /** {@return nanoseconds until a record is due, 0 or less if it is} */
    long dueInNs(long ingestTimeNs) {
        if (isMax()) {
            return 0;
        }
        if (!isBegun) {
            isBegun = true;
            startNs = clock.nanoTime();
            firstIngestTimeNs = ingestTimeNs;
        }
        return startNs + (long) ((ingestTimeNs - firstIngestTimeNs) / speed) - clock.nanoTime();
    }

    /** Parks until a record is due. */
    void await(long ingestTimeNs) {
        long waitNs = dueInNs(ingestTimeNs);
        while (waitNs > 0 && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(Math.min(waitNs, LONGEST_PARK_NS));
            waitNs = dueInNs(ingestTimeNs);
        }
    }

    @Override
    public String toString() {
        return isMax() ? "max" : "x" + (speed == Math.rint(speed) ? Long.toString((long) speed) : speed);
    }
}
