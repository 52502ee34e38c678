package io.millrace.journal.outbox;

import io.millrace.journal.FrameLog;
import io.millrace.journal.Journal;
import io.millrace.journal.JournalException;
import io.millrace.journal.LogKind;
import io.millrace.journal.OutboxOverrun;
import io.millrace.status.Counters;
import io.millrace.status.PipelineCounter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.agrona.CloseHelper;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.jspecify.annotations.Nullable;

/**
 * The sinks of one open journal, and the bound on how far they may be behind: a thread looks at them some hundred
 * times a second, counts ({@link SinkCounter}) and, past {@code outboxMaxLength}, detaches the sink or has publishers
 * refused, as {@link OutboxOverrun} says. The pipeline itself never waits for a sink.
 *
 * <pre>
 *   try (SinkGroup sinks = new SinkGroup(journal, pipeline.counters(), warnings::add)) {
 *       sinks.attach(sink);
 *       sinks.start();
 *       ...
 *       sinks.awaitDelivered(timeoutNs);
 *   }
 * </pre>
 *
 * <p>The bound is kept to by what is written between two looks, and by what the rings hold when publishers begin to be
 * refused. A sink of accepted events is held to the same bound.
 *
 * <p><b>Threading</b>: attach, start and close from one thread; what tells of sinks from any. <b>Failure</b>: a sink
 * that cannot be detached, as its checkpoint cannot be written, is said in a warning and tried again.
 */
public final class SinkGroup implements AutoCloseable {
    private static final long LOOK_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long AWAIT_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Journal journal;
    private final Counters counters;
    private final Consumer<String> warnings;
    private final EpochNanoClock clock = new SystemEpochNanoClock();
    private final List<SinkLag> sinks = new CopyOnWriteArrayList<>();
    private final Thread thread = new Thread(this::watch, "millrace-sinks");
    private volatile boolean isClosing;
    private boolean isFullSaid;
    private @Nullable String lastWarning;

    /**
     * @param counters of the pipeline that writes the journal
     * @param warnings takes lines for people, from the group's thread
     */
    public SinkGroup(Journal journal, Counters counters, Consumer<String> warnings) {
        this.journal = journal;
        this.counters = counters;
        this.warnings = warnings;
    }

    /** As the other, with the defaults of {@link SinkContext}. */
    public SinkRunner attach(Sink sink) {
        return attach(sink, new SinkContext());
    }

    /** Adds a sink and begins to deliver to it, from where it was. */
    public SinkRunner attach(Sink sink, SinkContext context) {
        SinkRunner runner = new SinkRunner(journal.context().directory(), sink, context);
        String note = runner.resume().note(sink.name());
        if (!note.isEmpty()) {
            warnings.accept(note);
        }
        sinks.add(new SinkLag(journal.context().directory(), runner, log(context.source()), counters));
        runner.start();
        return runner;
    }

    private FrameLog log(LogKind source) {
        if (source == LogKind.JOURNAL) {
            return journal.journal();
        }
        if (journal.outbox() instanceof FrameLog outbox) {
            return outbox;
        }
        throw new JournalException(
                JournalException.EXIT_CONFIG,
                "cannot attach sink: outbox=false (expected: true); keep outputs, or read accepted events",
                null);
    }

    /** Begins to watch. */
    public void start() {
        thread.setDaemon(true);
        thread.start();
    }

    private void watch() {
        while (!isClosing) {
            try {
                look();
            } catch (RuntimeException e) {
                warn("sinks cannot be watched: " + e);
            }
            LockSupport.parkNanos(LOOK_INTERVAL_NS);
        }
    }

    /** Counts, and holds all sinks to the bound, once. */
    synchronized void look() {
        long maxLength = journal.context().outboxMaxLength();
        boolean isRefusing = journal.context().outboxOverrun() == OutboxOverrun.REFUSE;
        SinkLag slowest = null;
        for (SinkLag sink : sinks) {
            if (maxLength > 0 && sink.runner().state() != SinkState.DETACHED) {
                if (isRefusing) {
                    slowest = slower(slowest, sink);
                } else if (sink.behindLength() > sink.limitLength(maxLength)) {
                    detach(sink, maxLength);
                }
            }
            sink.count(clock.nanoTime());
        }
        refuse(slowest, maxLength);
    }

