package io.millrace.ops;

import io.millrace.latency.LatencyRecorder;
import java.nio.file.Path;
import java.util.List;
import org.agrona.concurrent.EpochClock;

/**
 * Writes a {@link HistogramLog} while a run goes on, an interval a second; each run makes the file anew.
 *
 * <p><b>Threading</b>: a daemon thread of its own; close from any other.
 */
final class LatencyLog implements AutoCloseable {
    private static final long INTERVAL_MS = 1_000;

    private final HistogramLog log;
    private final EpochClock clock;
    private final Thread thread = new Thread(this::run, "latency-log");
    private volatile boolean isRunning = true;

    LatencyLog(Path file, List<LatencyRecorder> recorders, EpochClock clock) {
        this.clock = clock;
        this.log = HistogramLog.create(file, recorders, clock.time());
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        isRunning = false;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        log.close();
    }

    private void run() {
        while (isRunning) {
            try {
                Thread.sleep(INTERVAL_MS);
            } catch (InterruptedException e) {
                isRunning = false;
            }
            log.tick(clock.time());
        }
    }
}
