package io.millrace.ops;

import io.millrace.EventTimeWatch;
import io.millrace.Pipeline;
import io.millrace.ops.config.RunConfig.EventTimeSection;
import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.EpochNanoClock;

/**
 * Has {@link EventTimeWatch} look at a run's event time, and prints what it says.
 *
 * <p><b>Threading</b>: a thread of its own, which looks ten times a second.
 */
final class TimeWatch implements AutoCloseable {
    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Pipeline pipeline;
    private final EventTimeSection settings;
    private final PrintWriter err;
    private final EpochNanoClock clock;
    private final Thread thread = new Thread(this::run, "event-time-watch");
    private volatile boolean isClosed;

    TimeWatch(Pipeline pipeline, EventTimeSection settings, PrintWriter err, EpochNanoClock clock) {
        this.pipeline = pipeline;
        this.settings = settings;
        this.err = err;
        this.clock = clock;
        thread.setDaemon(true);
    }

    /** Begins; the pipeline has started. */
    void start() {
        thread.start();
    }

    @Override
    public void close() {
        isClosed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        EventTimeWatch watch = new EventTimeWatch(
                pipeline,
                settings.warnAfterNs(),
                settings.sourceIdleAfterNs(),
                text -> err.println("millrace: warning: " + text),
                clock.nanoTime());
        while (!isClosed && pipeline.fault() == null) {
            watch.look(clock.nanoTime());
            LockSupport.parkNanos(INTERVAL_NS);
        }
        watch.look(clock.nanoTime());
    }
}
