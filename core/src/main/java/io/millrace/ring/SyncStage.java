package io.millrace.ring;

import io.millrace.status.PipelineCounter;
import java.lang.invoke.VarHandle;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;
import org.jspecify.annotations.Nullable;

/**
 * SYNC: forces the journal to the disk, when the {@link SyncPolicy} says so and when somebody asks for it. Whatever has
 * gathered while the last sync ran goes with the next one. It runs on a thread of its own that parks, because a sync
 * blocks; JOURNAL never waits for it, but as {@link SyncPolicy#PER_BATCH} says.
 *
 * <p>When all is synced and nothing came for {@link #MARK_IDLE_NS} it has JOURNAL write a commit mark, and forces that.
 */
final class SyncStage implements Stage {
    /** Silence after which the journal itself shall say that all of it is synced, in nanoseconds. */
    static final long MARK_IDLE_NS = 5_000_000;

    private final EventRing ring;
    private final Cursor appended;
    private final Cursor journaled;
    private final Cursor synced;
    private final CommitMarks marks;
    private final EventLog log;
    private final SyncPolicy policy;
    private final StageProbe probe;
    private NanoClock clock = SystemNanoClock.INSTANCE;
    private @Nullable WaitStrategy wait;
    private volatile long requestedTicket = -1;

    /** Whether there is work that the interval will bring about: JOURNAL need not signal more of it. */
    private volatile boolean isTimed;

    private boolean isMarkDue;
    private long forcedMarkTicket = -1;
    private long forceBeganNs;
    private long forceEndedNs;

    SyncStage(PipelineParts parts, EventLog log) {
        this.ring = parts.ring;
        this.appended = parts.appended;
        this.journaled = parts.journaled;
        this.synced = parts.synced;
        this.marks = parts.marks;
        this.log = log;
        this.policy = parts.syncPolicy;
        this.probe = parts.probe(null, PipelineCounter.JOURNAL_SYNC_MAX_NS);
        this.forceBeganNs = clock.nanoTime() - policy.intervalNs();
    }

    @Override
    public StageProbe probe() {
        return probe;
    }

    @Override
    public String name() {
        return "SYNC";
    }

    /** Takes time from another clock, for tests; before the threads start. */
    void clock(NanoClock other) {
        clock = other;
        forceBeganNs = other.nanoTime() - policy.intervalNs();
    }

    /*
     * JOURNAL moves on for every batch, and most of them nobody wants synced at once: to wake this thread each time
     * would cost JOURNAL a system call per batch. As in Parker, each side writes, has a full fence and reads what the
     * other wrote.
     *
     * Request: JOURNAL writes its cursor and reads the request, whoever asks writes the request and (in signal) reads
     * the armed flag. If JOURNAL does not see the request, the signal of the request comes after JOURNAL's cursor, and
     * its look finds the record.
     *
     * Interval: JOURNAL writes its cursor and reads isTimed, this thread clears isTimed, arms (a full fence) and looks
     * at the cursor. If JOURNAL still sees it set, that look comes after JOURNAL's cursor.
     */
    /** {@return what JOURNAL signals: the thread of this stage, but only while a sync is wanted now} */
    Wakeable whileWanted(WaitStrategy ofThread) {
        wait = ofThread;
        return policy.kind() == SyncPolicy.Kind.NONE || policy.kind() == SyncPolicy.Kind.INTERVAL
                ? () -> {
                    VarHandle.fullFence();
                    if (isRequested() || isFirstOfInterval()) {
                        ofThread.signal();
                    }
                }
                : ofThread;
    }

    private boolean isRequested() {
        return requestedTicket > synced.ticket();
    }

    private boolean isFirstOfInterval() {
        return policy.kind() == SyncPolicy.Kind.INTERVAL && !isTimed;
    }

    /** Asks for a sync through a ticket; any thread. A request lost to a race is made again by whoever waits. */
    boolean request(long ticket) {
        if (ticket <= requestedTicket) {
            return false;
        }
        requestedTicket = ticket;
        return true;
    }

    @Override
    public int doWork() {
        long ticket = appended.ticket();
        long markTicket = marks.writtenTicket();
        boolean isNew = ticket > synced.ticket();
        if (markTicket != forcedMarkTicket || (isNew && isDue())) {
            force(ticket, markTicket);
            return 1;
        }
        if (!isNew) {
            rest(ticket);
        }
        return 0;
    }

    private boolean isDue() {
        return switch (policy.kind()) {
            case NONE -> isRequested();
            case INTERVAL -> isRequested() || isIntervalOver();
            case GROUP, PER_BATCH -> true;
        };
    }

    private boolean isIntervalOver() {
        long leftNs = policy.intervalNs() - (clock.nanoTime() - forceBeganNs);
        isTimed = leftNs > 0;
        parkAtMost(leftNs);
        return leftNs <= 0;
    }

    /** All is synced: if that lasts, a mark shall say so. */
    private void rest(long ticket) {
        if (isTimed) {
            isTimed = false;
        }
        long leftNs = isMarkDue ? MARK_IDLE_NS - (clock.nanoTime() - forceEndedNs) : Long.MAX_VALUE;
        if (leftNs <= 0) {
            isMarkDue = false;
            marks.want(ticket);
        }
        parkAtMost(leftNs);
    }

    private void parkAtMost(long limitNs) {
        if (wait != null) {
            wait.parkAtMost(limitNs > 0 ? limitNs : Long.MAX_VALUE);
        }
    }

    /** Cursor and mark are sampled before the sync and published after, so nothing that came meanwhile counts. */
    private void force(long ticket, long markTicket) {
        probe.begin();
        forceBeganNs = clock.nanoTime();
        long sequence = appended.sequence();
        log.sync();
        forcedMarkTicket = markTicket;
        forceEndedNs = clock.nanoTime();
        if (ticket > synced.ticket()) {
            isMarkDue = true;
            advance(ticket, sequence);
        }
        probe.end();
        probe.counter(PipelineCounter.JOURNAL_SYNCS).incrementRelease();
    }

    private void advance(long ticket, long sequence) {
        if (appended != journaled) {
            journaled.advance(ticket, sequence);
        }
        synced.advance(ticket, sequence);
    }

    /** What is in the journal at the end goes to the disk; after a fault nothing is tried again. */
    @Override
    public void stop() {
        long ticket = appended.ticket();
        if (ring.fault() == null && ticket > synced.ticket()) {
            force(ticket, marks.writtenTicket());
        }
    }
}
