package io.millrace.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The steps from what earlier starts left to a new start. All reading and deciding comes first; then copies go to
 * quarantine, then the start frames are written, the outbox's first: as long as the journal's is not there no
 * sequence that a dropped output names can be given again. To be killed in between leaves a start without frames,
 * which changes nothing.
 */
record Restart(Path directory, UUID journalId, LogState journal, LogState outbox, Recovery recovery) {
    private static final int MAX_EPOCH = 0xFFFF;

    static Restart of(Path directory) throws IOException {
        long beginNs = System.nanoTime();
        LogState journal = LogScan.journal(directory.resolve(LogKind.JOURNAL.directoryName()));
        LogState outbox = LogScan.outbox(
                directory.resolve(LogKind.OUTBOX.directoryName()), journal.end().nextSequence());
        check(directory, journal, outbox);
        JournalSnapshots.requireHeld(directory, journal);
        int epoch = epoch(journal, outbox);
        int start = newestStart(directory) + 1;

        Quarantine.copy(directory, LogKind.JOURNAL, journal.drops());
        Quarantine.copy(directory, LogKind.OUTBOX, outbox.drops());
        removeReservations(directory);
        UUID id = id(journal, outbox);
        begin(directory, outbox, start, epoch, id);
        begin(directory, journal, start, epoch, id);
        return new Restart(
                directory,
                id,
                journal,
                outbox,
                recovery(directory, journal, outbox, start, epoch, System.nanoTime() - beginNs));
    }

    /** A process that was killed could not give back the room behind its last frame. */
    void giveBackRest(Housekeeping housekeeping) {
        for (LogState state : List.of(journal, outbox)) {
            Path file = state.lastFile();
            if (file != null) {
                housekeeping.giveBackRest(file, state.lastFileEnd());
            }
        }
    }

    /** {@return a log that appends to the new start} */
    FrameLog log(LogKind kind, LogLengths lengths, Housekeeping housekeeping) {
        LogState state = kind == LogKind.JOURNAL ? journal : outbox;
        try {
            return log(directory, state, recovery.start(), lengths, housekeeping);
        } catch (IOException e) {
            throw cannotBegin(kind, directory, e);
        }
    }

    /** {@return the log of dead letters, which is recovered by itself: nothing in it depends on the journal} */
    static FrameLog deadLetters(JournalContext context, int start, int epoch, Housekeeping housekeeping) {
        Path directory = context.directory();
        LogKind kind = LogKind.DEAD_LETTERS;
        try {
            LogState state = LogScan.deadLetters(directory.resolve(kind.directoryName()));
            Quarantine.copy(directory, kind, state.drops());
            StartFrame last = state.lastStart();
            begin(directory, state, start, epoch, last == null ? UUID.randomUUID() : journalId(last));
            return log(directory, state, start, context.deadLetterLengths(), housekeeping);
        } catch (IOException e) {
            throw cannotBegin(kind, directory, e);
        }
    }

    private static FrameLog log(
            Path directory, LogState state, int start, LogLengths lengths, Housekeeping housekeeping)
            throws IOException {
        Path startDirectory = Directories.start(directory.resolve(state.kind().directoryName()), start);
        StartFrame startFrame = StartFrame.read(startDirectory, state.kind(), start);
        if (startFrame == null) {
            throw new IOException("start frame is gone: directory=" + startDirectory);
        }
        return new FrameLog(startFrame, startDirectory, lengths, housekeeping, state.unforced());
    }

    private static JournalException cannotBegin(LogKind kind, Path directory, IOException e) {
        return JournalException.ofSystem("cannot begin " + kind.directoryName() + ": directory=" + directory, e);
    }

    /** Writes the start frame of a new start. */
    private static void begin(Path directory, LogState state, int start, int epoch, UUID id) throws IOException {
        Path startDirectory = Directories.start(directory.resolve(state.kind().directoryName()), start);
        Directories.create(startDirectory);
        StartFrame.write(
                startDirectory,
                new StartFrame(
                        state.kind(),
                        start,
                        epoch,
                        state.end(),
                        state.syncedUpTo(),
                        id.getMostSignificantBits(),
                        id.getLeastSignificantBits(),
                        state.maxTimestampNs(),
                        state.maxIngestTimeNs(),
                        System.currentTimeMillis() * 1_000_000,
                        note(state),
                        0));
    }

