package io.millrace.journal.replay;

import io.millrace.PipelineContext;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What came of replaying records with the configuration that they were accepted under, and holding what it gives to
 * what live left: the outbox, output by output, and hashes over runs of outputs in the journal.
 *
 * @param recordCount replayed in the range
 * @param outputCount that the replay gave in the range
 * @param checkedCount outputs that were the same in the outbox
 * @param unknownCount outputs that the outbox does not hold: not emitted yet, or it is gone
 * @param hashCount runs of outputs with the hash that live left in the journal
 * @param stateCount snapshots with the state that the replay had there
 * @param lastSequence of the record replayed last
 * @param stateHash after it
 * @param divergence the first, null if there is none
 */
public record ReplayComparison(
        long recordCount,
        long outputCount,
        long checkedCount,
        long unknownCount,
        long hashCount,
        long stateCount,
        long lastSequence,
        long stateHash,
        @Nullable Divergence divergence) {

    /**
     * Replays at full speed and compares.
     *
     * @param directory of the data; its lock is left alone
     * @param contexts gives one with operators and dedup of its own, as the records were accepted under, each time
     */
    public static ReplayComparison run(Path directory, Supplier<PipelineContext> contexts, ReplayRange range) {
        return new ComparisonRun(directory, contexts, range).run();
    }
}
