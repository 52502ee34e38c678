package io.millrace.ops;

import io.millrace.journal.outbox.SinkRunner;
import io.millrace.ops.command.CommandException;
import io.millrace.ops.command.ExitCode;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Delivers the outbox to one sink while a run goes on, and what is left of it at the end. A sink that cannot keep up or
 * throws holds nobody up; what it has not taken comes again at the next start.
 */
final class SinkThread implements AutoCloseable {
    private static final long IDLE_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long FINISH_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(5);

    private final String name;
    private final SinkRunner runner;
    private final Thread thread;
    private volatile boolean isFinishing;
    private volatile boolean isAborted;
    private volatile @Nullable Throwable failure;

    SinkThread(String name, SinkRunner runner) {
        this.name = name;
        this.runner = runner;
        this.thread = new Thread(this::run, "sink-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Delivers what the outbox has; nothing may be added any more.
     *
     * @throws CommandException if the sink does not take it all
     */
    void finish() {
        isFinishing = true;
        join();
        if (failure != null) {
            throw new CommandException(
                    ExitCode.IO,
                    "sink is behind: name=" + name + ", delivered=" + runner.position() + ": " + failure
                            + "; what is left is delivered at the next start",
                    failure);
        }
    }

    @Override
    public void close() {
        isAborted = true;
        join();
        runner.close();
    }

    private void join() {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            deliver();
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    private void deliver() {
        long finishBeganNs = 0;
        long failureCount = 0;
        while (!isAborted) {
            boolean wasFinishing = isFinishing;
            boolean isIdle = runner.doWork() == 0;
            boolean isFailing = runner.failureCount() > failureCount;
            failureCount = runner.failureCount();
            if (wasFinishing && finishBeganNs == 0) {
                finishBeganNs = System.nanoTime();
            }
            if (wasFinishing && isIdle && !isFailing) {
                return;
            }
            if (wasFinishing && isFailing && System.nanoTime() - finishBeganNs > FINISH_TIMEOUT_NS) {
                failure = runner.lastFailure();
                return;
            }
            if (isIdle) {
                LockSupport.parkNanos(IDLE_NS);
            }
        }
    }
}
