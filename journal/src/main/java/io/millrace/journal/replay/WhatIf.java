package io.millrace.journal.replay;

import io.millrace.Pipeline;
import io.millrace.PipelineContext;
import io.millrace.event.Event;
import io.millrace.journal.JournalControls;
import io.millrace.journal.JournalRecords;
import io.millrace.ring.Replayer;
import java.nio.file.Path;
import java.util.List;

/**
 * The same records through two configurations, and how what comes out differs: outputs that only one of them gives, and
 * outputs of one name (operator, key, window end; for a match the event that completed it) with other values.
 *
 * <p>Records are checked again as ADMIT would; one that a configuration refuses stands for a dead letter there.
 *
 * @param recordCount replayed in the range
 * @param counts of outputs and dead letters by operator
 * @param differences in the order of their causes, at most as many as asked for
 * @param differenceCount all of them
 */
public record WhatIf(
        long recordCount, List<OutputCounts> counts, List<OutputDifference> differences, long differenceCount) {

    /**
     * Replays at full speed under both.
     *
     * @param left configuration as it is, with operators and dedup of its own
     * @param right as it might be
     * @param maxDifferences to keep; all are counted
     * @throws IllegalStateException if so many outputs differ that they cannot be held
     */
    public static WhatIf run(
            Path directory, PipelineContext left, PipelineContext right, ReplayRange range, int maxDifferences) {
        try (ReplaySource source = new ReplaySource(directory, range, 0)) {
            OutputPairing pairing = new OutputPairing(maxDifferences);
            Side leftSide = new Side(directory, left, source, pairing, true);
            Side rightSide = new Side(directory, right, source, pairing, false);
            long recordCount = 0;
            while (source.next()) {
                leftSide.take(source);
                rightSide.take(source);
                recordCount += source.isInRange() ? 1 : 0;
            }
            leftSide.replayer.flush();
            rightSide.replayer.flush();
            pairing.end();
            return new WhatIf(recordCount, pairing.counts(), pairing.differences(), pairing.differenceCount());
        }
    }

    /** {@return whether both gave the same} */
    public boolean isSame() {
        return differenceCount == 0;
    }

    /** One configuration. */
    private static final class Side {
        private final OutputPairing pairing;
        private final boolean isLeft;
        private final Replayer replayer;

        Side(Path directory, PipelineContext context, ReplaySource source, OutputPairing pairing, boolean isLeft) {
            this.pairing = pairing;
            this.isLeft = isLeft;
            this.replayer = Pipeline.replayer(context, output -> {
                if (output.idLo() >= source.firstSequence()) {
                    pairing.onOutput(output, isLeft);
                }
            });
            replayer.follow(JournalControls.read(directory));
            replayer.readBackFrom(sequence -> new JournalRecords(directory, sequence));
        }

        void take(ReplaySource source) {
            Event record = source.record();
            long refusal = replayer.refusal(record);
            if (refusal == 0) {
                replayer.take(record, source.epoch());
            } else if (source.isInRange()) {
                pairing.onRefused(record, refusal, isLeft);
            }
        }
    }
}
