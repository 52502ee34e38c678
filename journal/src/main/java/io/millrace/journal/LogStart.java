package io.millrace.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A start of a log as it lies on the disk, for those who look at it: no lock is taken, nothing is walked through.
 *
 * @param kind of the log
 * @param number of the start
 * @param journalId the same for all logs and starts of a data directory
 * @param epoch of output identities from here on
 * @param firstPlace of its first record: the sequence in the journal, else the ordinal
 * @param syncedUpTo last place that was known to be on the disk when it began, -1 if none was
 * @param timeNs when it began, in nanoseconds since the epoch
 * @param note what recovery did, for people
 * @param segments in order
 */
public record LogStart(
        LogKind kind,
        int number,
        UUID journalId,
        int epoch,
        long firstPlace,
        long syncedUpTo,
        long timeNs,
        String note,
        List<LogSegment> segments) {
    /**
     * {@return the starts of a log that have begun, in order}
     *
     * @throws JournalException if a file cannot be read or is no start frame
     */
    public static List<LogStart> list(Path dataDirectory, LogKind kind) {
        Path directory = dataDirectory.resolve(kind.directoryName());
        try {
            List<LogStart> found = new ArrayList<>();
            for (int number : StartFrame.keptStarts(directory, kind)) {
                Path startDirectory = Directories.start(directory, number);
                StartFrame start = StartFrame.read(startDirectory, kind, number);
                if (start != null) {
                    found.add(
                            of(start, LogSegment.list(StartFrame.keptSegments(directory, kind, number), kind, number)));
                }
            }
            return found;
        } catch (IOException e) {
            throw new JournalException(
                    JournalException.EXIT_IO, "cannot read " + kind.directoryName() + ": directory=" + directory, e);
        }
    }

    private static LogStart of(StartFrame start, List<LogSegment> segments) {
        return new LogStart(
                start.kind(),
                start.start(),
                new UUID(start.journalIdHi(), start.journalIdLo()),
                start.epoch(),
                start.begin().nextSequence(),
                start.syncedUpTo(),
                start.timeNs(),
                start.note(),
                segments);
    }
}
