package io.millrace.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The way on when a data directory is refused as damaged and no copy is left: keeps what is before the damage and gives
 * up the rest of that log.
 *
 * <pre>
 *   00000001  frame frame frame            kept
 *   00000002  frame frame ???? frame       kept up to the damage; what is behind stays in the file, no reader gets it
 *   00000003  frame frame                  moved to quarantine/repair-00000004/journal/00000003
 *   00000004  start.frame                  goes on behind the last frame kept, with a greater epoch
 * </pre>
 *
 * <p>Sequences have no gaps and frames are chained, so what is whole behind a hole cannot stay in the log: it would be
 * read as if nothing were missing. Outputs whose cause is given up, and snapshots of sequences that are, go as well.
 *
 * <p><b>Failure</b>: killed at any point, the same call made again goes on as it began; until then the directory
 * cannot be opened.
 */
public final class Repair {
    static final String NONE = "none";

    private final Path directory;
    private final @Nullable OpenFile open;
    private final Map<LogKind, LogScan.Salvage> salvages = new EnumMap<>(LogKind.class);

    private Repair(Path directory, @Nullable RepairFile begun) throws IOException {
        this.directory = directory;
        open = readOpen(directory);
        long causeLimit = Long.MAX_VALUE;
        for (LogKind kind : LogKind.values()) {
            Path log = directory.resolve(kind.directoryName());
            int limit = begun == null ? firstUnreadable(log, kind) : begun.lastStart(kind) + 1;
            Evidence evidence = begun == null ? Evidence.of(open, kind) : Evidence.NONE;
            LogScan.Salvage salvage =
                    LogScan.salvage(log, kind, evidence, kind == LogKind.OUTBOX ? causeLimit : Long.MAX_VALUE, limit);
            salvages.put(kind, salvage);
            causeLimit = kind == LogKind.JOURNAL ? salvage.state().end().nextSequence() : causeLimit;
        }
    }

    /** {@return what a repair would do; nothing is changed and no lock taken} */
    public static RepairPlan plan(Path dataDirectory) {
        try {
            RepairFile begun = RepairFile.read(dataDirectory);
            String problem = begun == null ? problem(dataDirectory) : "a repair was begun and has not ended";
            RepairPlan plan = problem.isEmpty()
                    ? new RepairPlan("", NONE, List.of(), List.of())
                    : new Repair(dataDirectory, begun).plan(problem);
            return begun == null ? plan : new RepairPlan(problem, begun.acceptLoss(), plan.losses(), plan.moved());
        } catch (IOException e) {
            throw JournalException.ofSystem("cannot plan repair: directory=" + dataDirectory, e);
        }
    }

    /**
     * Repairs a data directory; it can be opened then. Nothing is done if it can be already.
     *
     * @param acceptLoss exactly what {@link RepairPlan#acceptLoss} says
     * @param reason for the audit log
     * @return what was given up
     * @throws DirectoryHeldException if a process has the directory
     * @throws JournalException if another loss would have to be accepted; nothing is changed then
     */
    public static RepairPlan apply(Path dataDirectory, String acceptLoss, String reason) {
        try {
            DirectoryLock lock = DirectoryLock.acquire(dataDirectory);
            try {
                return applyHeld(dataDirectory, acceptLoss, reason);
            } finally {
                lock.close();
            }
        } catch (IOException e) {
            throw JournalException.ofSystem("cannot repair: directory=" + dataDirectory, e);
        }
    }

    private static RepairPlan applyHeld(Path dataDirectory, String acceptLoss, String reason) throws IOException {
        RepairPlan plan = plan(dataDirectory);
        if (!plan.isNeeded()) {
            return plan;
        }
        if (!plan.acceptLoss().equals(acceptLoss)) {
            throw new JournalException(
                    JournalException.EXIT_CONFIG,
                    "cannot repair: acceptLoss=" + acceptLoss + " (expected: " + plan.acceptLoss()
                            + "); look at the plan again",
                    null);
        }
        RepairFile file = RepairFile.read(dataDirectory);
        if (file == null) {
            file = new Repair(dataDirectory, null).begin(plan, reason);
        }
        new Repair(dataDirectory, file).finish(file);
        return plan;
    }

