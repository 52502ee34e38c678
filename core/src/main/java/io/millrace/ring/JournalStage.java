package io.millrace.ring;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.latency.LatencyStage;
import io.millrace.status.PipelineCounter;
import org.jspecify.annotations.Nullable;

/**
 * JOURNAL: appends what ADMIT accepted, one frame per batch, and commit marks when SYNC wants one. Its own cursor is
 * that of JOURNALED; where a batch has to be synced before it counts as that, SYNC moves that one.
 */
final class JournalStage implements Stage {
    private final EventRing ring;
    private final Cursor admitted;
    private final Cursor appended;
    private final Cursor journaled;
    private final Cursor synced;
    private final CommitMarks marks;
    private final OutputHashes hashes;
    private final SnapshotCut cut;
    private final LogWriter log;
    private final StageProbe probe;
    private final int maxBatchCount;
    private long nextTicket;
    private long lastSequence = -1;
    private boolean isStarted;
    private boolean isStopping;
    private @Nullable Event first;

    JournalStage(PipelineParts parts, EventLog log) {
        this.ring = parts.ring;
        this.admitted = parts.admitted;
        this.appended = parts.appended;
        this.journaled = parts.journaled;
        this.synced = parts.synced;
        this.marks = parts.marks;
        this.hashes = parts.hashes;
        this.cut = parts.cut;
        this.probe = parts.probe(LatencyStage.JOURNAL, PipelineCounter.JOURNAL_CYCLE_MAX_NS);
        this.log = new LogWriter(
                log,
                "journal",
                probe.counter(PipelineCounter.JOURNAL_FRAMES),
                probe.counter(PipelineCounter.JOURNAL_BYTES));
        this.maxBatchCount = parts.maxBatchCount;
    }

    @Override
    public StageProbe probe() {
        return probe;
    }

    @Override
    public String name() {
        return "JOURNAL";
    }

    @Override
    public void start() {
        log.start();
        isStarted = true;
        appendFirst();
    }

    /** Has a record appended before all others, as soon as this stage has started; before its first duty cycle. */
    void appendFirst(Event record) {
        first = record;
        if (isStarted) {
            appendFirst();
        }
    }

    private void appendFirst() {
        if (first != null) {
            if (first.sequence() < 0) {
                log.appendControl(first);
            } else {
                log.append(first);
            }
            log.commit();
            first = null;
        }
    }

    /**
     * A record at which an operator threw must be in the journal, so that its sequence can be named to be skipped.
     * Whether the last batch is synced is nothing to wait for any more: after a fault no other one will count.
     */
    @Override
    public void stop() {
        isStopping = true;
        Fault fault = ring.fault();
        long last = fault != null && fault.isOfOperator() ? fault.sequence() : -1;
        while (lastSequence < last && doWork() > 0) {
            // The next batch.
        }
    }

    @Override
    public int doWork() {
        long from = nextTicket;
        long to = Math.min(admitted.ticket(), from + maxBatchCount - 1);
        if (to < from || isLastInDoubt()) {
            return mark();
        }
        to = cut.endOfBatch(from, to);
        probe.begin();
        for (long ticket = from; ticket <= to; ticket++) {
            append(ring.slot(ticket));
        }
        if (hashes.isReady(lastSequence)) {
            log.appendControl(hashes.take());
        }
        log.commit();
        nextTicket = to + 1;
        probe.end(ring, from, to);
        appended.advance(to, lastSequence);
        return (int) (to - from + 1);
    }

    /** {@return whether the last batch has to be synced before another may be written, and is not} */
    private boolean isLastInDoubt() {
        return !isStopping && appended != journaled && synced.ticket() < nextTicket - 1;
    }

    private int mark() {
        long lastTicket = nextTicket - 1;
        if (!marks.isWanted(lastTicket)) {
            return 0;
        }
        log.mark();
        probe.counter(PipelineCounter.JOURNAL_MARKS).incrementRelease();
        marks.wrote(lastTicket);
        return 1;
    }

    private void append(MutableEvent event) {
        if (!event.hasAny(Event.DROPPED)) {
            log.append(event);
            lastSequence = event.sequence();
        }
    }

    void restored(long sequence) {
        lastSequence = sequence - 1;
        appended.advance(-1, lastSequence);
        journaled.advance(-1, lastSequence);
    }

    @Override
    public long sequence() {
        return lastSequence + 1;
    }
}
