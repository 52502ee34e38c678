package io.millrace.latency;

import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;
import org.jspecify.annotations.Nullable;

/**
 * Measures the pauses of the machine and the JVM themselves, so that a reader of a latency can tell jitter from work. A
 * thread that does nothing sleeps again and again for the same time; by how much it oversleeps, compared with its
 * shortest sleep, is what any thread here may meet.
 *
 * <p>A pause longer than the interval hides the sleeps that would have begun in it; they are recorded as well.
 *
 * <p><b>Threading</b>: start and stop by any thread, once; the recorder's histograms by any. <b>Allocation</b>: none
 * in the loop. <b>Source</b>: jHiccup by Gil Tene.
 */
public final class HiccupMeter implements AutoCloseable {
    /** The time between two measurements, in nanoseconds, unless another is given. */
    public static final long INTERVAL_DEFAULT_NS = 1_000_000;

    /** Tag of the histograms. */
    public static final String TAG = "hiccup";

    /** Sleeps for about the given nanoseconds; may wake early. */
    @FunctionalInterface
    interface Sleeper {
        void sleep(long durationNs);
    }

    private final LatencyRecorder recorder = new LatencyRecorder(TAG);
    private final long intervalNs;
    private final NanoClock clock;
    private final Sleeper sleeper;

    private long shortestSleepNs = Long.MAX_VALUE;
    private volatile boolean isClosed;
    private @Nullable Thread thread;

    public HiccupMeter() {
        this(INTERVAL_DEFAULT_NS);
    }

    /** @param intervalNs time between two measurements in nanoseconds, greater than 0 */
    public HiccupMeter(long intervalNs) {
        this(intervalNs, SystemNanoClock.INSTANCE, LockSupport::parkNanos);
    }

    HiccupMeter(long intervalNs, NanoClock clock, Sleeper sleeper) {
        if (intervalNs <= 0) {
            throw new IllegalArgumentException("cannot build hiccup meter: intervalNs=" + intervalNs
                    + " (expected: greater than 0); take " + INTERVAL_DEFAULT_NS);
        }
        this.intervalNs = intervalNs;
        this.clock = clock;
        this.sleeper = sleeper;
    }

    /** {@return where the pauses are recorded} */
    public LatencyRecorder recorder() {
        return recorder;
    }

    /** Starts measuring on a daemon thread. */
    public synchronized HiccupMeter start() {
        if (thread != null) {
            throw new IllegalStateException(
                    "cannot start hiccup meter: started=true (expected: false); make a new one");
        }
        Thread started = new Thread(this::run, TAG);
        started.setDaemon(true);
        started.start();
        thread = started;
        return this;
    }

    /** Stops measuring; returns when the thread has gone, at the latest after a second. */
    @Override
    public synchronized void close() {
        isClosed = true;
        Thread started = thread;
        if (started != null) {
            LockSupport.unpark(started);
            join(started);
        }
    }

    /** Measures one sleep. */
    void measure() {
        long beganNs = clock.nanoTime();
        long sleptNs = 0;
        while (sleptNs < intervalNs && !isClosed) {
            sleeper.sleep(intervalNs - sleptNs);
            sleptNs = clock.nanoTime() - beganNs;
        }
        if (sleptNs >= intervalNs) {
            shortestSleepNs = Math.min(shortestSleepNs, sleptNs);
            recorder.recordPause(sleptNs - shortestSleepNs, intervalNs);
        }
    }

    private void run() {
        while (!isClosed) {
            measure();
        }
    }

    private static void join(Thread started) {
        try {
            started.join(1_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
