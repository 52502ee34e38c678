package io.millrace.journal.replay;

import io.millrace.Pipeline;
import io.millrace.PipelineContext;
import io.millrace.event.Event;
import io.millrace.journal.FrameReader;
import io.millrace.journal.Journal;
import io.millrace.journal.LogKind;
import io.millrace.ring.Replayer;
import io.millrace.ring.SnapshotPolicy;
import io.millrace.ring.SnapshotStore;
import io.millrace.state.StateImage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes snapshots without stopping the live path: goes behind the journal with dedup and operators of its own, and when
 * one is due stops itself and saves.
 *
 * <pre>
 *   live       ADMIT -> JOURNAL -> journal/*.cq4         APPLY -> EMIT -> outbox
 *                                       |                          |
 *   follower                     FrameReader -> Replayer -> waits until the outbox has emitted S -> snapshots/S
 * </pre>
 *
 * <p>The rule is that of one taken live: it counts only when journal and outbox are on the disk through it. None is
 * taken of what an earlier run accepted. Its price is a second copy of all state, and the share of a core that it may
 * take.
 *
 * <p><b>Threading</b>: {@link #start} begins a thread of its own at the least priority, that parks when it has nothing
 * to do; what reads, from any. <b>Failure</b>: whatever is thrown ends it, see {@link #fault}; live goes on.
 */
public final class Follower implements AutoCloseable {
    private static final int RECORDS_PER_TURN = 4096;
    private static final long IDLE_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long IDLE_MAX_NS = TimeUnit.MILLISECONDS.toNanos(16);

    private final Journal journal;
    private final SnapshotStore snapshots;
    private final SnapshotPolicy policy;
    private final LongSupplier emittedSequence;
    private final double maxShare;
    private final Replayer replayer;
    private final FrameReader reader;
    private final Event record = new Event();
    private final StateImage image = new StateImage();
    private final Thread thread;
    /** First record that this run of live accepted. */
    private final long liveSequence;

    private long snapshotSequence;
    private long snapshotNs;
    /** Bytes of records since the last snapshot. */
    private long length;

    private volatile long sequence;
    private volatile long writtenSequence;
    private volatile boolean isClosing;
    private volatile @Nullable Throwable fault;

    /**
     * Begins behind the newest snapshot, or before the first record.
     *
     * @param journal that is open in this process and that keeps snapshots
     * @param context with operators and dedup of its own, the same as live
     * @param policy when to take one, by records, their bytes or time
     * @param emittedSequence up to which live has emitted all outputs: {@code pipeline.emitted()::sequence}
     * @param maxShare of a core, above 0 to 1; with less than live needs it falls behind, and snapshots are older
     */
    public Follower(
            Journal journal,
            PipelineContext context,
            SnapshotPolicy policy,
            LongSupplier emittedSequence,
            double maxShare) {
        SnapshotStore store = journal.snapshots();
        if (store == null || !(maxShare > 0 && maxShare <= 1)) {
            throw new IllegalArgumentException("cannot follow journal: snapshots=" + store + ", maxShare=" + maxShare
                    + " (expected: a journal that keeps snapshots, above 0 to 1)");
        }
        this.journal = journal;
        this.snapshots = store;
        this.policy = policy;
        this.emittedSequence = emittedSequence;
        this.maxShare = maxShare;
        this.liveSequence = journal.nextSequence();
        this.replayer = Pipeline.replayer(context, Follower::ignore);
        ReplayStart start = ReplayStart.of(journal.context().directory(), replayer, Long.MAX_VALUE);
        this.reader = journal.reader(LogKind.JOURNAL);
        reader.seekSequence(start.nextSequence());
        this.snapshotSequence = start.nextSequence() - 1;
        this.sequence = snapshotSequence;
        this.writtenSequence = snapshotSequence;
        this.snapshotNs = System.nanoTime();
        this.thread = new Thread(this::run, "follower-" + context.name());
        thread.setDaemon(true);
        thread.setPriority(Thread.MIN_PRIORITY);
    }

    private static void ignore(Event output) {
        // Live puts it out.
    }

    public void start() {
        thread.start();
    }

    private void run() {
        long idleNs = IDLE_NS;
        try {
            while (!isClosing) {
                long beganNs = System.nanoTime();
                int work = follow() + (isDue() ? save() : 0);
                if (work > 0) {
                    idleNs = IDLE_NS;
                    rest(System.nanoTime() - beganNs);
                } else {
                    LockSupport.parkNanos(idleNs);
                    idleNs = Math.min(2 * idleNs, IDLE_MAX_NS);
                }
            }
        } catch (Throwable t) {
            fault = t;
        }
    }

    /** Takes what is there, up to a bound: {@return how many records} */
    private int follow() {
        int count = 0;
        while (count < RECORDS_PER_TURN && reader.nextRecord(record)) {
            if (record.sequence() == liveSequence) {
                goOnBehindRecovery();
            }
            replayer.take(record, reader.frame().epoch());
            length += record.recordLength();
            count++;
        }
        replayer.flush();
        sequence = replayer.sequence();
        return count;
    }

    /*
     * From here on live gives the same outputs as this. Before, the outbox may have others: of operators that have
     * changed since, or of a record that is skipped now.
     */
    private void goOnBehindRecovery() {
        replayer.flush();
        long place = journal.nextOutput();
        long lastIdHi = journal.lastOutputIdHi();
        long lastIdLo = journal.lastOutputIdLo();
        Event output = new Event();
        try (FrameReader outbox = FrameReader.open(journal.context().directory(), LogKind.OUTBOX, place)) {
            while (outbox.nextRecord(output) && output.idLo() < liveSequence) {
                place = outbox.place() + 1;
                lastIdHi = output.idHi();
                lastIdLo = output.idLo();
            }
        }
        replayer.outputsBehind(place, lastIdHi, lastIdLo);
    }

    /** Leaves the rest of the time to others. */
    private void rest(long workedNs) {
        long restNs = (long) (workedNs * (1 - maxShare) / maxShare);
        if (restNs > 0) {
            LockSupport.parkNanos(restNs);
        }
    }

    private boolean isDue() {
        long eventCount = sequence - snapshotSequence;
        boolean isByCount = policy.eventCount() > 0 && eventCount >= policy.eventCount();
        boolean isByTime = policy.intervalNs() > 0 && System.nanoTime() - snapshotNs >= policy.intervalNs();
        boolean isByLength = policy.length() > 0 && length >= policy.length();
        return sequence >= liveSequence && eventCount > 0 && (isByCount || isByLength || isByTime);
    }

    /** Live may be behind with the outputs: then it is asked again in the next turn, the records go on meanwhile. */
    private int save() {
        if (emittedSequence.getAsLong() < sequence) {
            return 0;
        }
        journal.journal().sync();
        journal.outbox().sync();
        snapshots.write(replayer.snapshot(image));
        snapshotSequence = sequence;
        length = 0;
        snapshotNs = System.nanoTime();
        writtenSequence = sequence;
        return 1;
    }

    /** {@return the sequence of the record it has followed up to, -1 before the first} */
    public long sequence() {
        return sequence;
    }

    /** {@return the sequence of the newest snapshot that it has written or begun from, -1 if there is none} */
    public long snapshotSequence() {
        return writtenSequence;
    }

    /** {@return what ended it, null while it works} */
    public @Nullable Throwable fault() {
        return fault;
    }

    /** Ends the thread, after the snapshot under way if there is one. Before the journal is closed. */
    @Override
    public void close() {
        isClosing = true;
        LockSupport.unpark(thread);
        boolean wasInterrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                wasInterrupted = true;
            }
        }
        reader.close();
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
