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
    private final AdmitStage admit;
    private final @Nullable JournalStage journal;
    private final ApplyStage apply;
    private final EmitStage emit;
    private long recoveredCount;
    private long sequence = -1;

    Replay(
            EventStore store,
            OutputRing outputs,
            AdmitStage admit,
            @Nullable JournalStage journal,
            ApplyStage apply,
            EmitStage emit) {
        this.store = store;
        this.outputs = outputs;
        this.admit = admit;
        this.journal = journal;
        this.apply = apply;
        this.emit = emit;
    }

    void run() {
        emit.restoring(store.lastOutputIdHi(), store.lastOutputIdLo());
        store.replay(this::restore);
        outputs.epoch(store.epoch());
        long nextSequence = store.nextSequence();
        admit.restored(nextSequence);
        if (journal != null) {
            journal.restored(nextSequence);
        }
        apply.restored(nextSequence);
        emit.restored(nextSequence);
    }

    /** An output has the epoch of its cause, so that it is the same output after any number of restarts. */
    private void restore(Event event, int epoch) {
        outputs.epoch(epoch);
        sequence = event.sequence();
        admit.restore(event);
        while (!apply.restore(event)) {
            emit.restoreOutputs();
        }
        emit.restoreOutputs();
        recoveredCount++;
    }

    /** {@return the sequence of the record it is at, -1 before the first} */
    long sequence() {
        return sequence;
    }

    long recoveredCount() {
        return recoveredCount;
    }
}
