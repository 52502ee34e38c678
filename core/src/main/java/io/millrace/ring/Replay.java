package io.millrace.ring;

import io.millrace.status.PipelineCounter;
import org.agrona.concurrent.status.AtomicCounter;
import org.jspecify.annotations.Nullable;

/**
 * Brings all stages to where an earlier run left them, by the accepted records that its store kept. It runs on the
 * thread of EMIT, because EMIT writes the outputs that the outbox does not have yet.
 */
final class Replay {
    static final String NAME = "REPLAY";

    private final EventStore store;
    private final PipelineParts parts;
    private final OutputRing outputs;
    private final Replayer replayer;
    private final AdmitStage admit;
    private final @Nullable JournalStage journal;
    private final ApplyStage apply;
    private final EmitStage emit;
    private final @Nullable SnapshotStage snapshot;
    private final ChainState state;
    private final AtomicCounter passedOver;
    private long recoveredCount;

    Replay(
            EventStore store,
            PipelineParts parts,
            AdmitStage admit,
            @Nullable JournalStage journal,
            ApplyStage apply,
            EmitStage emit,
            @Nullable SnapshotStage snapshot) {
        this.store = store;
        this.parts = parts;
        this.outputs = parts.outputs;
        this.state = parts.state;
        this.passedOver = parts.counters.counter(PipelineCounter.SNAPSHOTS_PASSED_OVER);
        this.replayer = new Replayer(parts, admit, apply, emit::restoreOutputs);
        this.admit = admit;
        this.journal = journal;
        this.apply = apply;
        this.emit = emit;
        this.snapshot = snapshot;
    }

    void run() {
        ChainHistory history = new ChainHistory(store.controls());
        OperatorConfig config = parts.roster.config();
        long recoveredSequence = store.nextSequence();
        boolean hasEvents = recoveredSequence > history.recordCount();
        boolean isChanged =
                !config.settings().isEmpty() && history.requireAllowed(config, parts.mayReconfigure || !hasEvents);
        parts.roster.follow(history, recoveredSequence);
        long snapshotSequence = loadSnapshot(history);
        long outputPlace = store.nextOutput();
        boolean isExact = !history.isSkipped(store.lastOutputIdLo()) && !(isChanged && parts.mayReconfigure);
        emit.restoring(
                store.lastOutputIdHi(),
                store.lastOutputIdLo(),
                Math.max(snapshotSequence + 1, history.configSequence()),
                isExact);
        apply.skip(history.skipped(), snapshotSequence + 1);
        replayer.takeAll(records -> store.replay(snapshotSequence + 1, records));
        outputs.epoch(store.epoch());
        recoveredCount = recoveredSequence - snapshotSequence - 1;
        long nextSequence = isChanged ? appendConfig(config, recoveredSequence) : recoveredSequence;
        admit.restored(nextSequence);
        if (journal != null) {
            journal.restored(nextSequence);
        }
        apply.restored(nextSequence);
        parts.beginHashes(nextSequence);
        emit.restored(nextSequence);
        outputs.restored(outputPlace + emit.restoredOutputCount(), emit.lastIdHi(), emit.lastIdLo());
        if (snapshot != null) {
            snapshot.restored(snapshotSequence);
        }
    }

    /**
     * From here on the outputs are those of other operators: what those before put out must be in the outbox for good.
     *
     * <p>The first of all says nothing of records before it and takes no sequence, so that the first event has the
     * first.
     *
     * @return the next sequence
     */
    private long appendConfig(OperatorConfig config, long sequence) {
        store.outbox().sync();
        if (journal != null) {
            long own = sequence == 0 ? -1 : sequence;
            journal.appendFirst(config.toRecord(own).toEvent(parts.clock.nanoTime()));
        }
        return sequence == 0 ? 0 : sequence + 1;
    }

    /** {@return the sequence of the snapshot that was loaded, -1 if none was: then all is at its beginning} */
    private long loadSnapshot(ChainHistory history) {
        SnapshotStore snapshots = store.snapshots();
        if (snapshots == null) {
            return -1;
        }
        long sequence = new SnapshotLoad(snapshots, state, parts.roster, history, store.nextSequence()).run();
        passedOver.setRelease(snapshots.passedOver().size());
        return sequence;
    }

    /** {@return the sequence of the record it is at, -1 before the first} */
    long sequence() {
        return replayer.sequence();
    }

    long recoveredCount() {
        return recoveredCount;
    }
}