    private static String problem(Path directory) throws IOException {
        try {
            Restart.examine(directory);
            return "";
        } catch (CorruptJournalException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** {@return what {@code open} says, null if it is missing or damaged, which loses no record} */
    private static @Nullable OpenFile readOpen(Path directory) throws IOException {
        try {
            return OpenFile.read(directory);
        } catch (CorruptJournalException e) {
            return null;
        }
    }

    /** {@return the number of the first start whose start frame cannot be read} */
    private static int firstUnreadable(Path log, LogKind kind) throws IOException {
        for (int number : Directories.starts(log)) {
            Path start = Directories.start(log, number);
            try {
                if (StartFrame.read(start, kind, number) == null
                        && !Directories.segments(start).isEmpty()) {
                    return number;
                }
            } catch (CorruptJournalException e) {
                return number;
            }
        }
        return Integer.MAX_VALUE;
    }

    private RepairPlan plan(String problem) throws IOException {
        List<RepairPlan.Loss> losses = new ArrayList<>();
        List<Path> moved = new ArrayList<>(snapshotsBehind());
        for (LogKind kind : LogKind.values()) {
            List<Path> starts = startsBehind(kind);
            moved.addAll(starts);
            losses.add(loss(kind, starts));
        }
        List<RepairPlan.Loss> known =
                losses.stream().filter(loss -> loss.to() >= loss.from()).toList();
        String acceptLoss = known.isEmpty()
                ? NONE
                : String.join(",", known.stream().map(RepairPlan.Loss::text).toList());
        return new RepairPlan(
                problem,
                acceptLoss,
                losses.stream()
                        .filter(loss -> loss.to() >= loss.from() || loss.length() > 0)
                        .toList(),
                moved);
    }

    private RepairPlan.Loss loss(LogKind kind, List<Path> starts) throws IOException {
        Path log = directory.resolve(kind.directoryName());
        long from = end(kind).nextSequence();
        ChainCursor cursor = new ChainCursor();
        cursor.reset(from, 0);
        FramesBehind found = new FramesBehind();
        long length = 0;
        for (int number : Directories.starts(log)) {
            Path start = Directories.start(log, number);
            boolean isMoved = starts.contains(start);
            if (isMoved || number == salvage(kind).lastStart()) {
                for (Path file : Directories.segments(start)) {
                    collect(kind, number, file, cursor, found);
                    length += isMoved ? Files.size(file) : 0;
                }
            }
        }
        long end = Math.max(found.endSequence(), knownEnd(kind, log));
        return new RepairPlan.Loss(kind, from, end - 1, found.recordCount(), length);
    }

    private static void collect(LogKind kind, int number, Path file, ChainCursor cursor, FramesBehind found) {
        try (SegmentReader reader = new SegmentReader(kind)) {
            reader.open(file, number);
            reader.collectFrames(0, cursor, found);
        }
    }

    /** {@return the place behind the last record of a log that anything but its frames says was there} */
    private long knownEnd(LogKind kind, Path log) throws IOException {
        LogEnd known = open == null ? null : open.end(kind);
        long end = known == null ? 0 : known.point().nextSequence();
        SyncedFile.Slot slot = SyncedFile.read(log);
        // What an earlier start had synced may have been left out since.
        boolean isNewest = slot != null && (known == null || slot.start() >= known.start());
        end = slot != null && isNewest ? Math.max(end, slot.syncedUpTo() + 1) : end;
        if (kind == LogKind.JOURNAL) {
            for (long sequence : JournalSnapshots.directory(directory).sequences()) {
                end = Math.max(end, sequence + 1);
            }
        }
        return end;
    }

    private List<Path> startsBehind(LogKind kind) throws IOException {
        Path log = directory.resolve(kind.directoryName());
        return Directories.starts(log).stream()
                .filter(number -> number > salvage(kind).lastStart())
                .map(number -> Directories.start(log, number))
                .toList();
    }

    private List<Path> snapshotsBehind() throws IOException {
        long next = end(LogKind.JOURNAL).nextSequence();
        return JournalSnapshots.directory(directory).sequences().stream()
                .filter(sequence -> sequence >= next)
                .map(sequence -> JournalSnapshots.directory(directory).file(sequence))
                .toList();
    }

    /** Writes what was decided; from here on there is no way back. */
    private RepairFile begin(RepairPlan plan, String reason) throws IOException {
        int epoch = 0;
        UUID id = open == null ? null : open.journalId();
        List<Integer> lastStarts = new ArrayList<>();
        for (LogKind kind : LogKind.values()) {
            lastStarts.add(salvage(kind).lastStart());
            for (StartFrame start : readableStarts(kind)) {
                epoch = Math.max(epoch, start.epoch());
                id = id == null && kind != LogKind.DEAD_LETTERS ? start.journalId() : id;
            }
        }
        if (epoch == Restart.MAX_EPOCH) {
            throw new JournalException(JournalException.EXIT_CONFIG, "cannot raise epoch: epoch=" + epoch, null);
        }
        RepairFile file = new RepairFile(
                plan.acceptLoss(),
                reason,
                Restart.newestStart(directory) + 1,
                epoch + 1,
                id == null ? UUID.randomUUID() : id,
                lastStarts);
        AuditLog.append(directory, "repair-begun", details(file, plan.problem()));
        file.write(directory);
        Failpoint.reach(Failpoint.REPAIR, 0);
        return file;
    }

    private List<StartFrame> readableStarts(LogKind kind) throws IOException {
        Path log = directory.resolve(kind.directoryName());
        List<StartFrame> starts = new ArrayList<>();
        for (int number : Directories.starts(log)) {
            try {
                StartFrame start = StartFrame.read(Directories.start(log, number), kind, number);
                if (start != null) {
                    starts.add(start);
                }
            } catch (CorruptJournalException unreadable) {
                continue;
            }
        }
        return starts;
    }

    private void finish(RepairFile file) throws IOException {
        Path aside = directory
                .resolve(Quarantine.DIRECTORY_NAME)
                .resolve("repair-" + Directories.start(directory, file.start()).getFileName());
        for (Path snapshot : snapshotsBehind()) {
            move(snapshot, aside.resolve("snapshots"));
        }
        Failpoint.reach(Failpoint.REPAIR, 1);
        Map<LogKind, LogEnd> ends = new EnumMap<>(LogKind.class);
        for (LogKind kind : new LogKind[] {LogKind.OUTBOX, LogKind.DEAD_LETTERS, LogKind.JOURNAL}) {
            moveStarts(kind, file, aside.resolve(kind.directoryName()));
            Failpoint.reach(Failpoint.REPAIR, 2 + kind.ordinal());
            LogState state = salvage(kind).state();
            if (kind != LogKind.DEAD_LETTERS || state.lastStart() != null) {
                Quarantine.copy(directory, kind, state.drops());
                Restart.force(state);
                LogEnd begun = Restart.begin(
                        directory,
                        state,
                        file.start(),
                        file.epoch(),
                        file.journalId(),
                        "repair accepted loss " + file.acceptLoss() + ": " + file.reason());
                ends.put(kind, new LogEnd(true, begun.start(), begun.point(), begun.bootId()));
            }
            Failpoint.reach(Failpoint.REPAIR, 5 + kind.ordinal());
        }
        OpenFile changed = OpenFile.begin(file.journalId(), file.start());
        for (Map.Entry<LogKind, LogEnd> end : ends.entrySet()) {
            changed = changed.with(end.getKey(), end.getValue());
        }
        changed.write(directory);
        AuditLog.append(directory, "repair-done", details(file, ""));
        Failpoint.reach(Failpoint.REPAIR, 8);
        Files.delete(directory.resolve(RepairFile.FILE_NAME));
        Directories.force(directory);
    }

    /** The newest first, so that what is left is always the beginning of the log. */
    private void moveStarts(LogKind kind, RepairFile file, Path target) throws IOException {
        List<Path> starts = startsBehind(kind);
        for (int i = starts.size() - 1; i >= 0; i--) {
            boolean isOurs =
                    starts.get(i).equals(Directories.start(directory.resolve(kind.directoryName()), file.start()));
            if (!isOurs) {
                move(starts.get(i), target);
            }
        }
    }

    private static void move(Path file, Path targetDirectory) throws IOException {
        Directories.create(targetDirectory);
        Files.move(file, targetDirectory.resolve(file.getFileName()), StandardCopyOption.ATOMIC_MOVE);
        Directories.force(targetDirectory);
        Path from = file.getParent();
        if (from != null) {
            Directories.force(from);
        }
    }

    private Map<String, Object> details(RepairFile file, String problem) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("acceptLoss", file.acceptLoss());
        details.put("reason", file.reason());
        details.put("start", file.start());
        details.put("epoch", file.epoch());
        details.put("problem", problem);
        Stream.of(LogKind.values())
                .forEach(kind ->
                        details.put(kind.directoryName() + "End", end(kind).nextSequence()));
        return details;
    }

    private LogScan.Salvage salvage(LogKind kind) {
        LogScan.Salvage found = salvages.get(kind);
        if (found == null) {
            throw new IllegalStateException("no salvage: log=" + kind);
        }
        return found;
    }

    private ChainPoint end(LogKind kind) {
        return salvage(kind).state().end();
    }
}
