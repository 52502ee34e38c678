package io.millrace.journal.replay;

import io.millrace.PipelineContext;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What came of replaying records with the configuration that they were accepted under, and holding the outputs to what
 * live left.
 *
 * @param recordCount replayed in the range
 * @param outputCount that the replay gave in the range
 * @param checkedCount outputs that were the same in the outbox
 * @param markCount hashes over outputs that live left in the journal and that the replay gave too
 * @param unknownCount outputs that the outbox does not hold, as live has not emitted them yet
 * @param lastSequence of the record replayed last
 * @param stateHash after it
 * @param divergence the first, null if there is none
 */
public record ReplayComparison(
        long recordCount,
        long outputCount,
        long checkedCount,
        long unknownCount,
        long markCount,
        long lastSequence,
        long stateHash,
        @Nullable Divergence divergence) {

    /**
     * Replays at full speed and compares.
     *
     * @param contexts gives one with operators and dedup of its own, as the records were accepted under, each time
     */
    public static ReplayComparison run(Path directory, Supplier<PipelineContext> contexts, ReplayRange range) {
        long firstSequence = range.firstSequence(directory);
        try (OutboxCheck outbox = new OutboxCheck(directory, firstSequence);
                ReplaySession session = ReplaySession.open(directory, contexts.get(), range, outbox::onOutput)) {
            session.run(ReplayPace.max());
            outbox.end(session.sequence());
            return new ReplayComparison(
                    session.recordCount(),
                    session.outputCount(),
                    outbox.checkedCount(),
                    outbox.unknownCount(),
                    0,
                    session.sequence(),
                    session.stateHash(),
                    outbox.divergence());
        }
    }
}
