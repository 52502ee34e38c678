package io.millrace.journal;

import java.nio.file.Path;
import java.util.List;

/**
 * What a repair would give up, or has given up.
 *
 * @param problem why the data directory cannot be opened; empty if it can and nothing is to be repaired
 * @param acceptLoss what has to be typed to accept the loss: {@code FROM-TO} for sequences of the journal, with
 *     {@code outbox:} or {@code deadletters:} before it for ordinals of those, several joined by commas; {@code none}
 *     if no record is known to be lost
 * @param losses by log
 * @param moved starts and snapshots that go to quarantine
 */
public record RepairPlan(String problem, String acceptLoss, List<Loss> losses, List<Path> moved) {
    /**
     * Records of a log that no reader will get any more.
     *
     * @param from first place that is lost: the log goes on there, with other records
     * @param to last place that is known to have been there; less than {@code from} if none is
     * @param wholeRecordCount of them that can still be read in quarantine, or behind the place in its file
     * @param length of what is moved, in bytes
     */
    public record Loss(LogKind log, long from, long to, long wholeRecordCount, long length) {
        String text() {
            return (log == LogKind.JOURNAL ? "" : log.directoryName() + ':') + from + '-' + to;
        }
    }

    /** {@return whether anything is to be repaired} */
    public boolean isNeeded() {
        return !problem.isEmpty();
    }
}
