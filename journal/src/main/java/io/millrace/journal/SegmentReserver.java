package io.millrace.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Reserves segments before they are written, so that a full disk shows here and not as a fault inside a mapped page:
 * a file {@code NAME.precreated}, which Chronicle adopts under its final name.
 *
 * <p>Room comes from {@code fallocate} in a child process, from written zeros where that does not exist. The file is
 * never touched again once the segment is live.
 *
 * <p><b>Threading</b>: {@link #prepare} from the housekeeping thread, {@link #take} from the one that appends and
 * only there waits for a reservation under way.
 */
final class SegmentReserver implements AutoCloseable {
    private static final int ZEROS_LENGTH = 1 << 16;
    /** Up to here writing zeros is faster than starting a process. */
    private static final long SMALL_LENGTH = 1 << 20;

    private final Path directory;
    private final long length;

    private @Nullable ReservedSegment next;
    private int firstWanted;
    private volatile boolean isReady;
    private volatile boolean hasFailed;

    /** @param length of every segment's file in bytes */
    SegmentReserver(Path directory, long length) {
        this.directory = directory;
        this.length = length;
    }

    /** {@return whether the next segment is reserved} */
    boolean isReady() {
        return isReady;
    }

    /** {@return whether the reservation tried last found no room} */
    boolean hasFailed() {
        return hasFailed;
    }

    /**
     * Reserves a segment unless it is there or no longer wanted; throws {@link JournalException} if there is no room.
     */
    synchronized void prepare(int segment) {
        if (next == null && segment >= firstWanted) {
            try {
                next = reserve(segment);
            } catch (JournalException e) {
                hasFailed = true;
                throw e;
            }
            hasFailed = false;
            isReady = true;
        }
    }

    /** {@return the segment, reserved now if that was not done before} */
    synchronized ReservedSegment take(int segment) {
        prepare(segment);
        ReservedSegment taken = next;
        next = null;
        firstWanted = segment + 1;
        isReady = false;
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
        if (position == 0) {
            Files.deleteIfExists(path(segment));
        } else if (length > SMALL_LENGTH) {
            Fallocate.giveBack(directory.resolve(SegmentName.of(segment)), position, length);
        }
    }

    /** Gives back a segment that nobody took. */
    @Override
    public synchronized void close() {
        ReservedSegment unused = next;
        next = null;
        firstWanted = Integer.MAX_VALUE;
        isReady = false;
        if (unused != null) {
            try {
                unused.channel().close();
                Files.deleteIfExists(path(unused.segment()));
            } catch (IOException e) {
                throw new JournalException(
                        JournalException.EXIT_IO, "cannot give back segment: directory=" + directory, e);
            }
        }
    }

    private ReservedSegment reserve(int segment) {
        Path path = path(segment);
        try {
            Files.deleteIfExists(path);
            FileChannel channel = FileChannel.open(
                    path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                allocate(path, channel);
                Directories.force(directory);
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

    private void allocate(Path path, FileChannel channel) throws IOException {
        if (length <= SMALL_LENGTH || !Fallocate.reserve(path, length)) {
            writeZeros(channel);
        }
        if (channel.size() != length) {
            throw new IOException("reserved " + channel.size() + " bytes of " + length);
        }
    }

    private void writeZeros(FileChannel channel) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect(ZEROS_LENGTH);
        for (long position = 0; position < length; ) {
            zeros.position(0).limit((int) Math.min(ZEROS_LENGTH, length - position));
            position += channel.write(zeros, position);
        }
    }

    private Path path(int segment) {
        return directory.resolve(SegmentName.stem(segment) + SegmentName.RESERVED_SUFFIX);
    }
}
