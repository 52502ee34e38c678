package io.millrace.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The steps from what earlier starts left to a new start. All reading and deciding comes first; then copies go to
 * quarantine, then the start frames are written, the outbox's first: as long as the journal's is not there no
 * sequence that a dropped output names can be given again. To be killed in between leaves a start without frames,
 * which changes nothing.
 */
record Restart(Path directory, LogState journal, LogState outbox, OpenFile openFile, Recovery recovery) {
    static final int MAX_EPOCH = 0xFFFF;

    /** Reads and decides only: throws what opening would throw. */
    static void examine(Path directory) throws IOException {
        OpenFile before = OpenFile.read(directory);
        LogState journal = LogScan.journal(
                directory.resolve(LogKind.JOURNAL.directoryName()), Evidence.of(before, LogKind.JOURNAL));
        LogState outbox = LogScan.outbox(
                directory.resolve(LogKind.OUTBOX.directoryName()),
                Evidence.of(before, LogKind.OUTBOX),
                journal.end().nextSequence());
        check(directory, before, journal, outbox);
        JournalSnapshots.requireHeld(directory, journal);
        LogScan.deadLetters(
                directory.resolve(LogKind.DEAD_LETTERS.directoryName()), Evidence.of(before, LogKind.DEAD_LETTERS));
    }

    /** @param verifiesAll whether all frames are read, or only those from the newest snapshot on that holds */
    static Restart of(Path directory, boolean verifiesAll, RecoveryListener listener) throws IOException {
        long beginNs = System.nanoTime();
        RepairFile.requireNone(directory);
        OpenFile before = OpenFile.read(directory);
        ScanBeginning beginning = verifiesAll ? ScanBeginning.OF_ALL : ScanBeginning.find(directory);
        LogState journal = LogScan.journal(
                directory.resolve(LogKind.JOURNAL.directoryName()),
                Evidence.of(before, LogKind.JOURNAL),
                beginning.journal(),
                listener);
        LogState outbox = LogScan.outbox(
                directory.resolve(LogKind.OUTBOX.directoryName()),
                Evidence.of(before, LogKind.OUTBOX),
                journal.end().nextSequence(),
                beginning.outbox(),
                listener);
        check(directory, before, journal, outbox);
        JournalSnapshots.requireHeld(directory, journal);
        int epoch = epoch(journal, outbox);
        int start = newestStart(directory) + 1;

        Quarantine.copy(directory, LogKind.JOURNAL, journal.drops());
        Quarantine.copy(directory, LogKind.OUTBOX, outbox.drops());
        removeReservations(directory);
        Retention.finish(directory);
        Failpoint.reach(Failpoint.RECOVERY, 0);
        force(journal);
        force(outbox);
        Failpoint.reach(Failpoint.RECOVERY, 1);
        UUID id = id(before, journal, outbox);
        LogEnd outboxBegin = begin(directory, outbox, start, epoch, id);
        Failpoint.reach(Failpoint.RECOVERY, 2);
        LogEnd journalBegin = begin(directory, journal, start, epoch, id);
        OpenFile openFile =
                open(before, id, start).with(LogKind.OUTBOX, outboxBegin).with(LogKind.JOURNAL, journalBegin);
        Failpoint.reach(Failpoint.RECOVERY, 3);
        openFile.write(directory);
        Failpoint.reach(Failpoint.RECOVERY, 4);
        return new Restart(
                directory,
                journal,
                outbox,
                openFile,
                recovery(directory, journal, outbox, start, epoch, System.nanoTime() - beginNs));
    }