    private static SinkLag slower(@Nullable SinkLag one, SinkLag other) {
        return one == null || other.behindLength() > one.behindLength() ? other : one;
    }

    private void detach(SinkLag sink, long maxLength) {
        String behind = behind(sink, maxLength);
        sink.runner().detach(sink.end());
        counters.counter(PipelineCounter.SINKS_DETACHED).increment();
        warn("sink is detached: " + behind + "; it goes on at place="
                + sink.runner().position() + " when it is started again, if that is kept until then");
    }

    private void refuse(@Nullable SinkLag slowest, long maxLength) {
        boolean isFull = slowest != null && slowest.behindLength() > maxLength;
        journal.outboxFull(isFull);
        if (slowest != null && isFull && !isFullSaid) {
            warn("publishers are refused: " + behind(slowest, maxLength) + "; until the sink has caught up");
        }
        isFullSaid = isFull;
    }

    private static String behind(SinkLag sink, long maxLength) {
        Throwable failure = failure(sink.runner());
        return "name=" + sink.runner().name() + ", behindLength=" + sink.behindLength() + ", behindCount="
                + sink.behindCount() + (failure == null ? "" : ", failure=" + failure) + " (expected: <= "
                + maxLength + " bytes)";
    }

    private void warn(String text) {
        if (!text.equals(lastWarning)) {
            lastWarning = text;
            warnings.accept(text);
        }
    }

    private static @Nullable Throwable failure(SinkRunner runner) {
        Throwable fault = runner.fault();
        return fault == null ? runner.lastFailure() : fault;
    }

    /**
     * Waits until every sink that is attached has taken all that its log has now.
     *
     * @param failingNs how long a sink may throw without a break before it is given up, in nanoseconds
     * @return names of the sinks that have not, because they threw or have ended; those detached are not among them
     */
    public List<String> awaitDelivered(long failingNs) {
        return sinks.stream()
                .filter(sink -> !isDelivered(sink, sink.end(), failingNs))
                .map(sink -> sink.runner().name())
                .toList();
    }

    private boolean isDelivered(SinkLag sink, long end, long failingNs) {
        SinkRunner runner = sink.runner();
        while (runner.position() < end && runner.state() != SinkState.DETACHED) {
            long sinceNs = runner.failingSinceNs();
            if (runner.fault() != null || (sinceNs > 0 && clock.nanoTime() - sinceNs > failingNs) || isClosing) {
                return false;
            }
            LockSupport.parkNanos(AWAIT_INTERVAL_NS);
        }
        return true;
    }

    /** {@return how all sinks are doing; any thread} */
    public List<SinkStatus> statuses() {
        long nowNs = clock.nanoTime();
        return sinks.stream().map(sink -> status(sink, nowNs)).toList();
    }

    private static SinkStatus status(SinkLag sink, long nowNs) {
        SinkRunner runner = sink.runner();
        Throwable failure = failure(runner);
        long pendingNs = runner.pendingIngestTimeNs();
        return new SinkStatus(
                runner.name(),
                runner.source(),
                runner.state(),
                runner.delivery(),
                runner.position(),
                runner.deliveredCount(),
                sink.behindCount(),
                sink.behindLength(),
                pendingNs == 0 ? 0 : Math.max(0, nowNs - pendingNs),
                runner.failureCount(),
                failure == null ? null : failure.toString());
    }

    /** Stops all sinks after what they are taking; what is left comes at the next start. */
    @Override
    public void close() {
        isClosing = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        journal.outboxFull(false);
        CloseHelper.closeAll(sinks.stream().map(SinkLag::runner).toList());
        sinks.forEach(sink -> sink.count(clock.nanoTime()));
    }
}
