package io.millrace.journal;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.ring.ControlRecord;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Removes whole segments from the front of a log: never what the oldest kept snapshot or a sink's checkpoint still
 * needs, never the segment that is written.
 *
 * <pre>
 *   first.frame, forced: the log begins at segment K of start X     from here on recovery passes over what is before
 *        |
 *        v
 *   unlink segments and starts before that, oldest first            left over by a crash? the next start goes on
 * </pre>
 *
 * <p><b>Threading</b>: for the process that has the directory, one call at a time. <b>Failure</b>:
 * {@link JournalException}; what was begun is finished by the next call or the next start.
 */
public final class Retention {
    private Retention() {}

    /**
     * {@return what a policy removes of a log and what it keeps, with the reasons; changes nothing, takes no lock}
     *
     * @param needed what others need of the log, beside snapshots and sinks; dead letters are kept whole without any
     * @param nowNs in nanoseconds since the epoch
     */
    public static RetentionPlan plan(
            Path dataDirectory, LogKind kind, RetentionPolicy policy, List<RetentionFloor> needed, long nowNs) {
        return plan(dataDirectory, kind, policy, needed, nowNs, new SnapshotWitness(dataDirectory));
    }

    static RetentionPlan plan(
            Path dataDirectory,
            LogKind kind,
            RetentionPolicy policy,
            List<RetentionFloor> needed,
            long nowNs,
            SnapshotWitness witness) {
        try {
            List<RetentionFloor> floors = new ArrayList<>(needed);
            floors.addAll(RetentionFloor.of(dataDirectory, kind, policy.isForced(), witness));
            if (kind == LogKind.DEAD_LETTERS && needed.isEmpty()) {
                floors.add(new RetentionFloor(0, "nobody said which letters are done with"));
            }
            return decide(dataDirectory, kind, policy, floors, nowNs);
        } catch (IOException e) {
            throw JournalException.ofSystem(
                    "cannot look at " + kind.directoryName() + ": directory=" + dataDirectory, e);
        }
    }

    /**
     * Does what a plan says and returns when the space is free. For the process that has the directory: see
     * {@link Journal#prune}.
     */
    static void prune(RetentionPlan plan) {
        List<RetentionPlan.Segment> removed = plan.removed();
        if (removed.isEmpty()) {
            return;
        }
        RetentionPlan.Segment first = plan.segments().get(removed.size());
        Path directory = plan.dataDirectory().resolve(plan.kind().directoryName());
        try {
            Failpoint.reach(Failpoint.PRUNE_BEFORE, first.firstPlace());
            audit(plan, first);
            force(first.file());
            StartFrame.writeFirst(directory, firstFrame(directory, plan.kind(), first), carried(plan, first));
            Failpoint.reach(Failpoint.PRUNE_AFTER, first.firstPlace());
            finish(directory, plan.kind());
        } catch (IOException e) {
            throw JournalException.ofSystem(
                    "cannot prune " + plan.kind().directoryName() + ": directory=" + directory, e);
        }
    }

