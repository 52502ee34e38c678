package io.millrace.journal;

import io.millrace.event.Event;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log before anything is written and decides what of it is kept. It changes nothing on disk. What lies before a
 * snapshot that holds need not be read: whoever reads it later verifies it.
 *
 * <pre>
 *   found                                                     decision
 *   the log was closed, and ends exactly where that says      go on there
 *   the log was closed, and ends anywhere else                refuse
 *   newest start, not closed                                  see Tail
 *   a file cut off before its first frame                     refuse
 *   anywhere else: no frame, a gap, a break in the chain      refuse
 *   outputs (newest start) whose cause the journal lost       leave them out, go on
 * </pre>
 */
final class LogScan {
    private final Path directory;
    private final LogKind kind;
    private final long causeLimit;
    private final Evidence evidence;
    private final TailCheck tailCheck;
    private final ScanProgress progress;
    private final Event record = new Event();
    private final List<Drop> drops = new ArrayList<>();
    private final List<Path> files = new ArrayList<>();
    private final List<Long> fileEnds = new ArrayList<>();

    private final TimeBounds times = TimeBounds.none();

    private boolean isSalvaging;
    private @Nullable LogPlace beginning;
    private int startLimit = Integer.MAX_VALUE;
    private @Nullable CorruptJournalException damage;
    private ChainPoint end = ChainPoint.BEGINNING;
    private int endStart;
    private int newestFrameStart;
    private long frameCount;
    private @Nullable Path lastFile;
    private long lastFileEnd;
    private long lostCauseCount;
    private long droppedRecordCount;
    private long lastIdHi;
    private long lastIdLo = FrameDescriptor.NO_SEQUENCE;

    /** @param causeLimit first sequence that the journal does not hold; {@code Long.MAX_VALUE} in the journal itself */
    private LogScan(Path directory, LogKind kind, Evidence evidence, long causeLimit, RecoveryListener listener) {
        this.directory = directory;
        this.kind = kind;
        this.evidence = evidence;
        tailCheck = new TailCheck(directory, kind, evidence);
        progress = new ScanProgress(directory, kind, listener);
        this.causeLimit = causeLimit;
    }

    /** {@return what is in a log} */
    static LogState journal(Path directory, Evidence evidence) {
        return journal(directory, evidence, null, RecoveryListener.NONE);
    }

    /**
     * As the other, and tells how far it is.
     *
     * @param beginning where to begin to read, null for the first frame; records there and before are on the disk
     */
    static LogState journal(
            Path directory, Evidence evidence, @Nullable LogPlace beginning, RecoveryListener listener) {
        LogScan scan = new LogScan(directory, LogKind.JOURNAL, evidence, Long.MAX_VALUE, listener);
        scan.beginning = beginning;
        return scan.scan();
    }

    /**
     * {@return what is in an outbox}
     *
     * @param causeLimit first sequence that the journal does not hold
     */
    static LogState outbox(Path directory, Evidence evidence, long causeLimit) {
        return outbox(directory, evidence, causeLimit, null, RecoveryListener.NONE);
    }

    /**
     * As the other, and tells how far it is.
     *
     * @param beginning as in {@link #journal}; at least one record is there or behind
     */
    static LogState outbox(
            Path directory,
            Evidence evidence,
            long causeLimit,
            @Nullable LogPlace beginning,
            RecoveryListener listener) {
        LogScan scan = new LogScan(directory, LogKind.OUTBOX, evidence, causeLimit, listener);
        scan.beginning = beginning;
        return scan.scan();
    }

    /** {@return what is in a log of dead letters} */
    static LogState deadLetters(Path directory, Evidence evidence) {
        return new LogScan(directory, LogKind.DEAD_LETTERS, evidence, Long.MAX_VALUE, RecoveryListener.NONE).scan();
    }

    /**
     * {@return what of a log can be kept whatever is wrong with it}
     *
     * @param causeLimit see {@link #outbox}; {@code Long.MAX_VALUE} in other logs
     * @param startLimit starts from that number on are left out
     */
    static Salvage salvage(Path directory, LogKind kind, Evidence evidence, long causeLimit, int startLimit) {
        LogScan scan = new LogScan(directory, kind, evidence, causeLimit, RecoveryListener.NONE);
        scan.startLimit = startLimit;
        scan.isSalvaging = true;
        LogState state = scan.scan();
        StartFrame last = state.lastStart();
        int lastStart = scan.lostCauseCount > 0 ? scan.endStart : last == null ? 0 : last.start();
        return new Salvage(state, lastStart, scan.damage);
    }

    /**
     * What can be kept.
     *
     * @param lastStart number of the start that {@code state.end} is in, 0 if nothing is kept
     * @param damage what is wrong behind it, null if nothing is
     */
    record Salvage(LogState state, int lastStart, @Nullable CorruptJournalException damage) {}

