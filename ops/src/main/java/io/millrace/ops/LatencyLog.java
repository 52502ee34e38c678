package io.millrace.ops;

import io.millrace.latency.LatencyRecorder;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;
import org.agrona.concurrent.EpochClock;
import org.jspecify.annotations.Nullable;

/**
 * Writes what latency recorders took, second by second, as an HdrHistogram log (v1.3) with a tag per stage. Each run
 * makes the file anew.
 *
 * <p><b>Threading</b>: a thread of its own; close from any other.
 */
final class LatencyLog implements AutoCloseable {
    private static final long INTERVAL_MS = 1_000;

    private final PrintStream file;
    private final HistogramLogWriter writer;
    private final List<LatencyRecorder> recorders;
    private final EpochClock clock;
    private final Thread thread = new Thread(this::run, "latency-log");
    private @Nullable Histogram interval;
    private long intervalStartMs;
    private volatile boolean isRunning = true;

    LatencyLog(Path path, List<LatencyRecorder> recorders, EpochClock clock) {
        this.recorders = recorders;
        this.clock = clock;
        this.intervalStartMs = clock.time();
        try {
            this.file = new PrintStream(Files.newOutputStream(path), false, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.writer = new HistogramLogWriter(file);
        writer.outputComment("latencies of millrace in nanoseconds, a tag per stage");
        writer.outputLogFormatVersion();
        writer.outputStartTime(intervalStartMs);
        writer.setBaseTime(intervalStartMs);
        writer.outputLegend();
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
        file.close();
    }

    private void run() {
        while (isRunning) {
            try {
                Thread.sleep(INTERVAL_MS);
            } catch (InterruptedException e) {
                isRunning = false;
            }
            writeIntervals();
        }
    }

    private void writeIntervals() {
        long nowMs = clock.time();
        for (LatencyRecorder recorder : recorders) {
            Histogram histogram = recorder.intervalHistogram(interval);
            interval = histogram;
            if (histogram.getTotalCount() > 0) {
                histogram.setTag(recorder.name());
                histogram.setStartTimeStamp(intervalStartMs);
                histogram.setEndTimeStamp(nowMs);
                writer.outputIntervalHistogram(histogram);
            }
        }
        intervalStartMs = nowMs;
        file.flush();
    }
}
