package io.millrace.ring;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who wakes whom. A stage waits for what other threads move on; what its own thread moves on, that thread polls anyway.
 *
 * <pre>
 *   ring published ------> ADMIT               admitted -----------> JOURNAL, APPLY
 *   outputs freed -------> APPLY               journaled, synced --> EMIT, if that is the gate
 *   outputs written, applied --> EMIT          journaled ----------> SYNC, while a sync is wanted
 *   mark wanted ---------> JOURNAL             mark written -------> SYNC
 *
 *   one batch at a time:  synced --> JOURNAL, and journaled, which SYNC then moves, --> EMIT
 * </pre>
 */
final class Wiring {
    private final PipelineParts parts;
    private final AdmitStage admit;
    private final @Nullable JournalStage journal;
    private final @Nullable SyncStage sync;
    private final ApplyStage apply;
    private final EmitStage emit;

    Wiring(
            PipelineParts parts,
            AdmitStage admit,
            @Nullable JournalStage journal,
            @Nullable SyncStage sync,
            ApplyStage apply,
            EmitStage emit) {
        this.parts = parts;
        this.admit = admit;
        this.journal = journal;
        this.sync = sync;
        this.apply = apply;
        this.emit = emit;
    }

    void wire(List<StageThread> loops) {
        for (StageThread loop : loops) {
            loop.stages().forEach(stage -> wire(stage, loop));
        }
    }

    private void wire(Stage stage, StageThread loop) {
        WaitStrategy wait = loop.waitStrategy();
        if (stage == admit) {
            parts.ring.wakeups().add(wait);
        } else if (stage == sync) {
            parts.appended.wakeups().add(sync.whileWanted(wait));
            parts.marks.written().add(wait);
        } else if (stage == emit) {
            wireEmit(loop, wait);
        } else if (!loop.runs(admit)) {
            parts.admitted.wakeups().add(wait);
        }
        if (stage == journal) {
            wireJournal(wait);
        }
        if (stage == apply && !loop.runs(emit)) {
            parts.outputs.freed().add(wait);
        }
    }

    private void wireJournal(WaitStrategy wait) {
        parts.marks.wanted().add(wait);
        if (parts.isSyncedPerBatch()) {
            parts.synced.wakeups().add(wait);
        }
    }

    private void wireEmit(StageThread loop, WaitStrategy wait) {
        if (!loop.runs(apply)) {
            parts.applied.wakeups().add(wait);
            parts.outputs.written().add(wait);
        }
        Cursor gate = parts.gateCursor();
        boolean isMovedHere = gate == parts.appended && loop.runs(journal);
        if ((gate == parts.synced || gate == parts.journaled) && !isMovedHere) {
            gate.wakeups().add(wait);
        }
    }
}
