package io.millrace.journal;

import io.millrace.event.Event;
import java.nio.file.Path;

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
    private final LogWalk walk;
    private long firstWanted;
    private boolean hasFrame;

    private FrameReader(LogWalk walk, long firstWanted) {
        this.walk = walk;
        this.firstWanted = firstWanted;
    }

    /** {@return a reader before the first frame of a log} */
    public static FrameReader open(Path dataDirectory, LogKind kind) {
        return open(dataDirectory, kind, 0);
    }

    /**
     * {@return a reader before a record}
     *
     * @param place of the first record that {@link #nextRecord} gives, if there is one: its sequence in the journal,
     *     else its ordinal
     */
    public static FrameReader open(Path dataDirectory, LogKind kind, long place) {
        LogWalk walk = new LogWalk(dataDirectory.resolve(kind.directoryName()), kind, true);
        if (place > 0) {
            walk.skipTo(place);
        }
        return new FrameReader(walk, place);
    }

    /**
     * {@return the least place at which a start after the given one continues, {@code Long.MAX_VALUE} if none came}
     *
     * @param start number of a start, 0 for "before the first"
     */
    public static long firstPlaceAfter(Path dataDirectory, LogKind kind, int start) {
        try (LogWalk walk = new LogWalk(dataDirectory.resolve(kind.directoryName()), kind, true)) {
            return walk.firstPlaceAfter(start);
        }
    }

    /** Moves to the next frame; false if there is none now. */
    public boolean nextFrame() {
        SegmentReader.Step step = walk.next();
        if (step == SegmentReader.Step.BAD) {
            throw walk.corruption(walk.problem());
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
                if (place() >= firstWanted) {
                    firstWanted = place();
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
}
