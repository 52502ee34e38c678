package io.millrace.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the frames of a log over all segments and starts and holds them to the chain.
 *
 * <pre>
 *   00000001/start.frame -> frame -> frame -> frame -> (dropped)
 *                                       ^
 *   00000002/start.frame ---------------'  previousCrc and firstSequence name the last frame (and record) kept
 *        '--> frame -> frame -> ...
 * </pre>
 *
 * <p>In a start that another one follows, what stands behind the place where that one continues was dropped by a
 * recovery and is passed over; not to find that place is damage. In the newest start a writer may be at work.
 */
final class LogWalk implements AutoCloseable {
    /** Ends in a row after which an idle reader looks for new files and starts. */
    static final int ENDS_PER_DIRECTORY_LOOK = 64;

    private static final String SEGMENT_IS_MISSING = "segment is missing";

    private final Path directory;
    private final LogKind kind;
    private final boolean isWriterPossible;
    private final SegmentReader segment;
    private final ChainCursor chain = new ChainCursor();

    private int startIndex = -1;
    private List<Integer> starts = List.of();
    private @Nullable StartFrame start;
    private @Nullable StartFrame follower;
    private boolean isStartDone;
    private boolean isWithinLog;
    private @Nullable LogPlace beginning;
    private boolean isLookingAgain;
    private int endCount;
    private @Nullable StartFrame first;
    private int segmentBase;
    private List<Path> segments = List.of();
    private int segmentIndex = -1;
    private @Nullable Path lastFrameFile;
    private long lastFrameEnd;
    private int startLimit = Integer.MAX_VALUE;
    private @Nullable Path missingSegment;
    private boolean isAtGap;
    private String problem = "";

    /**
     * @param directory of the log; may not exist yet
     * @param isWriterPossible whether somebody may be appending to the newest start
     */
    LogWalk(Path directory, LogKind kind, boolean isWriterPossible) {
        this.directory = directory;
        this.kind = kind;
        this.isWriterPossible = isWriterPossible;
        segment = new SegmentReader(kind);
        chain.reset(ChainPoint.BEGINNING.nextSequence(), ChainPoint.BEGINNING.previousCrc());
    }

    /** Begins at a place that {@link LogSeek} found; to be called before {@link #next}. */
    void beginAt(LogPlace place) {
        starts = listStarts();
        int found = starts.indexOf(place.start());
        isWithinLog = found > 0;
        startIndex = Math.max(found, 0) - 1;
        beginning = found < 0 ? null : place;
    }

    /** Passes over starts from a number on, as if they were not there. */
    void endBefore(int number) {
        startLimit = number;
    }

    /** {@return the start frames of the starts behind the given one, of those that have one} */
    List<StartFrame> startsAfter(int number) {
        return listStarts().stream()
                .filter(candidate -> candidate > number)
                .map(this::readStart)
                .filter(Objects::nonNull)
                .toList();
    }

    /**
     * Moves to the next frame.
     *
     * @return {@link SegmentReader.Step#FRAME}; {@code END} at the end of the newest start, after which more may come;
     *     {@code BAD} if something in the newest start is no frame, see {@link #corruption}
     * @throws CorruptJournalException on damage that no writer leaves when it dies
     */
    SegmentReader.Step next() {
        while (true) {
            if (start == null || isStartDone) {
                if (!openNextStart()) {
                    return SegmentReader.Step.END;
                }
                continue;
            }
            if (segmentIndex < 0 && !openNextSegment()) {
                if (isAtEnd()) {
                    return endOrGap();
                }
                continue;
            }
            SegmentReader.Step step = segment.next(chain, isLive());
            switch (step) {
                case FRAME -> {
                    isLookingAgain = false;
                    endCount = 0;
                    return accept(segment.frame());
                }
                case BAD -> {
                    problem = segment.problem();
                    throwUnlessNewest();
                    return SegmentReader.Step.BAD;
                }
                case END -> {
                    if (isQuietEnd()) {
                        return SegmentReader.Step.END;
                    }
                    // The next file may have come only after frames that this look at the current one has missed.
                    boolean isToLookAgain = isWriterPossible && !isLookingAgain && hasNextSegment();
                    if (!isToLookAgain && !openNextSegment() && isAtEnd()) {
                        return endOrGap();
                    }
                    isLookingAgain = isToLookAgain;
                }
                case SEALED -> {
                    if (!openNextSegment() && isAtEnd()) {
                        return endOrGap();
                    }
                }
            }
        }
    }

    Frame frame() {
        return segment.frame();
    }

    /** {@return where the next record goes and what it follows} */
    ChainPoint end() {
        return new ChainPoint(chain.nextSequence(), chain.previousCrc());
    }

    /** {@return the start that is being read, null before the first} */
    @Nullable
    StartFrame start() {
        return start;
    }

    SegmentReader segment() {
        return segment;
    }

    /** {@return whether a later start follows the one that is being read} */
    boolean isFollowed() {
        return follower != null;
    }

    /** {@return whether {@link #segment} reads a file} */
    boolean isInSegment() {
        return segmentIndex >= 0;
    }

