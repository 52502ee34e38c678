package io.millrace.journal;

import io.millrace.event.Event;
import io.millrace.journal.snapshot.SnapshotDirectory;
import io.millrace.ring.ControlRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Has a record passed over at which an operator throws, so that the pipeline can start again: a SKIP record behind all
 * others, and a line in the audit log before it. Every replay honours it.
 */
public final class JournalSkip {
    private JournalSkip() {}

    /**
     * Skips a record of a journal that nobody has open.
     *
     * @param context as the journal is opened with
     * @param sequence of the record; nothing behind it may have been applied
     * @param reason for those who ask later, up to 65,535 bytes
     * @param nowNs nanoseconds since the epoch
     * @return the sequence of the SKIP record
     * @throws JournalException with the exit code for wrong use if that record cannot be skipped
     */
    public static long append(JournalContext context, long sequence, String reason, long nowNs) {
        try (Journal journal = Journal.open(context)) {
            require(journal, context.directory(), sequence);
            Map<String, Object> details = new LinkedHashMap<>();
            details.put("sequence", sequence);
            details.put("reason", reason);
            AuditLog.append(context.directory(), "skip", details);
            Event record =
                    ControlRecord.skip(journal.nextSequence(), sequence, reason).toEvent(nowNs);
            journal.journal().start();
            journal.journal().append(record);
            journal.journal().commit();
            journal.journal().sync();
            return record.sequence();
        } catch (IOException e) {
            throw JournalException.ofSystem("cannot skip: directory=" + context.directory(), e);
        }
    }

    private static void require(Journal journal, Path directory, long sequence) throws IOException {
        if (sequence < 0 || sequence >= journal.nextSequence()) {
            throw refused(sequence, "0 to " + (journal.nextSequence() - 1) + ", what the journal holds");
        }
        if (journal.controls().stream().anyMatch(control -> control.skippedSequence() == sequence)) {
            throw refused(sequence, "one that is not skipped yet");
        }
        List<Long> snapshots = new SnapshotDirectory(directory).sequences();
        long newest = snapshots.isEmpty() ? -1 : snapshots.get(snapshots.size() - 1);
        long applied = Math.max(newest, journal.lastOutputIdLo() - 1);
        if (sequence <= applied) {
            throw refused(
                    sequence,
                    "more than " + applied + ", as that and what was before was applied and its"
                            + " outputs are out; only a record at which the pipeline halts can be skipped");
        }
    }

    private static JournalException refused(long sequence, String expected) {
        return new JournalException(
                JournalException.EXIT_CONFIG,
                "cannot skip: sequence=" + sequence + " (expected: " + expected + "); see the message of the halt",
                null);
    }
}
