package io.millrace.journal;

import io.millrace.journal.LogCheck.Damage;
import io.millrace.journal.LogCheck.Range;
import io.millrace.journal.LogCheck.TornTail;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Verifies every frame of a log: its bytes by CRC, its place by the chain, over all segments and starts. Where the
 * chain ends too early it goes on and counts what is still whole behind, so that one run tells how much is lost. It
 * changes nothing and takes no lock.
 *
 * <p><b>Threading</b>: one thread. <b>Failure</b>: {@link JournalException} if a file cannot be read; damage is what
 * {@link LogCheck} tells.
 */
public final class LogVerifier {
    /** Missing ranges that are told one by one. */
    public static final int MAX_RANGES = 100;

    private final Path dataDirectory;
    private final Path directory;
    private final LogKind kind;
    private final boolean isLive;
    private final Consumer<Frame> onFrame;

    private long frameCount;
    private long recordCount;
    private long controlCount;
    private long frameLength;
    private long firstPlace = FrameDescriptor.NO_SEQUENCE;

    private LogVerifier(Path dataDirectory, LogKind kind, boolean isLive, Consumer<Frame> onFrame) {
        this.dataDirectory = dataDirectory;
        directory = dataDirectory.resolve(kind.directoryName());
        this.kind = kind;
        this.isLive = isLive;
        this.onFrame = onFrame;
    }

    /**
     * {@return what is in a log}
     *
     * @param isLive whether a process may be appending to it; what it has not finished is then the end
     * @param onFrame is given each frame of the chain, valid during the call
     */
    public static LogCheck verify(Path dataDirectory, LogKind kind, boolean isLive, Consumer<Frame> onFrame) {
        return new LogVerifier(dataDirectory, kind, isLive, onFrame).verify();
    }

    private LogCheck verify() {
        try (LogWalk walk = new LogWalk(directory, kind, isLive)) {
            try {
                TailCheck tailCheck = new TailCheck(directory, kind, Evidence.of(OpenFile.read(dataDirectory), kind));
                SegmentReader.Step step;
                while ((step = walk.next()) == SegmentReader.Step.FRAME) {
                    tailCheck.onFrame(walk.frame(), walk.start());
                    take(walk.frame());
                }
                return end(walk, tailCheck, step);
            } catch (CorruptJournalException e) {
                return check(walk, null, e);
            }
        } catch (IOException e) {
            throw new JournalException(
                    JournalException.EXIT_IO, "cannot read " + kind.directoryName() + ": directory=" + directory, e);
        }
    }

    private void take(Frame frame) {
        frameCount++;
        recordCount += frame.endSequence() - frame.firstSequence();
        controlCount += frame.controlCount();
        frameLength += frame.length();
        if (firstPlace == FrameDescriptor.NO_SEQUENCE && frame.count() > 0) {
            firstPlace = frame.firstSequence();
        }
        onFrame.accept(frame);
        frame.rewind();
    }

    /** In a dead log nothing may stand behind its last frame but what no writer finished. */
    private LogCheck end(LogWalk walk, TailCheck tailCheck, SegmentReader.Step step) throws IOException {
        if (isLive) {
            return check(walk, null, null);
        }
        SegmentReader segment = walk.segment();
        TailCheck.Finding found = tailCheck.find(walk, step == SegmentReader.Step.BAD);
        long offset = segment.endOfFrames();
        long length = segment.endOfBytes(offset) - offset;
        return check(
                walk,
                found.tail() == Tail.END || length == 0
                        ? null
                        : new TornTail(segment.file(), offset, length, found.reason()),
                null);
    }

    private LogCheck check(LogWalk walk, @Nullable TornTail tornTail, @Nullable CorruptJournalException problem)
            throws IOException {
        long endPlace = walk.end().nextSequence();
        return new LogCheck(
                kind,
                frameCount,
                recordCount,
                controlCount,
                frameLength,
                firstPlace,
                endPlace,
                tornTail,
                problem == null ? null : damage(problem, endPlace));
    }

    private Damage damage(CorruptJournalException problem, long endPlace) throws IOException {
        FramesFrom behind = new FramesFrom(endPlace);
        boolean isReached = false;
        for (int number : StartFrame.keptStarts(directory, kind)) {
            Path start = Directories.start(directory, number);
            isReached |= start.toString().equals(problem.file());
            for (Path file : StartFrame.keptSegments(directory, kind, number)) {
                boolean isHere = file.toString().equals(problem.file());
                // A file that is missing is not met: those whose names come behind it are.
                if (isReached || isHere || file.toString().compareTo(problem.file()) > 0) {
                    behind.add(file, number, isHere && !isReached ? problem.offset() : 0);
                    isReached = true;
                }
            }
        }
        return new Damage(
                String.valueOf(problem.getMessage()),
                problem.file(),
                problem.offset(),
                problem.sequence(),
                behind.frameCount,
                behind.recordCount,
                behind.missing);
    }

    /** Whole frames wherever they stand; what a recovery left out may be among them. */
    private final class FramesFrom {
        private final Frame frame = new Frame();
        private final List<Range> missing = new ArrayList<>();
        private long nextPlace;
        private long frameCount;
        private long recordCount;

        FramesFrom(long nextPlace) {
            this.nextPlace = nextPlace;
        }

        void add(Path file, int start, long from) throws IOException {
            try (ReadBuffer bytes = new ReadBuffer()) {
                bytes.open(file);
                FrameVerifier verifier = new FrameVerifier(bytes);
                long offset = from;
                while ((offset = bytes.indexOf(FrameDescriptor.MAGIC, offset)) >= 0) {
                    if (verifier.problem(offset, kind, start) == null) {
                        bytes.wrap(frame, offset, verifier.length(offset));
                        add();
                        offset += verifier.length(offset);
                    } else {
                        offset += Integer.BYTES;
                    }
                }
            }
        }

        private void add() {
            if (frame.endSequence() <= nextPlace && frame.count() > 0) {
                return;
            }
            frameCount++;
            recordCount += frame.count();
            if (frame.firstSequence() > nextPlace && missing.size() < MAX_RANGES) {
                missing.add(new Range(nextPlace, frame.firstSequence() - 1));
            }
            nextPlace = Math.max(nextPlace, frame.endSequence());
        }
    }
}