    private LogState scan() {
        try (LogWalk walk = new LogWalk(directory, kind, false)) {
            walk.endBefore(startLimit);
            if (beginning != null) {
                walk.beginAt(beginning);
            }
            read(walk);
            StartFrame last = walk.start();
            if (lostCauseCount == 0) {
                end = walk.end();
            }
            return new LogState(
                    kind,
                    end,
                    end.nextSequence(),
                    frameCount,
                    newestFrameStart,
                    last,
                    Math.min(tailCheck.syncedUpTo(), end.nextSequence() - 1),
                    unforced(),
                    drops,
                    lastFile,
                    lastFileEnd,
                    lostCauseCount,
                    times.maxTimestampNs(),
                    times.maxIngestTimeNs(),
                    droppedRecordCount,
                    evidence,
                    lastIdHi,
                    lastIdLo);
        }
    }

    private void read(LogWalk walk) {
        try {
            SegmentReader.Step step;
            while ((step = walk.next()) == SegmentReader.Step.FRAME) {
                take(walk);
            }
            decide(walk, step);
        } catch (CorruptJournalException e) {
            if (!isSalvaging) {
                throw e;
            }
            damage = e;
        }
    }

    private void take(LogWalk walk) {
        Frame frame = walk.frame();
        newestFrameStart = frame.start();
        long kept = keepRecords(frame);
        boolean isWhole = kept == frame.endSequence() && lostCauseCount == 0;
        if (isWhole || kept > frame.firstSequence()) {
            frameCount++;
            end = new ChainPoint(kept, frame.crc());
            endStart = frame.start();
            noteFile(walk.segment().file(), kept);
            addTimes(walk, frame);
        }
        if (!isWhole) {
            drop(walk, frame.endSequence() - kept);
        }
        tailCheck.onFrame(frame, walk.start());
        progress.onFrame(walk.segment(), kept);
    }

    /** Start frames, and headers and footers of segments, also speak of the records that are not read. */
    private void addTimes(LogWalk walk, Frame frame) {
        StartFrame start = walk.start();
        if (frameCount == 1 && start != null) {
            times.add(start.maxTimestampNs(), start.maxIngestTimeNs());
        }
        times.add(frame, record);
    }

    /** {@return the place behind the last record whose cause is there} */
    private long keepRecords(Frame frame) {
        if (kind != LogKind.OUTBOX) {
            return frame.endSequence();
        }
        long kept = frame.firstSequence();
        while (lostCauseCount == 0 && frame.next(record) && record.sequence() < causeLimit) {
            kept = frame.place() + 1;
            lastIdHi = record.idHi();
            lastIdLo = record.idLo();
        }
        return kept;
    }

    private void drop(LogWalk walk, long count) {
        StartFrame start = walk.start();
        if (isSalvaging) {
            lostCauseCount += count;
            return;
        }
        if (start == null || walk.isFollowed()) {
            throw walk.corruption(
                    "outputs were written before others whose cause the journal lost: journal ends at sequence="
                            + causeLimit);
        }
        lostCauseCount += count;
        if (endStart != start.start()) {
            end = start.after();
            endStart = start.start();
        }
        SegmentReader segment = walk.segment();
        Path file = segment.file();
        Drop last = drops.isEmpty() ? null : drops.get(drops.size() - 1);
        boolean isSameFile = last != null && last.file().equals(file);
        long offset = isSameFile && last != null ? last.offset() : segment.documentOffset();
        if (isSameFile) {
            drops.remove(drops.size() - 1);
        }
        drops.add(new Drop(file, offset, segment.endOfDocument() - offset, "cause lost"));
    }

    private void decide(LogWalk walk, SegmentReader.Step step) {
        TailCheck.Finding found = tailCheck.find(walk, step == SegmentReader.Step.BAD);
        if (walk.isInSegment() && !evidence.isClosed()) {
            lastFile = walk.segment().file();
            lastFileEnd = walk.segment().endOfBytes(walk.segment().endOfDocument());
        }
        if (found.tail() != Tail.END) {
            droppedRecordCount = found.behind().recordCount();
            drops.addAll(walk.rest()
                    .bytes(
                            found.tail() == Tail.TORN
                                    ? found.reason()
                                    : found.reason() + "; behind it " + droppedRecordCount
                                            + " records that were not known to be on the disk"));
        }
    }

    private void noteFile(Path file, long endSequence) {
        int last = files.size() - 1;
        if (last >= 0 && files.get(last).equals(file)) {
            fileEnds.set(last, endSequence);
        } else {
            files.add(file);
            fileEnds.add(endSequence);
        }
    }

    private List<Path> unforced() {
        if (evidence.isClosed()) {
            return List.of();
        }
        List<Path> paths = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            // Behind the last synced record there may be control records that the next start continues from.
            if (fileEnds.get(i) > tailCheck.syncedUpTo() + 1 || i == files.size() - 1) {
                paths.add(files.get(i));
            }
        }
        return paths;
    }
}
