package io.millrace.journal;

import io.millrace.event.Event;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Reads the frames and records of a log in order, over all segments and starts, by plain bounded reads; every frame is
 * verified before it is given out. Works on a log that is being written, by this process or another one, and takes no
 * lock.
 *
 * <pre>
 *   try (FrameReader reader = FrameReader.open(directory, LogKind.OUTBOX)) {
 *       while (reader.nextRecord(view)) { ... }     // false: nothing more now; ask again later
 *   }
 * </pre>
 *
 * <p><b>Threading</b>: one thread. <b>Allocation</b>: none per record or frame; per segment and start some.
 * <b>Failure</b>: {@link CorruptJournalException} with file, offset and sequence; the reader then stays there.
 */
public final class FrameReader implements AutoCloseable {
    private static final int BEGIN_TRIALS = 10;

    private final Path dataDirectory;
    private final Path directory;
    private final LogKind kind;
    private final boolean isLive;
    private LogWalk walk;
    private @Nullable SeekKey wanted;
    private boolean isBegun;
    private boolean hasFrame;

    private FrameReader(Path dataDirectory, LogKind kind, boolean isLive) {
        this.dataDirectory = dataDirectory;
        directory = dataDirectory.resolve(kind.directoryName());
        this.kind = kind;
        this.isLive = isLive;
        walk = new LogWalk(directory, kind, isLive);
    }

    /** {@return a reader before the first frame of a log} */
    public static FrameReader open(Path dataDirectory, LogKind kind) {
        return new FrameReader(dataDirectory, kind, true);
    }

    /**
     * {@return a reader before a record}
     *
     * @param place of the first record that {@link #nextRecord} gives, if there is one: its sequence in the journal,
     *     else its ordinal
     */
    public static FrameReader open(Path dataDirectory, LogKind kind, long place) {
        return open(dataDirectory, kind, place, true);
    }

    /**
     * {@return a reader before a record}
     *
     * @param place as above
     * @param isLive whether a process may be appending; if not, what is not finished at the end of the log is damage,
     *     and not something that may yet come
     */
    public static FrameReader open(Path dataDirectory, LogKind kind, long place, boolean isLive) {
        FrameReader reader = new FrameReader(dataDirectory, kind, isLive);
        if (place > 0) {
            reader.seekSequence(place);
        }
        return reader;
    }

    /** {@return the place of the first record that a log still has, 0 if it has none} */
    public static long firstPlace(Path dataDirectory, LogKind kind) {
        try (FrameReader reader = open(dataDirectory, kind)) {
            return reader.nextFrame() ? reader.frame().firstSequence() : 0;
        }
    }

    /**
     * {@return the least place at which a start after the given one continues, {@code Long.MAX_VALUE} if none came}
     *
     * @param start number of a start, 0 for "before the first"
     */
    public static long firstPlaceAfter(Path dataDirectory, LogKind kind, int start) {
        try (LogWalk walk = new LogWalk(dataDirectory.resolve(kind.directoryName()), kind, true)) {
            return walk.startsAfter(start).stream()
                    .mapToLong(later -> later.begin().nextSequence())
                    .min()
                    .orElse(Long.MAX_VALUE);
        }
    }

    /**
     * Goes to before the first record with that place or a greater one. Few bytes before it are read, and headers of
     * about log2 of the number of segments; {@link #nextFrame} may give a frame or more that end before the record.
     *
     * @param place sequence in the journal, else an ordinal
     */
    public void seekSequence(long place) {
        seek(new SeekKey(SeekKey.Field.PLACE, place));
    }

    /**
     * Goes to before the first record with that event time or a later one, as {@link #seekSequence} does. Records
     * behind it may have earlier times; none before it has that time or a later one.
     *
     * @param timestampNs in nanoseconds since the epoch
     */
    public void seekTime(long timestampNs) {
        seek(new SeekKey(SeekKey.Field.TIMESTAMP, timestampNs));
    }

    /**
     * Goes to before the first record that was published then or later, as {@link #seekSequence} does.
     *
     * @param ingestTimeNs in nanoseconds since the epoch
     */
    public void seekIngestTime(long ingestTimeNs) {
        seek(new SeekKey(SeekKey.Field.INGEST_TIME, ingestTimeNs));
    }

    /** Moves to the next frame; false if there is none now. */
    public boolean nextFrame() {
        SegmentReader.Step step = isBegun ? walk.next() : begin();
        if (step == SegmentReader.Step.BAD) {
            throw walk.corruption(walk.problem());
        }
        if (!isLive && step == SegmentReader.Step.END) {
            checkEnd();
        }
        hasFrame = step == SegmentReader.Step.FRAME;
        return hasFrame;
    }

    /**
     * Moves to the next record that has a sequence, in this frame or a later one.
     *
     * @param view pointed at the record, valid until the next call
     * @return false if there is none now
     */
    public boolean nextRecord(Event view) {
        while (hasFrame || nextFrame()) {
            while (walk.frame().next(view)) {
                if (isWanted(view)) {
                    return true;
                }
            }
            hasFrame = false;
        }
        return false;
    }

    /** {@return the place of the record given last: its sequence in the journal, else its ordinal} */
    public long place() {
        return walk.frame().place();
    }

    /** {@return whether {@link #nextRecord} will move to another frame} */
    public boolean isAtEndOfFrame() {
        return !hasFrame || place() + 1 >= walk.frame().endSequence();
    }

    /** {@return the frame moved to last, valid until the next move} */
    public Frame frame() {
        return walk.frame();
    }

    /** {@return the file that is being read} */
    public Path file() {
        return walk.segment().file();
    }

    /** {@return where the document around the frame begins in its file, in bytes} */
    public long offset() {
        return walk.segment().documentOffset();
    }

    @Override
    public void close() {
        walk.close();
    }

    /** Nobody writes: the end has to be where the log was closed, or where a start will go on. */
    private void checkEnd() {
        try {
            OpenFile open = OpenFile.read(dataDirectory);
            new TailCheck(directory, kind, Evidence.of(open, kind)).find(walk, false);
        } catch (IOException e) {
            throw new JournalException(
                    JournalException.EXIT_IO, "cannot read file: file=" + dataDirectory.resolve(OpenFile.FILE_NAME), e);
        }
    }

    private void seek(SeekKey key) {
        wanted = key;
        hasFrame = false;
        isBegun = false;
    }

    /** Retention may take away what this is about to begin with; then it looks again at what is left. */
    private SegmentReader.Step begin() {
        for (int i = 1; ; i++) {
            try {
                SegmentReader.Step step = tryBegin();
                isBegun = true;
                return step;
            } catch (JournalException e) {
                if (e.exitCode() != JournalException.EXIT_IO || i == BEGIN_TRIALS) {
                    throw e;
                }
            }
        }
    }

    private SegmentReader.Step tryBegin() {
        walk.close();
        walk = new LogWalk(directory, kind, isLive);
        LogPlace place = wanted == null ? null : find(wanted);
        if (place != null) {
            walk.beginAt(place);
        }
        return walk.next();
    }

    private @Nullable LogPlace find(SeekKey key) {
        try (LogSeek seek = new LogSeek(directory, kind)) {
            return seek.find(key);
        }
    }

    private boolean isWanted(Event view) {
        SeekKey key = wanted;
        boolean isReached = key == null || key.isReachedBy(place(), view);
        wanted = isReached ? null : key;
        return isReached;
    }
}