    /** {@return what stands behind the last accepted frame of the start that is being read} */
    LogRest rest() {
        List<Path> files = start == null ? List.of() : listFiles();
        Path reading = isInSegment() ? segment.file() : null;
        return new LogRest(kind, number(), files, chain, lastFrameFile, lastFrameEnd, reading);
    }

    /**
     * {@return whether the bad place found last is in a file that ends before its first frame, as no crash leaves it}
     */
    boolean isCutOff() {
        return isInSegment() && segment.isCutOff() && !segment.file().equals(lastFrameFile);
    }

    /** {@return the damage at the place found last} */
    CorruptJournalException corruption(String what) {
        Path missing = isAtGap ? missingSegment : null;
        boolean isInSegment = segmentIndex >= 0 && missing == null;
        return new CorruptJournalException(
                missing != null ? missing : isInSegment ? segment.file() : startDirectory(number()),
                isInSegment ? segment.documentOffset() : 0,
                chain.nextSequence(),
                kind.directoryName() + ": " + what);
    }

    String problem() {
        return problem;
    }

    @Override
    public void close() {
        segment.close();
    }

    private SegmentReader.Step accept(Frame frame) {
        if (!chain.isNext(frame)) {
            problem = "frame does not continue the chain: firstSequence=" + frame.firstSequence()
                    + " (expected: " + chain.nextSequence() + "), previousCrc=0x"
                    + Integer.toHexString(frame.previousCrc()) + " (expected: 0x"
                    + Integer.toHexString(chain.previousCrc()) + ")";
            throwUnlessNewest();
            return SegmentReader.Step.BAD;
        }
        chain.advance(frame);
        segment.accept();
        lastFrameFile = segment.file();
        lastFrameEnd = segment.endOfDocument();
        StartFrame next = follower;
        if (next != null && isFollowedAt(frame.firstSequence(), next)) {
            frame.cutAt(next.begin().nextSequence());
            isStartDone = true;
        }
        return SegmentReader.Step.FRAME;
    }

    /** Whether the next start continues behind the frame (or start frame) accepted last, or within it. */
    private boolean isFollowedAt(long firstSequence, StartFrame next) {
        ChainPoint begin = next.begin();
        return begin.previousCrc() == chain.previousCrc()
                && begin.nextSequence() >= firstSequence
                && begin.nextSequence() <= chain.nextSequence();
    }

    /*
     * A writer seals a segment before it goes on in the next, so behind an end without a seal something new comes
     * only if that writer died. Directories are looked at for that, but not at every poll of an idle reader.
     */
    private boolean isQuietEnd() {
        boolean isNextKnown = segmentIndex + 1 < segments.size();
        return isLive() && !isNextKnown && !isLookingAgain && ++endCount % ENDS_PER_DIRECTORY_LOOK != 0;
    }

    private boolean isLive() {
        return isWriterPossible && follower == null;
    }

    /** Whether there is nothing more to read for now; throws if there should be. */
    private boolean isAtEnd() {
        isAtGap = missingSegment != null;
        if (follower != null) {
            if (isAtGap) {
                throw corruption(SEGMENT_IS_MISSING);
            }
            throw corruption("frames are missing: start=" + number() + " ends here, start=" + follower.start()
                    + " continues at sequence=" + follower.begin().nextSequence());
        }
        return !isWriterPossible || !findFollower();
    }

    private SegmentReader.Step endOrGap() {
        if (isAtGap) {
            problem = SEGMENT_IS_MISSING;
        }
        return isAtGap ? SegmentReader.Step.BAD : SegmentReader.Step.END;
    }

    /**
     * Looks for a start that came after this reader had read the newest; its coming means that no writer is left here.
     */
    private boolean findFollower() {
        listStartsAgain();
        StartFrame found = followerOf(startIndex, starts);
        follower = found;
        if (found == null) {
            return false;
        }
        isStartDone = isFollowedAt(0, found);
        if (!isStartDone && startIndex < 0) {
            throw removed();
        }
        return true;
    }

    private boolean openNextStart() {
        if (startIndex + 1 >= starts.size()) {
            listStartsAgain();
        }
        StartFrame opened = null;
        while (opened == null && startIndex + 1 < starts.size()) {
            startIndex++;
            opened = readStart(starts.get(startIndex));
        }
        if (opened == null) {
            return false;
        }
        checkContinues(opened);
        start = opened;
        ChainPoint after = firstIn(opened.start()) > 0 && first != null ? first.begin() : opened.after();
        chain.reset(after.nextSequence(), after.previousCrc());
        follower = followerOf(startIndex, starts);
        isStartDone = follower != null && isFollowedAt(chain.nextSequence(), follower);
        segments = List.of();
        segmentBase = firstIn(opened.start());
        segmentIndex = -1;
        lastFrameFile = null;
        lastFrameEnd = 0;
        segment.close();
        moveToBeginning();
        return true;
    }

    private void moveToBeginning() {
        LogPlace place = beginning;
        beginning = null;
        if (place != null && !isStartDone) {
            segments = listSegments();
            int index = place.segment() - segmentBase;
            if (index >= 0 && index < segments.size()) {
                segmentIndex = index;
                segment.open(segments.get(segmentIndex), number());
                segment.moveTo(place.documentOffset());
                chain.reset(place.after().nextSequence(), place.after().previousCrc());
            }
        }
    }

