package io.millrace.ops;

import io.millrace.Pipeline;
import io.millrace.journal.snapshot.SnapshotDirectory;
import io.millrace.status.PipelineCounter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks for the file by which {@code millrace snapshot take} asks a run for a snapshot, and deletes it when there is
 * one, or when it came to nothing.
 *
 * <p><b>Threading</b>: a thread of its own, which looks ten times a second.
 */
final class SnapshotRequests implements AutoCloseable {
    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Path request;
    private final Pipeline pipeline;
    private final PrintWriter err;
    private final Thread thread = new Thread(this::run, "snapshot-requests");
    private volatile boolean isClosed;

    SnapshotRequests(Path dataDirectory, Pipeline pipeline, PrintWriter err) {
        this.request = SnapshotDirectory.request(dataDirectory);
        this.pipeline = pipeline;
        this.err = err;
        thread.setDaemon(true);
    }

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
        while (!isClosed && pipeline.fault() == null) {
            if (Files.exists(request)) {
                serve();
            }
            LockSupport.parkNanos(INTERVAL_NS);
        }
    }

    private void serve() {
        long doneBefore = doneCount();
        if (!pipeline.requestSnapshot()) {
            return;
        }
        while (!isClosed && pipeline.fault() == null && doneCount() == doneBefore) {
            LockSupport.parkNanos(INTERVAL_NS);
        }
        try {
            Files.deleteIfExists(request);
        } catch (IOException e) {
            err.println("millrace: cannot delete request for a snapshot: file=" + request + ": " + e);
        }
    }

    private long doneCount() {
        return pipeline.counters().counter(PipelineCounter.SNAPSHOTS_WRITTEN).get()
                + pipeline.counters().counter(PipelineCounter.SNAPSHOTS_FAILED).get();
    }
}
