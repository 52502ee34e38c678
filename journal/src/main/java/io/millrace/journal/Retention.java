package io.millrace.journal;

import io.millrace.event.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
        try {
            List<RetentionFloor> floors = new ArrayList<>(needed);
            floors.addAll(RetentionFloor.of(dataDirectory, kind, policy.isForced()));
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
            StartFrame.writeFirst(directory, firstFrame(directory, plan.kind(), first));
            Failpoint.reach(Failpoint.PRUNE_AFTER, first.firstPlace());
            finish(directory, plan.kind());
        } catch (IOException e) {
            throw JournalException.ofSystem(
                    "cannot prune " + plan.kind().directoryName() + ": directory=" + directory, e);
        }
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
        List<RetentionPlan.Segment> found = list(dataDirectory.resolve(kind.directoryName()), kind);
        List<RetentionPlan.Segment> decided = new ArrayList<>();
        long left = found.stream().mapToLong(RetentionPlan.Segment::length).sum();
        boolean isFront = true;
        for (int i = 0; i < found.size(); i++) {
            RetentionPlan.Segment segment = found.get(i);
            String keep = isFront ? null : "behind one that is kept";
            keep = keep == null && i + 1 == found.size() ? "the newest" : keep;
            keep = keep == null ? needed(segment, floors) : keep;
            String remove = keep == null ? surplus(segment, left, policy, nowNs) : null;
            isFront = remove != null;
            left -= isFront ? segment.length() : 0;
            String reason = remove != null ? remove : keep != null ? keep : "within what may be kept";
            decided.add(decision(segment, isFront, reason));
        }
        return new RetentionPlan(dataDirectory, kind, decided);
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
    private static List<RetentionPlan.Segment> list(Path directory, LogKind kind) throws IOException {
        List<RetentionPlan.Segment> found = new ArrayList<>();
        StartFrame first = StartFrame.readFirst(directory, kind);
        List<StartFrame> starts = new ArrayList<>();
        for (int number : Directories.starts(directory)) {
            StartFrame start = number < (first == null ? 0 : first.start())
                    ? null
                    : StartFrame.read(Directories.start(directory, number), kind, number);
            if (start != null) {
                starts.add(start);
            }
        }
        try (SegmentReader reader = new SegmentReader(kind)) {
            for (int i = 0; i < starts.size(); i++) {
                boolean isFirst =
                        first != null && first.start() == starts.get(i).start();
                list(
                        directory,
                        reader,
                        starts.get(i),
                        isFirst && first != null ? first.firstSegment() : 0,
                        i + 1 < starts.size() ? starts.get(i + 1) : null,
                        found);
            }
        }
        return found;
    }

    private static void list(
            Path directory,
            SegmentReader reader,
            StartFrame start,
            int firstSegment,
            @Nullable StartFrame next,
            List<RetentionPlan.Segment> found)
            throws IOException {
        long limit = next == null ? Long.MAX_VALUE : next.begin().nextSequence();
        long endPlace = limit;
        long endedNs = next == null ? Long.MAX_VALUE : next.timeNs();
        int at = found.size();
        List<Path> files = Directories.segments(Directories.start(directory, start.start()));
        for (int i = files.size() - 1; i >= 0; i--) {
            Path file = files.get(i);
            int number = SegmentName.number(String.valueOf(file.getFileName()));
            if (number >= firstSegment) {
                SegmentHeader header = header(reader, file, start.start());
                long firstPlace =
                        Math.min(limit, header == null ? start.begin().nextSequence() : header.firstSequence());
                found.add(
                        at,
                        new RetentionPlan.Segment(
                                file,
                                start.start(),
                                number,
                                firstPlace,
                                Math.max(firstPlace, endPlace),
                                Files.size(file),
                                endedNs,
                                false,
                                ""));
                endPlace = firstPlace;
                endedNs = header == null ? start.timeNs() : header.timeNs();
            }
        }
    }

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
