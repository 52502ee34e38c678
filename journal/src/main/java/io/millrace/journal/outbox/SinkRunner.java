package io.millrace.journal.outbox;

import io.millrace.event.Event;
import io.millrace.journal.Failpoint;
import io.millrace.journal.FrameReader;
import io.millrace.journal.JournalException;
import io.millrace.journal.LogKind;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads the outbox behind the pipeline and gives each output to a sink, then notes it in the sink's checkpoint, once
 * per frame. When there is nothing to read it parks for 1 to 16 ms; while the sink throws it pauses for 1 ms to 1 s.
 *
 * <p><b>Threading</b>: {@link #start} begins a thread of its own; or call {@link #doWork} from one thread. The
 * counters may be read by any. <b>Failure</b>: damage in the outbox, an unwritable checkpoint or an {@link Error}
 * ends it, see {@link #fault}; an exception of the sink never does.
 */
public final class SinkRunner implements AutoCloseable {
    private static final long IDLE_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long IDLE_MAX_NS = TimeUnit.MILLISECONDS.toNanos(16);
    private static final long BACKOFF_MAX_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long CLOSE_TIMEOUT_MS = 10_000;

    private final Sink sink;
    private final SinkCheckpoint checkpoint;
    private final FrameReader reader;
    private final Event output = new Event();
    private @Nullable Thread thread;
    private boolean isPending;
    private boolean isFlushDue;
    private long backoffNs;
    private long failures;
    private volatile long position;
    private volatile long failureCount;
    private volatile @Nullable Throwable lastFailure;
    private volatile @Nullable Throwable fault;
    private volatile boolean isClosing;

    /**
     * Looks up where the sink was.
     *
     * @param dataDirectory of a journal that is open in this process, or in none
     */
    public SinkRunner(Path dataDirectory, Sink sink) {
        String name = sink.name();
        if (!name.matches("[a-z0-9][a-z0-9_-]{0,63}")) {
            throw new JournalException(
                    JournalException.EXIT_CONFIG,
                    "cannot run sink: name=" + name + " (expected: [a-z0-9][a-z0-9_-]{0,63}); rename the sink",
                    null);
        }
        this.sink = sink;
        checkpoint = new SinkCheckpoint(
                dataDirectory.resolve(LogKind.OUTBOX.directoryName()).resolve(name + SinkCheckpoint.SUFFIX));
        position = resumePosition(dataDirectory);
        reader = FrameReader.open(dataDirectory, LogKind.OUTBOX, position);
    }

    /** Begins to deliver on a thread of its own. */
    public void start() {
        Thread started = new Thread(this::run, "millrace-sink-" + sink.name());
        started.setDaemon(true);
        thread = started;
        started.start();
    }

    /** Delivers what is there up to the end of a frame: {@return how many outputs the sink took} */
    public int doWork() {
        int count = 0;
        try {
            while (isPending || (!isFlushDue && reader.nextRecord(output))) {
                isPending = true;
                sink.onOutput(output);
                isPending = false;
                count++;
                isFlushDue = reader.isAtEndOfFrame();
            }
            if (isFlushDue) {
                sink.flush();
                isFlushDue = false;
                note();
            }
            backoffNs = 0;
        } catch (JournalException e) {
            throw e;
        } catch (Exception e) {
            failureCount = ++failures;
            lastFailure = e;
            backoffNs = Math.min(Math.max(2 * backoffNs, IDLE_NS), BACKOFF_MAX_NS);
        }
        return count;
    }

    /** {@return ordinal of the first output that the checkpoint does not cover} */
    public long position() {
        return position;
    }

    /** {@return how often the sink has thrown} */
    public long failureCount() {
        return failureCount;
    }

    /** {@return what the sink threw last, null if it never did} */
    public @Nullable Throwable lastFailure() {
        return lastFailure;
    }

    /** {@return what ended this runner, null while it works} */
    public @Nullable Throwable fault() {
        return fault;
    }

    /** Stops after the output that is being delivered, and closes the sink. */
    @Override
    public void close() {
        isClosing = true;
        Thread running = thread;
        try {
            if (running != null) {
                LockSupport.unpark(running);
                running.join(CLOSE_TIMEOUT_MS);
                if (running.isAlive()) {
                    throw new JournalException(
                            JournalException.EXIT_IO,
                            "sink did not end: name=" + sink.name() + ", timeoutMs=" + CLOSE_TIMEOUT_MS,
                            null);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        reader.close();
        checkpoint.close();
        sink.close();
    }

    private void run() {
        long idleNs = IDLE_NS;
        try {
            while (!isClosing) {
                if (doWork() > 0) {
                    idleNs = IDLE_NS;
                } else {
                    LockSupport.parkNanos(Math.max(backoffNs, idleNs));
                    idleNs = Math.min(2 * idleNs, IDLE_MAX_NS);
                }
            }
        } catch (Throwable e) {
            fault = e;
        }
    }

    private void note() {
        long next = reader.place() + 1;
        Failpoint.reach(Failpoint.CHECKPOINT_BEFORE, next - 1);
        checkpoint.write(next, output.idHi(), output.idLo(), reader.frame().start());
        position = next;
        Failpoint.reach(Failpoint.CHECKPOINT_AFTER, next - 1);
    }

    /*
     * A recovery may have left out outputs that were delivered, and others stand in their places now. Then the output
     * before the position is not the one noted, and everything from the first place at which a later start continues
     * comes again.
     */
    private long resumePosition(Path dataDirectory) {
        long noted = checkpoint.position();
        if (noted == 0 || isLastDelivered(dataDirectory, noted - 1)) {
            return noted;
        }
        return Math.min(noted, FrameReader.firstPlaceAfter(dataDirectory, LogKind.OUTBOX, checkpoint.start()));
    }

    private boolean isLastDelivered(Path dataDirectory, long place) {
        try (FrameReader last = FrameReader.open(dataDirectory, LogKind.OUTBOX, place)) {
            return last.nextRecord(output)
                    && last.place() == place
                    && output.idHi() == checkpoint.idHi()
                    && output.idLo() == checkpoint.idLo();
        }
    }
}
