package io.millrace.ring;

import io.millrace.event.Event;
import org.jspecify.annotations.Nullable;

/**
 * Brings all stages to where an earlier run left them, by the accepted records that its store kept. It runs on the
 * thread of EMIT, because EMIT writes the outputs that the outbox does not have yet.
 */
final class Replay {
    static final String NAME = "REPLAY";

    private final EventStore store;
    private final OutputRing outputs;
    private final Replayer replayer;
    private final AdmitStage admit;
    private final @Nullable JournalStage journal;
    private final ApplyStage apply;
    private final EmitStage emit;
    private long recoveredCount;

    Replay(
            EventStore store,
            PipelineParts parts,
            AdmitStage admit,
            @Nullable JournalStage journal,
            ApplyStage apply,
            EmitStage emit) {
        this.store = store;
        this.outputs = parts.outputs;
        this.replayer = new Replayer(parts, admit, apply, emit::restoreOutputs);
        this.admit = admit;
        this.journal = journal;
        this.apply = apply;
        this.emit = emit;
    }

    void run() {
        emit.restoring(store.lastOutputIdHi(), store.lastOutputIdLo());
        store.replay(this::restore);
        replayer.flush();
        outputs.epoch(store.epoch());
        long nextSequence = store.nextSequence();
        admit.restored(nextSequence);
        if (journal != null) {
            journal.restored(nextSequence);
        }
        apply.restored(nextSequence);
        emit.restored(nextSequence);
    }

    private void restore(Event event, int epoch) {
        replayer.take(event, epoch);
        recoveredCount++;
    }

    /** {@return the sequence of the record it is at, -1 before the first} */
    long sequence() {
        return replayer.sequence();
    }

    long recoveredCount() {
        return recoveredCount;
    }
}
