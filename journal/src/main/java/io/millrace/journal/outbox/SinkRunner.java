package io.millrace.journal.outbox;

import io.millrace.event.Event;
import io.millrace.journal.Failpoint;
import io.millrace.journal.FrameReader;
import io.millrace.journal.JournalException;
import io.millrace.journal.LogKind;
import io.millrace.journal.SinkCheckpoint;
import io.millrace.journal.SinkPosition;
import io.millrace.journal.deadletter.RedriveTarget;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads the outbox behind the pipeline and gives each output to a sink, then notes it in the sink's checkpoint, once
 * per frame. When there is nothing to read it parks for 1 to 16 ms; while the sink throws it pauses, see
 * {@link SinkContext#retry}, and calls it with the same output: none is passed over.
 *
 * <p><b>Threading</b>: {@link #start} begins a thread of its own; or call {@link #doWork} from one thread. What tells
 * its state may be read by any. <b>Failure</b>: damage in the log, an unwritable checkpoint or an {@link Error} ends
 * it, see {@link #fault}; an exception of the sink never does.
 */
public final class SinkRunner implements AutoCloseable {
    private static final long IDLE_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long IDLE_MAX_NS = TimeUnit.MILLISECONDS.toNanos(16);
    private static final long CLOSE_TIMEOUT_MS = 10_000;
    /** A thread of a detached sink may hang in it for ever. */
    private static final long CLOSE_DETACHED_TIMEOUT_MS = 200;

    private final Sink sink;
    private final SinkContext context;
    private final SinkCheckpoint checkpoint;
    private final SinkResume resume;
    private final FrameReader reader;
    private final SplittableRandom random;
    private final @Nullable SinkLetters letters;
    private final Event output = new Event();
    private @Nullable Thread thread;
    private boolean isPending;
    private boolean isFlushDue;
    private long backoffNs;
    private long failures;
    private long deliveries;
    private long passedLength;
    private volatile long position;
    private volatile long readLength;
    private volatile long deliveredCount;
    private volatile long failureCount;
    private volatile long failingSinceNs;
    private volatile long pendingIngestTimeNs;
    private volatile @Nullable Throwable lastFailure;
    private volatile @Nullable Throwable fault;
    private volatile boolean isDetached;
    private volatile boolean isClosing;

    /** As the other, with the settings of {@link SinkContext}. */
    public SinkRunner(Path dataDirectory, Sink sink) {
        this(dataDirectory, sink, new SinkContext());
    }

    /**
     * Looks up where the sink was. One that had been detached is attached again.
     *
     * @param dataDirectory of a journal that is open in this process, or in none
     */
    public SinkRunner(Path dataDirectory, Sink sink, SinkContext context) {
        String name = sink.name();
        if (!name.matches(SinkCheckpoint.NAME_PATTERN)) {
            throw new JournalException(
                    JournalException.EXIT_CONFIG,
                    "cannot run sink: name=" + name + " (expected: " + SinkCheckpoint.NAME_PATTERN
                            + "); rename the sink",
                    null);
        }
        this.sink = sink;
        this.context = context;
        random = new SplittableRandom(context.seed());
        letters = context.letters(name);
        checkpoint = SinkCheckpoint.open(dataDirectory, context.source(), name);
        SinkPosition noted = checkpoint.position();
        resume = SinkResume.of(dataDirectory, context.source(), noted);
        if (noted.isDetached()) {
            checkpoint.reset(
                    new SinkPosition(resume.from(), noted.idHi(), noted.idLo(), noted.start(), false, nowNs(), 0));
        }
        position = resume.from();
        reader = FrameReader.open(dataDirectory, context.source(), position);
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
            count += redeliver();
            while (!isDetached && (isPending || (!isFlushDue && next()))) {
                isPending = true;
                deliver();
                isPending = false;
                count++;
                isFlushDue = reader.isAtEndOfFrame();
            }
            if (isFlushDue && !isDetached) {
                sink.flush();
                isFlushDue = false;
                note();
            }
            backoffNs = 0;
            failingSinceNs = 0;
        } catch (JournalException e) {
            throw e;
        } catch (Exception e) {
            failed(e);
        }
        if (count > 0) {
            deliveries += count;
            deliveredCount = deliveries;
        }
        return count;
    }

    /** Between two frames, when the checkpoint covers all that was given. */
    private int redeliver() {
        return letters == null || isPending || isFlushDue || isDetached ? 0 : letters.redeliver(sink);
    }

    private void deliver() throws Exception {
        if (letters == null) {
            sink.onOutput(output);
        } else if (!letters.isHeldBack(output)) {
            deliver(letters);
        }
    }

    private void deliver(SinkLetters parking) throws Exception {
        try {
            sink.onOutput(output);
            parking.taken();
        } catch (Exception e) {
            if (!parking.isParked(output, e)) {
                throw e;
            }
            failureCount = ++failures;
            lastFailure = e;
        }
    }

    /** {@return the handler that its dead letters have, null if it parks none} */
    public @Nullable String handler() {
        return letters == null ? null : letters.handler();
    }

    /** {@return where its dead letters go back to, null if it parks none} */
    public @Nullable RedriveTarget redriveTarget() {
        return letters;
    }

    private boolean next() {
        boolean isThere = reader.nextRecord(output);
        pendingIngestTimeNs = isThere ? output.ingestTimeNs() : 0;
        return isThere;
    }

    private void failed(Exception e) {
        failureCount = ++failures;
        lastFailure = e;
        if (failingSinceNs == 0) {
            failingSinceNs = Math.max(1, nowNs());
        }
        backoffNs = Math.min(Math.max(2 * backoffNs, context.retryMinNs()), context.retryMaxNs());
    }

    /** {@return where it began, and what it missed} */
    public SinkResume resume() {
        return resume;
    }

    public String name() {
        return sink.name();
    }

    /** {@return the log that it reads} */
    public LogKind source() {
        return context.source();
    }

    /** {@return what the sink promises of its data} */
    public Delivery delivery() {
        return sink.delivery();
    }

    /** {@return what it is doing} */
    public SinkState state() {
        if (fault != null) {
            return SinkState.HALTED;
        }
        if (isDetached) {
            return SinkState.DETACHED;
        }
        return failingSinceNs == 0 ? SinkState.DELIVERING : SinkState.RETRYING;
    }

    /** {@return place of the first record that the checkpoint does not cover} */
    public long position() {
        return position;
    }

    /** {@return bytes of the frames that it has passed} */
    long readLength() {
        return readLength;
    }

    /** {@return how many records the sink took, each time that it did} */
    public long deliveredCount() {
        return deliveredCount;
    }

    /** {@return how often the sink has thrown} */
    public long failureCount() {
        return failureCount;
    }

    /** {@return since when every call has thrown, in nanoseconds since the epoch; 0 if the last one did not} */
    public long failingSinceNs() {
        return failingSinceNs;
    }

    /** {@return when the record at hand was published, in nanoseconds since the epoch; 0 if there is none} */
    public long pendingIngestTimeNs() {
        return pendingIngestTimeNs;
    }

    /** {@return what the sink threw last, null if it never did} */
    public @Nullable Throwable lastFailure() {
        return lastFailure;
    }

    /** {@return what ended this runner, null while it works} */
    public @Nullable Throwable fault() {
        return fault;
    }

    /**
     * Cuts the sink loose: after the output that it is taking it gets nothing more, and that is forced to the disk. Any
     * thread.
     *
     * @param end place behind the log's last record
     */
    void detach(long end) {
        // First what can fail: a sink that looks detached is not tried again.
        checkpoint.detach(nowNs(), end);
        isDetached = true;
    }

    /** Stops after the output that is being delivered, and closes the sink. */
    @Override
    public void close() {
        isClosing = true;
        if (!isStopped()) {
            if (isDetached) {
                return;
            }
            throw new JournalException(
                    JournalException.EXIT_IO,
                    "sink did not end: name=" + sink.name() + ", timeoutMs=" + CLOSE_TIMEOUT_MS,
                    null);
        }
        reader.close();
        checkpoint.close();
        sink.close();
    }

    private boolean isStopped() {
        Thread running = thread;
        if (running == null) {
            return true;
        }
        try {
            LockSupport.unpark(running);
            running.join(isDetached ? CLOSE_DETACHED_TIMEOUT_MS : CLOSE_TIMEOUT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !running.isAlive();
    }

    private void run() {
        long idleNs = IDLE_NS;
        try {
            while (!isClosing && !isDetached) {
                if (doWork() > 0) {
                    idleNs = IDLE_NS;
                } else {
                    LockSupport.parkNanos(Math.max(pauseNs(), idleNs));
                    idleNs = Math.min(2 * idleNs, IDLE_MAX_NS);
                }
            }
        } catch (Throwable e) {
            fault = e;
        }
    }

    /** {@return half to all of the span, by chance} */
    private long pauseNs() {
        return backoffNs == 0 ? 0 : backoffNs / 2 + random.nextLong(backoffNs / 2 + 1);
    }

    private long nowNs() {
        return context.clock().nanoTime();
    }

    private void note() {
        long next = reader.place() + 1;
        if (letters != null) {
            letters.beforeCheckpoint();
        }
        Failpoint.reach(Failpoint.CHECKPOINT_BEFORE, next - 1);
        checkpoint.write(new SinkPosition(
                next, output.idHi(), output.idLo(), reader.frame().start(), false, nowNs(), 0));
        passedLength += reader.frame().length();
        readLength = passedLength;
        position = next;
        Failpoint.reach(Failpoint.CHECKPOINT_AFTER, next - 1);
    }
}
