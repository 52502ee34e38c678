package io.millrace.ring;

import io.millrace.status.PipelineCounter;
import java.util.function.LongConsumer;
import org.agrona.concurrent.EpochNanoClock;

/**
 * SNAPSHOT: asks for a snapshot when one is due, and hands over what the stages saved as soon as it counts: when the
 * journal is synced through the cut, and the outbox has all outputs up to it and is synced too. It runs on a thread of
 * its own, because writing blocks.
 */
final class SnapshotStage implements Stage {
    private final PipelineParts parts;
    private final SnapshotStore store;
    private final EventLog outbox;
    private final SnapshotPolicy policy;
    private final EpochNanoClock clock;
    private final LongConsumer syncRequest;
    private final StageProbe probe;
    private long lastSequence = -1;
    private long lastLength;
    private long lastNs;

    /** @param syncRequest asks for a sync of the journal through a ticket */
    SnapshotStage(PipelineParts parts, EventStore store, SnapshotStore snapshots, LongConsumer syncRequest) {
        this.parts = parts;
        this.store = snapshots;
        this.outbox = store.outbox();
        this.policy = parts.snapshotPolicy;
        this.clock = parts.clock;
        this.syncRequest = syncRequest;
        this.probe = parts.probe(null, PipelineCounter.SNAPSHOT_CYCLE_MAX_NS);
        this.lastNs = clock.nanoTime();
    }

    @Override
    public StageProbe probe() {
        return probe;
    }

    @Override
    public String name() {
        return "SNAPSHOT";
    }

    /** Begins behind the snapshot that a recovery began from, -1 if there was none. */
    void restored(long sequence) {
        lastSequence = sequence;
        lastLength = journalLength();
        show(sequence);
    }

    @Override
    public int doWork() {
        if (parts.cut.isSaved()) {
            return finish();
        }
        return isDue() && request() ? 1 : 0;
    }

    private boolean isDue() {
        long events = parts.admitted.sequence() - lastSequence;
        return policy.isDue(events, journalLength() - lastLength, clock.nanoTime() - lastNs);
    }

    private long journalLength() {
        return probe.counter(PipelineCounter.JOURNAL_BYTES).get();
    }

    /** Asks the writer for a slot; any thread. False if a snapshot is under way, or the inbox is full. */
    boolean request() {
        if (!parts.cut.ask()) {
            return false;
        }
        boolean isTaken = parts.inbox.offerSnapshot();
        if (!isTaken) {
            parts.cut.free();
        }
        return isTaken;
    }

    private int finish() {
        long ticket = parts.cut.ticket();
        if (parts.synced.ticket() < ticket) {
            syncRequest.accept(ticket);
            return 0;
        }
        if (parts.emitted.ticket() < ticket) {
            return 0;
        }
        outbox.sync();
        lastSequence = parts.cut.sequence();
        lastLength = journalLength();
        lastNs = clock.nanoTime();
        write();
        parts.cut.free();
        return 1;
    }

    /** A snapshot that cannot be written costs a longer recovery; the next one is tried when it is due. */
    private void write() {
        probe.begin();
        try {
            store.write(parts.cut.snapshot());
            probe.counter(PipelineCounter.SNAPSHOTS_WRITTEN).incrementRelease();
            show(lastSequence);
        } catch (RuntimeException e) {
            probe.counter(PipelineCounter.SNAPSHOTS_FAILED).incrementRelease();
            parts.errors.onError(e);
        }
        probe.end();
    }

    private void show(long sequence) {
        probe.counter(PipelineCounter.SNAPSHOT_SEQUENCE).setRelease(sequence);
    }
}
