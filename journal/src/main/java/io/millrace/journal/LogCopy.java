package io.millrace.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Copies a log frame for frame into another data directory, as a log that every reader takes and a pipeline may go on
 * with. Each frame is verified on the way; what a crash tore or a recovery left out is not copied, and of the room that
 * was reserved only the length.
 *
 * <pre>
 *   first.frame            whole, if there is one
 *   00000001/start.frame   whole
 *            metadata.cq4t whole
 *            segment       up to behind the last frame wanted, the rest of its length a hole
 *   00000002/...           if a wanted frame is in it
 * </pre>
 */
public final class LogCopy {
    private static final int SEAL_LENGTH = 4;
    private static final String METADATA_NAME = "metadata.cq4t";

    private final Path source;
    private final Path target;
    private final boolean isLive;
    private final Consumer<Frame> onFrame;
    private @Nullable Path file;
    private long fileEnd;
    private int start;
    private int lastCrc;

    private LogCopy(Path source, Path target, boolean isLive, Consumer<Frame> onFrame) {
        this.source = source;
        this.target = target;
        this.isLive = isLive;
        this.onFrame = onFrame;
    }

    /**
     * Copies the beginning of a log; what was copied is forced to the disk.
     *
     * @param toPlace of the last record wanted: the frame that has it is copied whole and is the last
     * @param isLive whether a process may be appending to the log
     * @param target another data directory; it has nothing of this log
     * @param onFrame is told of each frame
     * @return the place behind the last record copied
     * @throws CorruptJournalException if the log is damaged before that place
     * @throws IOException if the target cannot be written
     */
    public static long copy(
            Path dataDirectory, LogKind kind, long toPlace, boolean isLive, Path target, Consumer<Frame> onFrame)
            throws IOException {
        String name = kind.directoryName();
        try (LogWalk walk = new LogWalk(dataDirectory.resolve(name), kind, isLive)) {
            LogCopy copy = new LogCopy(dataDirectory.resolve(name), target.resolve(name), isLive, onFrame);
            long endPlace = copy.copy(walk, toPlace);
            StartFrame last = walk.start();
            if (copy.start > 0 && last != null) {
                ChainPoint end = new ChainPoint(endPlace, copy.lastCrc);
                close(target, kind, new LogEnd(true, copy.start, end, BootId.current()), last);
            }
            return endPlace;
        }
    }

    /** Says that the copy is whole as it is, as if it had been closed there. */
    private static void close(Path target, LogKind kind, LogEnd end, StartFrame last) throws IOException {
        OpenFile known = OpenFile.read(target);
        OpenFile file = known == null ? OpenFile.begin(last.journalId(), end.start()) : known;
        file.with(kind, end).write(target);
    }

    private long copy(LogWalk walk, long toPlace) throws IOException {
        long endPlace = 0;
        Directories.create(target);
        while (endPlace <= toPlace && isFrame(walk)) {
            Frame frame = walk.frame();
            if (frame.firstSequence() > toPlace) {
                break;
            }
            moveTo(walk, frame);
            fileEnd = walk.segment().endOfDocument();
            endPlace = Math.max(endPlace, frame.endSequence());
            lastCrc = frame.crc();
            onFrame.accept(frame);
        }
        endFile(false);
        copyFirst();
        Directories.force(target);
        return endPlace;
    }

    /** Last, as retention may have gone on meanwhile: what is before it is passed over in the copy as well. */
    private void copyFirst() throws IOException {
        Path from = source.resolve(StartFrame.FIRST_FILE_NAME);
        if (Files.exists(from)) {
            long length = Files.size(from);
            copy(from, target.resolve(StartFrame.FIRST_FILE_NAME), length, length);
        }
    }

    /** A tail that a crash tore is the end; whole frames behind it make it damage. */
    private boolean isFrame(LogWalk walk) {
        SegmentReader.Step step = walk.next();
        if (step != SegmentReader.Step.FRAME && !isLive && !walk.rest().frames().isEmpty()) {
            throw walk.corruption(
                    step == SegmentReader.Step.BAD ? walk.problem() : "whole frames stand behind the end");
        }
        return step == SegmentReader.Step.FRAME;
    }

    private void moveTo(LogWalk walk, Frame frame) throws IOException {
        Path next = walk.segment().file();
        if (!next.equals(file)) {
            endFile(file != null && frame.start() == start);
            if (frame.start() != start) {
                beginStart(frame.start());
            }
            file = next;
        }
    }

    private void beginStart(int number) throws IOException {
        Path from = Directories.start(source, number);
        Path to = Directories.start(target, number);
        Directories.create(to);
        for (String name : new String[] {StartFrame.FILE_NAME, METADATA_NAME}) {
            if (Files.exists(from.resolve(name))) {
                long length = Files.size(from.resolve(name));
                copy(from.resolve(name), to.resolve(name), length, length);
            }
        }
        start = number;
    }

    /** A seal says that writing went on in the next file; it stands behind the last frame. */
    private void endFile(boolean isSealed) throws IOException {
        Path ended = file;
        if (ended != null) {
            Path to = Directories.start(target, start).resolve(ended.getFileName());
            copy(ended, to, fileEnd + (isSealed ? SEAL_LENGTH : 0), Files.size(ended));
            Directories.force(Directories.start(target, start));
        }
    }

    private static void copy(Path from, Path to, long length, long fileLength) throws IOException {
        try (FileChannel source = FileChannel.open(from, StandardOpenOption.READ);
                FileChannel target = FileChannel.open(
                        to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            long copied = 0;
            while (copied < length) {
                long count = source.transferTo(copied, length - copied, target);
                if (count <= 0) {
                    throw new IOException("cannot read " + from + " at " + copied);
                }
                copied += count;
            }
            if (fileLength > length) {
                target.write(ByteBuffer.allocate(1), fileLength - 1);
            }
            target.force(true);
        }
    }
}
