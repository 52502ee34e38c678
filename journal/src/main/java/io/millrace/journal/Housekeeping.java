package io.millrace.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.EpochNanoClock;
import org.jspecify.annotations.Nullable;

/**
 * The one background thread of a journal: it reserves segments ahead, and tries again while there is no room. It is
 * never interrupted: that would close the channels it works on.
 */
final class Housekeeping implements AutoCloseable {
    static final String THREAD_NAME = "millrace-housekeeping";

    private static final long RETRY_MS = 500;
    private static final long CLOSE_TIMEOUT_MS = 60_000;

    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, this::newThread);
    private final EpochNanoClock clock;
    private volatile @Nullable Thread thread;

    /** @param clock of the journal */
    Housekeeping(EpochNanoClock clock) {
        this.clock = clock;
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    EpochNanoClock clock() {
        return clock;
    }

    /** Reserves a segment soon. */
    void reserve(SegmentReserver reserver, int segment) {
        executor.execute(() -> tryReserve(reserver, segment));
    }

    /**
     * Gives back soon the room that a dead process had reserved behind what it wrote.
     *
     * @param end behind the file's last byte that is not zero
     */
    void giveBackRest(Path file, long end) {
        executor.execute(() -> {
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

    private void tryReserve(SegmentReserver reserver, int segment) {
        try {
            reserver.prepare(segment);
        } catch (JournalException e) {
            Future<?> ignored = executor.schedule(() -> tryReserve(reserver, segment), RETRY_MS, TimeUnit.MILLISECONDS);
        }
    }

    private Thread newThread(Runnable task) {
        Thread created = new Thread(task, THREAD_NAME);
        created.setDaemon(true);
        thread = created;
        return created;
    }
}
