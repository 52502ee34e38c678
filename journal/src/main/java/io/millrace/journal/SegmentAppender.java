package io.millrace.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import net.openhft.chronicle.bytes.PointerBytesStore;
import net.openhft.chronicle.core.io.BackgroundResourceReleaser;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.Wire;
import org.jspecify.annotations.Nullable;

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
 * <p><b>Threading</b>: one thread, but {@link #force} and {@link #isNextReady}. <b>Allocation</b>: none per frame;
 * about 1 KiB per block and 32 KiB per segment.
 */
final class SegmentAppender implements AutoCloseable {
    /** Chronicle maps a quarter of a block behind each block. */
    static final int OVERLAP_DIVISOR = 4;
    /** Room for a document header, Chronicle's next index and the mark that ends a file. */
    static final int SLACK_LENGTH = 1 << 16;

    private final SegmentClock clock = new SegmentClock();
    private final PointerBytesStore view = new PointerBytesStore();
    private final long segmentLength;
    private final Housekeeping housekeeping;
    private final SegmentReserver reserver;
    private final SegmentFiles files;
    private final SingleChronicleQueue queue;
    private final ExcerptAppender appender;
    private @Nullable ReservedSegment unused;
    private volatile long position;

    SegmentAppender(Path directory, LogLengths lengths, Housekeeping housekeeping, List<Path> earlier) {
        this.housekeeping = housekeeping;
        segmentLength = lengths.segmentLength();
        reserver = new SegmentReserver(directory, segmentLength + lengths.blockLength() / OVERLAP_DIVISOR);
        files = new SegmentFiles(directory, earlier);
        unused = reserver.take(0);
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
        housekeeping.reserve(reserver, 1);
    }

    /** Makes a frame readable; {@code address} is that of its first byte. */
    void append(long address, int length) {
        if (position + length + SLACK_LENGTH > segmentLength) {
            roll();
        }
        view.set(address, length);
        appender.writeBytes(view);
        if (unused != null) {
            files.add(unused.channel());
            unused = null;
        }
        Wire wire = appender.wire();
        if (wire != null) {
            position = wire.bytes().writePosition();
        }
    }

    void force() throws IOException {
        files.force();
    }

    /** {@return whether the next segment is reserved, or needed no time soon} */
    boolean isNextReady() {
        return reserver.isReady() || (!reserver.hasFailed() && position < segmentLength / 2);
    }

    int segment() {
        return clock.segment();
    }

    @Override
    public void close() throws IOException {
        appender.close();
        queue.close();
        if (unused != null) {
            unused.channel().close();
        }
        files.close();
        reserver.close();
        BackgroundResourceReleaser.releasePendingResources();
    }

    private void roll() {
        int segment = clock.segment() + 1;
        unused = reserver.take(segment);
        clock.moveTo(segment);
        position = 0;
        housekeeping.reserve(reserver, segment + 1);
    }
}
