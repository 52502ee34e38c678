package io.millrace.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.bytes.PointerBytesStore;
import net.openhft.chronicle.core.io.BackgroundResourceReleaser;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;
import net.openhft.chronicle.wire.Wire;

/**
 * Puts frames into the segments of one start, one Chronicle excerpt per frame, and rolls before a segment's reserved
 * end.
 *
 * <pre>
 *    0                                              segmentLength        + blockLength / 4
 *   +------------------+-------+-----+-------+-----+------------+--------------------+
 *   | Chronicle header | frame | ... | frame | EOF | never used | mapped, never used |
 *   +------------------+-------+-----+-------+-----+------------+--------------------+
 * </pre>
 *
 * <p><b>Threading</b>: one thread, but {@link #force} and {@link #position}. <b>Allocation</b>: none per frame;
 * about 1 KiB per block and 32 KiB per segment.
 */
final class SegmentAppender implements AutoCloseable {
    /** Chronicle maps a quarter of a block behind each block. */
    static final int OVERLAP_DIVISOR = 4;
    /** Room for a document header, Chronicle's next index and the mark that ends a file. */
    static final int SLACK_LENGTH = 1 << 16;

    /** From here on a write is cheaper than the page faults of a copy into the mapping. */
    private static final int MIN_WRITE_LENGTH = 1 << 15;

    private static final int DOCUMENT_HEADER_LENGTH = 4;

    private final SegmentClock clock = new SegmentClock();
    private final PointerBytesStore view = new PointerBytesStore();
    private final long segmentLength;
    private final Housekeeping housekeeping;
    private final SegmentReserver reserver;
    private final SegmentFiles files;
    private final SingleChronicleQueue queue;
    private final ExcerptAppender appender;
    private ReservedSegment current;
    private boolean isCurrentKnown;
    private long documentOffset;
    private volatile long position;
    private boolean isFresh = true;

    SegmentAppender(
            Path directory,
            LogLengths lengths,
            SegmentReserver reserver,
            Housekeeping housekeeping,
            List<Path> earlier) {
        this.housekeeping = housekeeping;
        segmentLength = lengths.segmentLength();
        this.reserver = reserver;
        files = new SegmentFiles(directory, earlier);
        current = reserver.take(0);
        SingleChronicleQueueBuilder builder = SingleChronicleQueueBuilder.binary(directory)
                .rollCycle(SegmentClock.ROLL_CYCLE)
                .timeProvider(clock.timeProvider())
                .blockSize(lengths.blockLength());
        queue = builder.build();
        appender = queue.createAppender();
        if (builder.readOnly()) {
            throw new JournalException(
                    JournalException.EXIT_IO,
                    "cannot append: directory=" + directory + " was opened read-only; check its permissions",
                    null);
        }
        appender.singleThreadedCheckDisabled(true);
        queue.singleThreadedCheckDisabled(true);
        housekeeping.reserve(reserver);
    }

    /** {@return whether the segment that is written holds no frame yet} */
    boolean isFresh() {
        return isFresh;
    }

    /** {@return the number of the segment that is written} */
    int segment() {
        return clock.segment();
    }

    /** {@return whether so many bytes of frames can be appended before the segment has to end} */
    boolean hasRoom(int length) {
        return position + length + SLACK_LENGTH <= segmentLength;
    }

    /**
     * Makes a finished frame readable; the caller has seen to it that there is room.
     *
     * @return where the frame's document begins, in bytes
     */
    long append(FrameBuilder frame) throws IOException {
        int length = frame.length();
        if (length < MIN_WRITE_LENGTH) {
            copy(frame.addressOffset(), length);
        } else {
            write(frame.bytes(), length);
        }
        if (!isCurrentKnown) {
            files.add(current.channel());
            isCurrentKnown = true;
        }
        Wire wire = appender.wire();
        if (wire != null) {
            position = wire.bytes().writePosition();
        }
        isFresh = false;
        return documentOffset;
    }

    private void copy(long address, int length) {
        try (DocumentContext document = appender.writingDocument()) {
            try {
                Bytes<?> target = Objects.requireNonNull(document.wire()).bytes();
                documentOffset = target.writePosition() - DOCUMENT_HEADER_LENGTH;
                view.set(address, length);
                target.write(view);
            } catch (RuntimeException e) {
                document.rollbackOnClose();
                throw e;
            }
        }
    }

    /*
     * Copying into the mapping costs a page fault for every page, several times the copy itself. So Chronicle writes
     * the document header only, by which it also rolls and indexes, and the bytes behind it go through the page cache.
     */
    private void write(ByteBuffer bytes, int length) throws IOException {
        try (DocumentContext document = appender.writingDocument()) {
            try {
                Bytes<?> target = Objects.requireNonNull(document.wire()).bytes();
                long offset = target.writePosition();
                documentOffset = offset - DOCUMENT_HEADER_LENGTH;
                FileChannel channel = current.channel();
                for (int written = 0; written < length; ) {
                    written += channel.write(bytes, offset + written);
                }
                target.writeSkip(length);
            } catch (IOException | RuntimeException e) {
                document.rollbackOnClose();
                throw e;
            }
        }
    }

    void force() throws IOException {
        files.force();
    }

    /** {@return bytes of the current segment, 0 right after a roll} */
    long position() {
        return position;
    }

    /** {@return bytes of all segments so far} */
    long writtenLength() {
        return clock.segment() * segmentLength + position;
    }

    @Override
    public void close() throws IOException {
        appender.close();
        queue.close();
        if (!isCurrentKnown) {
            current.channel().close();
        }
        files.close();
        BackgroundResourceReleaser.releasePendingResources();
        reserver.giveBackRest(current.segment(), isCurrentKnown ? position : 0);
    }

    /** Lets the next frame go to the next segment, which is waited for if it is not reserved yet. */
    void roll() {
        int segment = clock.segment() + 1;
        current = reserver.take(segment);
        isCurrentKnown = false;
        isFresh = true;
        clock.moveTo(segment);
        position = 0;
        housekeeping.reserve(reserver);
    }
}
