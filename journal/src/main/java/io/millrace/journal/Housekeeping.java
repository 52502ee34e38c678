package io.millrace.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.EpochNanoClock;
import org.jspecify.annotations.Nullable;

/**
 * The one background thread of a journal: it reserves segments ahead and tries again while there is no room, keeps the
 * ballast and watches the disk. It is never interrupted: that would close the channels it works on.
 */
final class Housekeeping implements AutoCloseable {
    static final String THREAD_NAME = "millrace-housekeeping";

    private static final long RETRY_MS = 500;
    private static final long CLOSE_TIMEOUT_MS = 60_000;

    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, this::newThread);
    private final EpochNanoClock clock;
    private final Ballast ballast;
    private volatile @Nullable Thread thread;

    /** @param clock of the journal */
    Housekeeping(EpochNanoClock clock, Ballast ballast) {
        this.clock = clock;
        this.ballast = ballast;
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
    }

    EpochNanoClock clock() {
        return clock;
    }

    Ballast ballast() {
        return ballast;
    }

    /** Reserves soon what a log wants, and tries again until there is room. */
    void reserve(SegmentReserver reserver) {
        executor.execute(() -> tryReserve(reserver));
    }

    /**
     * Reserves what a log wants before it returns.
     *
     * @throws JournalException if there is no room for it
     */
    static void reserveNow(SegmentReserver reserver) {
        while (reserver.isWanting()) {
            reserver.prepare();
        }
    }

    /** Does something every so often. */
    void repeat(Runnable task, long periodMs) {
        Future<?> ignored = executor.scheduleWithFixedDelay(task, periodMs, periodMs, TimeUnit.MILLISECONDS);
    }

    /** Does something once, soon; not at all if this is closed. */
    void execute(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException closed) {
            // What is done here can be left to the next start.
        }
    }

    /**
     * Gives back soon the room that a dead process had reserved behind what it wrote.
     *
     * @param end behind the file's last byte that is not zero
     */
    void giveBackRest(Path file, long end) {
        execute(() -> {
            try {
                Fallocate.giveBack(file, end, Files.size(file));
            } catch (IOException notGivenBack) {
                // Costs space, not data.
            }
        });
    }

    @Override
    public void close() {
        executor.shutdown();
        Thread last = thread;
        try {
            if (last != null) {
                last.join(CLOSE_TIMEOUT_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tryReserve(SegmentReserver reserver) {
        try {
            while (reserver.isWanting()) {
                reserver.prepare();
            }
        } catch (JournalException noRoom) {
            // The log says that storage is low, and this goes on until it is not.
        }
        if (reserver.isWanting()) {
            Future<?> ignored = executor.schedule(() -> tryReserve(reserver), RETRY_MS, TimeUnit.MILLISECONDS);
        }
    }

    private Thread newThread(Runnable task) {
        Thread created = new Thread(task, THREAD_NAME);
        created.setDaemon(true);
        thread = created;
        return created;
    }
}