    private void checkContinues(StartFrame opened) {
        boolean continues = start == null ? isWithinLog || isFirst(opened) : isStartDone && opened.equals(follower);
        if (!continues && (start == null ? hasFirstMoved() : first != null && isFirst(opened))) {
            throw removed();
        }
        if (!continues) {
            throw new CorruptJournalException(
                    startDirectory(opened.start()),
                    0,
                    chain.nextSequence(),
                    kind.directoryName() + ": starts before this one are missing, which continues at sequence="
                            + opened.begin().nextSequence());
        }
    }

    private boolean hasFirstMoved() {
        StartFrame before = first;
        listStarts();
        return !Objects.equals(before, first);
    }

    private boolean isFirst(StartFrame opened) {
        return first == null ? opened.begin().equals(ChainPoint.BEGINNING) : opened.start() == first.start();
    }

    /** {@return the first segment of a start that retention has left} */
    private int firstIn(int number) {
        return first != null && first.start() == number ? first.firstSegment() : 0;
    }

    private @Nullable StartFrame followerOf(int index, List<Integer> numbers) {
        for (int i = index + 1; i < numbers.size(); i++) {
            StartFrame found = readStart(numbers.get(i));
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** {@return null if the process died before it wrote the start frame} */
    private @Nullable StartFrame readStart(int number) {
        try {
            Path startDirectory = startDirectory(number);
            StartFrame read = StartFrame.read(startDirectory, kind, number);
            if (read == null && !Directories.segments(startDirectory).isEmpty()) {
                throw new CorruptJournalException(
                        startDirectory.resolve(StartFrame.FILE_NAME),
                        0,
                        chain.nextSequence(),
                        kind.directoryName() + ": file is missing");
            }
            return read;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private boolean hasNextSegment() {
        if (segmentIndex + 1 >= segments.size()) {
            segments = listSegments();
        }
        return segmentIndex + 1 < segments.size();
    }

    private boolean openNextSegment() {
        if (hasNextSegment() && Files.notExists(segments.get(segmentIndex + 1))) {
            segments = listSegments();
        }
        if (!hasNextSegment()) {
            return false;
        }
        isLookingAgain = false;
        segmentIndex++;
        segment.open(segments.get(segmentIndex), number());
        return true;
    }

    /** {@return the segments up to the first that is missing} */
    private List<Path> listSegments() {
        List<Path> found = listFiles();
        Path begin = startDirectory(number()).resolve(SegmentName.of(segmentBase));
        missingSegment = found.isEmpty() && segmentBase > 0 ? begin : null;
        for (int i = 0; i < found.size(); i++) {
            Path expected = found.get(i).resolveSibling(SegmentName.of(segmentBase + i));
            if (!found.get(i).equals(expected)) {
                missingSegment = expected;
                return found.subList(0, i);
            }
        }
        return found;
    }

    private List<Path> listFiles() {
        try {
            List<Path> found = Directories.segments(startDirectory(number()));
            moveBase(found);
            return found.stream().filter(this::isWithinBase).toList();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private boolean isWithinBase(Path file) {
        return SegmentName.number(String.valueOf(file.getFileName())) >= segmentBase;
    }

    /** What retention has removed since this start was opened is behind the reader, or out of its reach. */
    private void moveBase(List<Path> found) throws IOException {
        first = StartFrame.readFirst(directory, kind);
        int firstFound = found.isEmpty()
                ? segmentBase
                : SegmentName.number(String.valueOf(found.get(0).getFileName()));
        int newBase = Math.min(firstFound, firstIn(number()));
        if (newBase > segmentBase) {
            segmentIndex -= newBase - segmentBase;
            segmentBase = newBase;
            if (segmentIndex < -1) {
                throw removed();
            }
        }
    }

    private JournalException removed() {
        return new JournalException(
                JournalException.EXIT_IO,
                "cannot read " + kind.directoryName() + ": sequence=" + chain.nextSequence()
                        + " was removed by retention meanwhile; begin again",
                null);
    }

    /** Starts may have come since, and retention may have removed some. */
    private void listStartsAgain() {
        starts = listStarts();
        StartFrame current = start;
        if (current != null) {
            startIndex = starts.indexOf(current.start());
        }
    }

    private List<Integer> listStarts() {
        try {
            StartFrame pruned = StartFrame.readFirst(directory, kind);
            first = pruned;
            int from = pruned == null ? 0 : pruned.start();
            return Directories.starts(directory).stream()
                    .filter(number -> number >= from && number < startLimit)
                    .toList();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private void throwUnlessNewest() {
        if (follower != null) {
            throw corruption(problem);
        }
    }

    private int number() {
        return start == null ? 0 : start.start();
    }

    private Path startDirectory(int number) {
        return Directories.start(directory, number);
    }

    private JournalException unreadable(IOException e) {
        return new JournalException(
                JournalException.EXIT_IO, "cannot read " + kind.directoryName() + ": directory=" + directory, e);
    }
}
