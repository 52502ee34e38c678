package io.millrace.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds the end of a log, once all its frames were read, against what is known from elsewhere of where it should be:
 * the file {@code open}, the file {@code synced}, and what the frames say of each other. See {@link Tail}.
 */
final class TailCheck {
    private final Path directory;
    private final LogKind kind;
    private final Evidence evidence;
    private int start;
    private long syncedUpTo = FrameDescriptor.NO_SEQUENCE;

    /** @param directory of the log */
    TailCheck(Path directory, LogKind kind, Evidence evidence) {
        this.directory = directory;
        this.kind = kind;
        this.evidence = evidence;
    }

    /**
     * What stands at the end.
     *
     * @param behind whole frames that are left out; nothing is if the log was closed
     */
    record Finding(Tail tail, FramesBehind behind, String reason) {}

    /** Takes what a frame of the log says of those before it. */
    void onFrame(Frame frame, @Nullable StartFrame itsStart) {
        begin(itsStart);
        syncedUpTo = Math.max(syncedUpTo, frame.syncedUpTo());
    }

    /** {@return the last place of the newest start that its frames say is on the disk, -1 if there is none} */
    long syncedUpTo() {
        return syncedUpTo;
    }

    /**
     * {@return what stands at the end}
     *
     * @param walk that has met no more frames
     * @param isBad whether it has met something that is no frame
     * @throws CorruptJournalException if no crash leaves that
     */
    Finding find(LogWalk walk, boolean isBad) {
        begin(walk.start());
        checkStarts(walk);
        if (isClosed(walk)) {
            checkClosed(walk, isBad);
            return new Finding(Tail.END, new FramesBehind(), "");
        }
        FramesBehind behind = walk.rest().frames();
        long synced = Math.max(Math.max(syncedUpTo, syncedFile(walk)), behind.syncedUpTo());
        Tail tail =
                Tail.of(evidence.boot(), isBad, !behind.isEmpty(), walk.end().nextSequence(), synced);
        if (tail.isRefused() || (isBad && walk.isCutOff() && evidence.boot() != Boot.ANOTHER)) {
            String what = isBad
                    ? walk.problem()
                    : behind.isEmpty()
                            ? "records are missing"
                            : "whole frames stand behind a place where none was written";
            throw walk.corruption(
                    tail == Tail.LOST ? what + ", known to be on the disk through sequence=" + synced : what);
        }
        return new Finding(tail, behind, isBad ? walk.problem() : "nothing was written here");
    }

    /** What an earlier start said may speak of records that a recovery left out. */
    private void begin(@Nullable StartFrame next) {
        if (next != null && next.start() != start) {
            start = next.start();
            syncedUpTo = next.syncedUpTo();
        }
    }

    /** What {@code open} says was begun has to be there. */
    private void checkStarts(LogWalk walk) {
        LogEnd known = evidence.end();
        StartFrame last = walk.start();
        int newest = last == null ? 0 : last.start();
        if (known == null) {
            return;
        }
        if (newest < known.start()) {
            throw startIsMissing(walk, known.start(), OpenFile.FILE_NAME);
        }
        if (last == null || newest == known.start()) {
            checkBegin(known, last);
        } else if (known.isClosed()) {
            checkClosedBefore(walk, known);
        }
    }

    private CorruptJournalException startIsMissing(LogWalk walk, int missing, String fileName) {
        return new CorruptJournalException(
                Directories.start(directory, missing),
                0,
                walk.end().nextSequence(),
                kind.directoryName() + ": start is missing that file=" + fileName + " names");
    }

    private void checkBegin(LogEnd known, @Nullable StartFrame last) {
        if (last != null && !known.isClosed() && !known.point().equals(last.after())) {
            throw new CorruptJournalException(
                    Directories.start(directory, last.start()).resolve(StartFrame.FILE_NAME),
                    0,
                    last.begin().nextSequence(),
                    kind.directoryName() + ": start frame is another than file=" + OpenFile.FILE_NAME + " names");
        }
    }

    private void checkClosedBefore(LogWalk walk, LogEnd known) {
        List<StartFrame> later = walk.startsAfter(known.start());
        StartFrame next = later.isEmpty() ? null : later.get(0);
        if (next != null && !next.begin().equals(known.point())) {
            throw new CorruptJournalException(
                    Directories.start(directory, next.start()),
                    0,
                    next.begin().nextSequence(),
                    kind.directoryName() + ": start does not continue where the one before was closed, at sequence="
                            + known.point().nextSequence());
        }
    }

    private boolean isClosed(LogWalk walk) {
        LogEnd known = evidence.end();
        StartFrame last = walk.start();
        return known != null && known.isClosed() && last != null && last.start() == known.start();
    }

    private void checkClosed(LogWalk walk, boolean isBad) {
        LogEnd known = evidence.end();
        if (known != null && (isBad || !walk.end().equals(known.point()))) {
            throw walk.corruption((isBad ? walk.problem() : "frames are missing or not expected")
                    + ", the log was closed at sequence=" + known.point().nextSequence());
        }
    }

    /** {@return what the file {@code synced} says of the newest start, -1 if it speaks of an earlier one} */
    private long syncedFile(LogWalk walk) {
        try {
            SyncedFile.Slot slot = SyncedFile.read(directory);
            StartFrame last = walk.start();
            int newest = last == null ? 0 : last.start();
            if (slot != null && slot.start() > newest) {
                throw startIsMissing(walk, slot.start(), SyncedFile.FILE_NAME);
            }
            return slot != null && last != null && isOf(last, slot) ? slot.syncedUpTo() : FrameDescriptor.NO_SEQUENCE;
        } catch (IOException e) {
            throw new JournalException(
                    JournalException.EXIT_IO, "cannot read file: file=" + directory.resolve(SyncedFile.FILE_NAME), e);
        }
    }

    private static boolean isOf(StartFrame last, SyncedFile.Slot slot) {
        return slot.start() == last.start()
                && slot.journalIdHi() == last.journalIdHi()
                && slot.journalIdLo() == last.journalIdLo();
    }
}