    /**
     * What is kept has to be on the disk before a start frame says that the log continues behind it: else a power cut
     * could take it from under a start that stays.
     */
    static void force(LogState state) throws IOException {
        for (Path file : state.unforced()) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.force(false);
            }
            Path startDirectory = file.getParent();
            if (startDirectory != null) {
                Directories.force(startDirectory);
            }
        }
    }

    private static OpenFile open(@Nullable OpenFile before, UUID id, int start) {
        OpenFile begun = OpenFile.begin(id, start);
        LogEnd deadLetters = before == null ? null : before.end(LogKind.DEAD_LETTERS);
        return deadLetters == null ? begun : begun.with(LogKind.DEAD_LETTERS, deadLetters);
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
        return log(directory, state, recovery.start(), lengths, housekeeping);
    }

    /**
     * {@return the state of the dead letters, which are recovered by themselves: nothing in them depends on the
     * journal}
     *
     * @param openFile of this start
     */
    static LogState deadLetters(Path directory, OpenFile openFile) {
        LogKind kind = LogKind.DEAD_LETTERS;
        return LogScan.deadLetters(directory.resolve(kind.directoryName()), Evidence.of(openFile, kind));
    }

    /** {@return where the log of dead letters begins in this start, which is on the disk then} */
    static LogEnd beginDeadLetters(Path directory, LogState state, OpenFile openFile, int epoch) {
        try {
            Quarantine.copy(directory, state.kind(), state.drops());
            force(state);
            return begin(directory, state, openFile.start(), epoch, openFile.journalId());
        } catch (IOException e) {
            throw cannotBegin(state.kind(), directory, e);
        }
    }

    /** {@return a log that appends to the start with that number, which has its start frame} */
    static FrameLog log(Path directory, LogState state, int start, LogLengths lengths, Housekeeping housekeeping) {
        Path startDirectory = Directories.start(directory.resolve(state.kind().directoryName()), start);
        try {
            StartFrame startFrame = StartFrame.read(startDirectory, state.kind(), start);
            if (startFrame == null) {
                throw new IOException("start frame is gone: directory=" + startDirectory);
            }
            return new FrameLog(startFrame, startDirectory, lengths, housekeeping, List.of());
        } catch (IOException e) {
            throw cannotBegin(state.kind(), directory, e);
        }
    }

    private static JournalException cannotBegin(LogKind kind, Path directory, IOException e) {
        return JournalException.ofSystem("cannot begin " + kind.directoryName() + ": directory=" + directory, e);
    }

    /** Writes the start frame of a new start. */
    private static LogEnd begin(Path directory, LogState state, int start, int epoch, UUID id) throws IOException {
        return begin(directory, state, start, epoch, id, note(state));
    }

    static LogEnd begin(Path directory, LogState state, int start, int epoch, UUID id, String note) throws IOException {
        Path startDirectory = Directories.start(directory.resolve(state.kind().directoryName()), start);
        Directories.create(startDirectory);
        StartFrame written = StartFrame.write(
                startDirectory,
                new StartFrame(
                        state.kind(),
                        start,
                        epoch,
                        0,
                        state.end(),
                        state.end().nextSequence() - 1,
                        id.getMostSignificantBits(),
                        id.getLeastSignificantBits(),
                        state.maxTimestampNs(),
                        state.maxIngestTimeNs(),
                        System.currentTimeMillis() * 1_000_000,
                        note,
                        0));
        return new LogEnd(false, start, written.after(), BootId.current());
    }

    static int newestStart(Path directory) throws IOException {
        int newest = 0;
        for (LogKind kind : LogKind.values()) {
            for (int start : Directories.starts(directory.resolve(kind.directoryName()))) {
                newest = Math.max(newest, start);
            }
        }
        return newest;
    }

    private static void check(Path directory, @Nullable OpenFile before, LogState journal, LogState outbox) {
        if (before == null && journal.frameCount() + outbox.frameCount() > 0) {
            throw new CorruptJournalException(
                    directory.resolve(OpenFile.FILE_NAME), 0, journal.end().nextSequence(), "file is missing");
        }
        checkCauses(journal, outbox);
        StartFrame ours = journal.lastStart();
        StartFrame theirs = outbox.lastStart();
        if (outbox.newestFrameStart() > (ours == null ? 0 : ours.start())) {
            throw new CorruptJournalException(
                    Directories.start(directory.resolve(LogKind.JOURNAL.directoryName()), outbox.newestFrameStart()),
                    0,
                    journal.end().nextSequence(),
                    "journal: directory is missing, the outbox has outputs of that start");
        }
        if (ours != null && theirs != null && !ours.journalId().equals(theirs.journalId())) {
            throw new CorruptJournalException(
                    directory.resolve(LogKind.OUTBOX.directoryName()),
                    0,
                    0,
                    "outbox: belongs to another journal: journalId=" + theirs.journalId() + " (expected: "
                            + ours.journalId() + ")");
        }
    }

    /** An output leaves when its cause is in the page cache, which only a power cut takes away. */
    private static void checkCauses(LogState journal, LogState outbox) {
        if (outbox.lostCauseCount() > 0 && journal.evidence().boot() == Boot.SAME) {
            Drop first = outbox.drops().get(0);
            throw new CorruptJournalException(
                    first.file(),
                    first.offset(),
                    journal.end().nextSequence(),
                    "journal: records are missing, the outbox has outputs of them");
        }
    }

    /**
     * Sequences that the journal lost are given again to other events. Their outputs need other identities, and only
     * they: an output that the outbox alone lost comes again as the same one. After a power cut records may be gone
     * without a trace.
     */
    private static int epoch(LogState journal, LogState outbox) {
        int epoch = Math.max(journal.epoch(), outbox.epoch());
        if (journal.drops().isEmpty() && outbox.lostCauseCount() == 0 && !journal.isLossPossible()) {
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

    private static UUID id(@Nullable OpenFile before, LogState journal, LogState outbox) {
        if (before != null) {
            return before.journalId();
        }
        StartFrame known = journal.lastStart() == null ? outbox.lastStart() : journal.lastStart();
        return known == null ? UUID.randomUUID() : known.journalId();
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
