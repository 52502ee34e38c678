package io.millrace.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Reserves segments before they are written, so that a full disk shows here and not as a fault inside a mapped page:
 * files {@code NAME.precreated}, which Chronicle adopts under their final name.
 *
 * <p>Room comes from {@code fallocate} in a child process, from written zeros where that does not exist. The file is
 * never touched again once the segment is live.
 *
 * <p><b>Threading</b>: {@link #prepare} from the housekeeping thread, {@link #take} from the one that appends, which
 * waits for a reservation under way only if there is no other.
 */
final class SegmentReserver implements AutoCloseable {
    /** As many more are kept ahead at most after the appender had to wait for a reservation. */
    private static final int MAX_EXTRA_COUNT = 3;

    private final Path directory;
    private final LogKind kind;
    private final Ballast ballast;
    private final Object reserveMonitor = new Object();
    private final ArrayDeque<ReservedSegment> ahead = new ArrayDeque<>();

    private volatile SegmentRoom room;
    private volatile int extraCount;
    private int nextToReserve;
    private volatile boolean isClosed;
    private volatile boolean isTaken;
    private volatile int readyCount;
    private volatile @Nullable String problem;

    SegmentReserver(Path directory, LogKind kind, SegmentRoom room, Ballast ballast) {
        this.directory = directory;
        this.kind = kind;
        this.room = room;
        this.ballast = ballast;
    }

    SegmentRoom room() {
        return room;
    }

    /** Sets what to reserve from now on. */
    void room(SegmentRoom newRoom) {
        room = newRoom;
    }

    /**
     * {@return whether publishers have to be refused: less is left than may have to be written, or the next
     * reservation found no room}
     *
     * @param position in the segment in use, in bytes
     */
    boolean isLow(long position) {
        int ready = readyCount;
        SegmentRoom wanted = room;
        return isTaken && ready < wanted.targetCount() && (problem != null || wanted.isShort(position, ready));
    }

    /** {@return why the reservation tried last failed, null if it did not} */
    @Nullable
    String problem() {
        return problem;
    }

    /** {@return whether fewer segments are reserved than should be} */
    boolean isWanting() {
        return !isClosed && readyCount < wantedCount();
    }

    /**
     * Reserves one more segment if fewer are reserved than should be; throws {@link JournalException} if there is no
     * room.
     */
    void prepare() {
        synchronized (reserveMonitor) {
            if (isWanting()) {
                reserveNext(kind != LogKind.DEAD_LETTERS);
            }
        }
    }

    /** {@return the segment, reserved now if that was not done before} */
    ReservedSegment take(int segment) {
        isTaken = true;
        ReservedSegment taken = poll();
        if (taken == null) {
            extraCount = segment == 0 ? 0 : Math.min(extraCount + 1, MAX_EXTRA_COUNT);
            synchronized (reserveMonitor) {
                taken = poll();
                if (taken == null) {
                    reserveNext(false);
                    taken = poll();
                }
            }
        }
        if (taken == null || taken.segment() != segment) {
            throw new JournalException(
                    JournalException.EXIT_INTERNAL,
                    "cannot take segment: segment=" + segment + " (expected: the one reserved, " + taken + ")",
                    null);
        }
        return taken;
    }

    /**
     * Gives back what a segment, of which Chronicle has let go, does not need.
     *
     * @param position behind its last byte; 0 if nothing was written, so that Chronicle never adopted the file
     */
    void giveBackRest(int segment, long position) throws IOException {
        long length = room.fileLength();
        if (position == 0) {
            Files.deleteIfExists(path(segment));
        } else if (length > Fallocate.MIN_LENGTH) {
            Fallocate.giveBack(directory.resolve(SegmentName.of(segment)), position, length);
        }
    }

    /** Gives back the segments that nobody took. */
    @Override
    public void close() {
        synchronized (reserveMonitor) {
            isClosed = true;
            ReservedSegment unused;
            while ((unused = poll()) != null) {
                try {
                    unused.channel().close();
                    Files.deleteIfExists(path(unused.segment()));
                } catch (IOException e) {
                    throw new JournalException(
                            JournalException.EXIT_IO, "cannot give back segment: directory=" + directory, e);
                }
            }
        }
    }

    /** Before the first segment is taken it counts as well; a burst that had to wait for one gets more. */
    private int wantedCount() {
        return room.targetCount() + (isTaken ? extraCount : 1);
    }

    private synchronized @Nullable ReservedSegment poll() {
        ReservedSegment first = ahead.pollFirst();
        readyCount = ahead.size();
        return first;
    }

    private synchronized void add(ReservedSegment reserved) {
        ahead.addLast(reserved);
        readyCount = ahead.size();
    }

    /** @param isForOthersFirst whether the room that is kept for others has to be there first */
    private void reserveNext(boolean isForOthersFirst) {
        try {
            if (isForOthersFirst) {
                holdBallast();
            }
            add(reserveOrUseBallast(nextToReserve));
            nextToReserve++;
            problem = null;
        } catch (JournalException e) {
            problem = String.valueOf(e.getMessage());
            throw e;
        }
    }

    private void holdBallast() {
        try {
            ballast.hold();
        } catch (IOException e) {
            throw JournalException.ofSystem(
                    "cannot keep room for dead letters, audit and shutdown: directory=" + directory, e);
        }
    }

    /** Dead letters may have the room that is kept for them. */
    private ReservedSegment reserveOrUseBallast(int segment) {
        try {
            return reserve(segment);
        } catch (JournalException e) {
            if (kind == LogKind.DEAD_LETTERS && ballast.release()) {
                return reserve(segment);
            }
            throw e;
        }
    }

    private ReservedSegment reserve(int segment) {
        Path path = path(segment);
        long length = room.fileLength();
        try {
            Files.deleteIfExists(path);
            FileChannel channel = FileChannel.open(
                    path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                // The sync that covers the segment's first frame forces the directory too; here it would only wait.
                Fallocate.reserve(path, channel, length);
            } catch (IOException | RuntimeException e) {
                channel.close();
                Files.deleteIfExists(path);
                throw e;
            }
            return new ReservedSegment(segment, channel);
        } catch (IOException e) {
            throw new JournalException(
                    JournalException.EXIT_STORAGE_FULL,
                    "cannot reserve segment: file=" + path + ", length=" + length
                            + " (expected: that much free space); free some space",
                    e);
        }
    }

    private Path path(int segment) {
        return directory.resolve(SegmentName.stem(segment) + SegmentName.RESERVED_SUFFIX);
    }
}