    private static int newestStart(Path directory) throws IOException {
        int newest = 0;
        for (LogKind kind : LogKind.values()) {
            for (int start : Directories.starts(directory.resolve(kind.directoryName()))) {
                newest = Math.max(newest, start);
            }
        }
        return newest;
    }

    private static void check(Path directory, LogState journal, LogState outbox) {
        StartFrame ours = journal.lastStart();
        StartFrame theirs = outbox.lastStart();
        if (outbox.newestFrameStart() > (ours == null ? 0 : ours.start())) {
            throw new CorruptJournalException(
                    Directories.start(directory.resolve(LogKind.JOURNAL.directoryName()), outbox.newestFrameStart()),
                    0,
                    journal.end().nextSequence(),
                    "journal: directory is missing, the outbox has outputs of that start");
        }
        if (ours != null && theirs != null && !journalId(ours).equals(journalId(theirs))) {
            throw new CorruptJournalException(
                    directory.resolve(LogKind.OUTBOX.directoryName()),
                    0,
                    0,
                    "outbox: belongs to another journal: journalId=" + journalId(theirs) + " (expected: "
                            + journalId(ours) + ")");
        }
    }

    /**
     * Sequences that the journal lost are given again to other events. Their outputs need other identities, and only
     * they: an output that the outbox alone lost comes again as the same one.
     */
    private static int epoch(LogState journal, LogState outbox) {
        int epoch = Math.max(journal.epoch(), outbox.epoch());
        if (journal.drops().isEmpty() && outbox.lostCauseCount() == 0) {
            return epoch;
        }
        if (epoch == MAX_EPOCH) {
            throw new JournalException(
                    JournalException.EXIT_CONFIG,
                    "cannot raise epoch: epoch=" + epoch + " (expected: below " + MAX_EPOCH
                            + "); begin with a new directory",
                    null);
        }
        return epoch + 1;
    }

    private static UUID id(LogState journal, LogState outbox) {
        StartFrame known = journal.lastStart() == null ? outbox.lastStart() : journal.lastStart();
        return known == null ? UUID.randomUUID() : journalId(known);
    }

    private static UUID journalId(StartFrame start) {
        return new UUID(start.journalIdHi(), start.journalIdLo());
    }

    private static String note(LogState state) {
        return "kept " + state.recordCount() + " records; dropped "
                + (state.drops().isEmpty() ? "nothing" : String.join("; ", describe(state)));
    }

    private static Recovery recovery(
            Path directory, LogState journal, LogState outbox, int start, int epoch, long durationNs)
            throws IOException {
        List<String> quarantined = new ArrayList<>(describe(journal));
        quarantined.addAll(describe(outbox));
        return new Recovery(
                start,
                epoch,
                journal.end().nextSequence(),
                journal.frameCount(),
                outbox.end().nextSequence(),
                outbox.lostCauseCount(),
                length(journal) + length(outbox),
                quarantined,
                discarded(directory),
                durationNs);
    }

    private static long length(LogState state) {
        return state.drops().stream().mapToLong(Drop::length).sum();
    }

    private static List<String> describe(LogState state) {
        return state.drops().stream()
                .map(drop -> "file=" + drop.file() + ", offset=" + drop.offset() + ", length=" + drop.length() + ", "
                        + drop.reason())
                .toList();
    }

    private static List<Path> discarded(Path directory) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path start : startDirectories(directory)) {
            for (String name : Directories.names(start)) {
                if (name.endsWith(SegmentName.DISCARDED_SUFFIX)) {
                    found.add(start.resolve(name));
                }
            }
        }
        return found;
    }

    /** A process that was killed leaves the segment behind that it had reserved. */
    private static void removeReservations(Path directory) throws IOException {
        for (Path start : startDirectories(directory)) {
            for (String name : Directories.names(start)) {
                if (name.endsWith(SegmentName.RESERVED_SUFFIX)) {
                    Files.delete(start.resolve(name));
                }
            }
        }
    }

    private static List<Path> startDirectories(Path directory) throws IOException {
        List<Path> found = new ArrayList<>();
        for (LogKind kind : LogKind.values()) {
            Path logDirectory = directory.resolve(kind.directoryName());
            for (int start : Directories.starts(logDirectory)) {
                found.add(Directories.start(logDirectory, start));
            }
        }
        return found;
    }
}