    private static void audit(RetentionPlan plan, RetentionPlan.Segment first) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("log", plan.kind().directoryName());
        details.put("segments", plan.removed().size());
        details.put("bytes", plan.removedLength());
        details.put("from", plan.segments().get(0).firstPlace());
        details.put("to", first.firstPlace() - 1);
        details.put("why", plan.segments().get(plan.removed().size() - 1).reason());
        AuditLog.append(plan.dataDirectory(), "prune", details);
    }

    /** What the log begins with has to be on the disk before anything says that nothing comes before it. */
    private static void force(Path segment) throws IOException {
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            channel.force(false);
        }
        Directories.force(Objects.requireNonNull(segment.getParent()));
    }

    /** {@return the operators that the first record kept is under, if the journal says so only before it} */
    private static @Nullable MutableEvent carried(RetentionPlan plan, RetentionPlan.Segment first) {
        if (plan.kind() != LogKind.JOURNAL) {
            return null;
        }
        ControlRecord last = null;
        for (ControlRecord control : JournalControls.read(plan.dataDirectory())) {
            boolean isBefore = control.sequence() < first.firstPlace();
            last = isBefore && control.kind() == ControlRecord.CONFIG ? control : last;
        }
        return last == null
                ? null
                : new ControlRecord(FrameDescriptor.NO_SEQUENCE, last.kind(), last.content()).toEvent(0);
    }

    /** Takes the directory's lock and prunes a log that no process has. */
    public static RetentionPlan pruneDead(
            Path dataDirectory, LogKind kind, RetentionPolicy policy, List<RetentionFloor> needed, long nowNs) {
        try (DirectoryLock lock = DirectoryLock.acquire(dataDirectory)) {
            Objects.requireNonNull(lock);
            RetentionPlan plan = plan(dataDirectory, kind, policy, needed, nowNs);
            prune(plan);
            return plan;
        } catch (IOException e) {
            throw JournalException.ofSystem("cannot lock: directory=" + dataDirectory, e);
        }
    }

    /** Removes what stands before the beginning of pruned logs: a crash may have left some of it. */
    static void finish(Path dataDirectory) throws IOException {
        for (LogKind kind : LogKind.values()) {
            finish(dataDirectory.resolve(kind.directoryName()), kind);
        }
    }

    private static void finish(Path directory, LogKind kind) throws IOException {
        StartFrame first = StartFrame.readFirst(directory, kind);
        if (first != null) {
            for (int number : Directories.starts(directory)) {
                Path start = Directories.start(directory, number);
                if (number < first.start()) {
                    removeSegments(start, Integer.MAX_VALUE);
                    for (String name : Directories.names(start)) {
                        Files.delete(start.resolve(name));
                    }
                    Files.delete(start);
                    Directories.force(directory);
                } else if (number == first.start()) {
                    removeSegments(start, first.firstSegment());
                }
            }
        }
    }

    private static void removeSegments(Path start, int before) throws IOException {
        boolean hasRemoved = false;
        for (Path file : Directories.segments(start)) {
            int number = SegmentName.number(String.valueOf(file.getFileName()));
            if (number < before) {
                Files.delete(file);
                hasRemoved = true;
                Failpoint.reach(Failpoint.PRUNE_WITHIN, number);
            }
        }
        if (hasRemoved) {
            Directories.force(start);
        }
    }

    private static RetentionPlan decide(
            Path dataDirectory, LogKind kind, RetentionPolicy policy, List<RetentionFloor> floors, long nowNs)
            throws IOException {
        List<Candidate> found = list(dataDirectory.resolve(kind.directoryName()), kind);
        List<RetentionPlan.Segment> decided = new ArrayList<>();
        long left = found.stream()
                .mapToLong(candidate -> candidate.segment().length())
                .sum();
        boolean isFront = true;
        for (int i = 0; i < found.size(); i++) {
            RetentionPlan.Segment segment = found.get(i).segment();
            String keep = isFront ? null : "behind one that is kept";
            keep = keep == null && i + 1 == found.size() ? "the newest" : keep;
            keep = keep == null ? needed(segment, floors) : keep;
            String remove = keep == null ? surplus(segment, left, policy, nowNs) : null;
            isFront = remove != null;
            left -= isFront ? segment.length() : 0;
            String reason = remove != null ? remove : keep != null ? keep : "within what may be kept";
            decided.add(decision(segment, isFront, reason));
        }
        keepToABeginning(found, decided);
        return new RetentionPlan(dataDirectory, kind, decided);
    }

    /** The first that is kept has to be one that a reader can begin at. */
    private static void keepToABeginning(List<Candidate> found, List<RetentionPlan.Segment> decided) {
        int first = 0;
        while (first < decided.size() && decided.get(first).isRemoved()) {
            first++;
        }
        while (first > 0 && first < found.size() && !found.get(first).canBeFirst()) {
            first--;
            decided.set(first, decision(decided.get(first), false, "the one behind it cannot be read alone"));
        }
    }

    private static @Nullable String needed(RetentionPlan.Segment segment, List<RetentionFloor> floors) {
        RetentionFloor least = null;
        for (RetentionFloor floor : floors) {
            least = least == null || floor.place() < least.place() ? floor : least;
        }
        boolean isNeeded = least != null && segment.endPlace() > least.place();
        return isNeeded && least != null ? "needed from place=" + least.place() + " on: " + least.reason() : null;
    }

    private static @Nullable String surplus(
            RetentionPlan.Segment segment, long left, RetentionPolicy policy, long nowNs) {
        if (left > policy.maxLength()) {
            return "length=" + left + " (expected: at most " + policy.maxLength() + ')';
        }
        long ageNs = nowNs - segment.endedNs();
        return ageNs > policy.maxAgeNs() ? "ageNs=" + ageNs + " (expected: at most " + policy.maxAgeNs() + ')' : null;
    }

    private static RetentionPlan.Segment decision(RetentionPlan.Segment segment, boolean isRemoved, String reason) {
        return new RetentionPlan.Segment(
                segment.file(),
                segment.start(),
                segment.number(),
                segment.firstPlace(),
                segment.endPlace(),
                segment.length(),
                segment.endedNs(),
                isRemoved,
                reason);
    }

    /** {@return the segments from the log's beginning on, nothing decided yet} */
    private static List<Candidate> list(Path directory, LogKind kind) throws IOException {
        List<Candidate> found = new ArrayList<>();
        List<StartFrame> starts = new ArrayList<>();
        for (int number : StartFrame.keptStarts(directory, kind)) {
            StartFrame start = StartFrame.read(Directories.start(directory, number), kind, number);
            if (start != null) {
                starts.add(start);
            }
        }
        try (SegmentReader reader = new SegmentReader(kind)) {
            for (int i = 0; i < starts.size(); i++) {
                StartFrame start = starts.get(i);
                List<Path> files = StartFrame.keptSegments(directory, kind, start.start());
                found.addAll(list(reader, start, files, i + 1 < starts.size() ? starts.get(i + 1) : null));
            }
        }
        return found;
    }

    /*
     * From the last to the first, as a segment ends where the next one begins. One whose header cannot be read begins,
     * for all that is known, where it ends: then the one before it is taken for longer than it is, never for shorter.
     */
    private static List<Candidate> list(
            SegmentReader reader, StartFrame start, List<Path> files, @Nullable StartFrame next) throws IOException {
        LinkedList<Candidate> found = new LinkedList<>();
        long limit = next == null ? Long.MAX_VALUE : next.begin().nextSequence();
        long endPlace = limit;
        long endedNs = next == null ? Long.MAX_VALUE : next.timeNs();
        for (int i = files.size() - 1; i >= 0; i--) {
            Path file = files.get(i);
            int number = SegmentName.number(String.valueOf(file.getFileName()));
            SegmentHeader header = header(reader, file, start.start());
            long begin =
                    number == 0 ? start.begin().nextSequence() : header == null ? endPlace : header.firstSequence();
            long firstPlace = Math.min(begin, endPlace);
            // What a later start has left out is no part of the chain: nothing follows from there.
            boolean canBeFirst = number == 0 || (header != null && header.firstSequence() < limit);
            found.addFirst(new Candidate(
                    new RetentionPlan.Segment(
                            file, start.start(), number, firstPlace, endPlace, Files.size(file), endedNs, false, ""),
                    canBeFirst));
            endPlace = firstPlace;
            endedNs = header == null ? endedNs : header.timeNs();
        }
        return found;
    }

    /**
     * A segment that nothing was decided of.
     *
     * @param canBeFirst whether the chain of frames goes through its beginning
     */
    private record Candidate(RetentionPlan.Segment segment, boolean canBeFirst) {}

    private static @Nullable SegmentHeader header(SegmentReader reader, Path file, int start) {
        reader.open(file, start);
        boolean isFrame = reader.next(new ChainCursor(), true) == SegmentReader.Step.FRAME;
        return isFrame ? SegmentHeader.of(reader.frame(), new Event()) : null;
    }

    private static StartFrame firstFrame(Path directory, LogKind kind, RetentionPlan.Segment first) throws IOException {
        StartFrame start = StartFrame.read(Directories.start(directory, first.start()), kind, first.start());
        SegmentHeader header;
        try (SegmentReader reader = new SegmentReader(kind)) {
            header = header(reader, first.file(), first.start());
        }
        if (start == null || (first.number() > 0 && header == null)) {
            throw new IOException("segment cannot be the first: file=" + first.file() + " has no header");
        }
        ChainPoint begin = start.begin();
        TimeBounds times = new TimeBounds(start.maxTimestampNs(), start.maxIngestTimeNs());
        if (first.number() > 0 && header != null) {
            begin = new ChainPoint(header.firstSequence(), header.previousCrc());
            times.add(header.maxTimestampNs(), header.maxIngestTimeNs());
        }
        return new StartFrame(
                kind,
                start.start(),
                start.epoch(),
                first.number(),
                begin,
                start.syncedUpTo(),
                start.journalIdHi(),
                start.journalIdLo(),
                times.maxTimestampNs(),
                times.maxIngestTimeNs(),
                System.currentTimeMillis() * 1_000_000,
                "retention removed all before place " + first.firstPlace(),
                0);
    }
}
