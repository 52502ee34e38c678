package io.millrace.journal;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.agrona.BitUtil;
import org.agrona.concurrent.EpochNanoClock;
import org.jspecify.annotations.Nullable;

/** Settings of a {@link Journal}; fluent, checked by {@link #conclude}, which {@link Journal#open} calls. */
public final class JournalContext {
    /** Shortest block, in bytes. */
    public static final int MIN_BLOCK_LENGTH = 1 << 18;
    /** Longest block, in bytes. */
    public static final int MAX_BLOCK_LENGTH = 1 << 28;
    /** Longest segment, in bytes. */
    public static final long MAX_SEGMENT_LENGTH = 1L << 40;
    /** Shortest frame, in bytes. */
    public static final int MIN_FRAME_LENGTH = 1 << 9;

    /** Most snapshots that can be kept. */
    public static final int MAX_SNAPSHOT_KEEP_COUNT = 1000;
    /** For start frames, directories and the audit log. */
    private static final long BALLAST_MARGIN_LENGTH = 1 << 20;
    /** A length that follows from others. */
    private static final long DERIVED = -1;

    private static final long MIN_DEAD_LETTER_SEGMENT_LENGTH = 1 << 22;

    private @Nullable Path directory;
    private long segmentLength = 1L << 26;
    private int blockLength = 1 << 24;
    private int frameLength = 1 << 18;
    private boolean outbox = true;
    private int snapshotKeepCount = 3;
    private long ballastLength = DERIVED;
    private RetentionPolicy retention = RetentionPolicy.KEEP_ALL;
    private Consumer<StorageState> storageListener = state -> {};
    private RecoveryListener recoveryListener = RecoveryListener.NONE;
    private boolean verifiesAll;
    private EpochNanoClock clock = MonotoneClock.WALL;
    private long outboxMaxLength;
    private OutboxOverrun outboxOverrun = OutboxOverrun.DETACH;

    /** Sets the data directory, which is created if need be. */
    public JournalContext directory(Path directory) {
        this.directory = directory;
        return this;
    }

    public Path directory() {
        if (directory == null) {
            throw invalid("directory", null, "a path", "set directory");
        }
        return directory;
    }

    /**
     * Sets where a segment ends.
     *
     * @param segmentLength in bytes, a multiple of the block length, at most {@link #MAX_SEGMENT_LENGTH}
     */
    public JournalContext segmentLength(long segmentLength) {
        this.segmentLength = segmentLength;
        return this;
    }

    public long segmentLength() {
        return segmentLength;
    }

    /**
     * Sets how much of a segment is mapped at a time.
     *
     * @param blockLength in bytes, a power of two, {@link #MIN_BLOCK_LENGTH} to {@link #MAX_BLOCK_LENGTH}
     */
    public JournalContext blockLength(int blockLength) {
        this.blockLength = blockLength;
        return this;
    }

    public int blockLength() {
        return blockLength;
    }

    /**
     * Sets the length of the longest frame: what a batch beyond it is split at, and, less 64, the longest record.
     *
     * @param frameLength in bytes, a multiple of 8, {@link #MIN_FRAME_LENGTH} to a quarter of the block length less 64
     */
    public JournalContext frameLength(int frameLength) {
        this.frameLength = frameLength;
        return this;
    }

    public int frameLength() {
        return frameLength;
    }

    /** Sets whether outputs are kept; without an outbox they go to subscribers only. */
    public JournalContext outbox(boolean outbox) {
        this.outbox = outbox;
        return this;
    }

    public boolean outbox() {
        return outbox;
    }

    /**
     * Sets how much room is kept for dead letters, audit and the snapshot at shutdown, which have to be written when
     * the disk is full.
     *
     * @param ballastLength in bytes, 0 for none; a segment of journal or dead letters if it is not set
     */
    public JournalContext ballastLength(long ballastLength) {
        this.ballastLength = ballastLength;
        return this;
    }

    public long ballastLength() {
        return ballastLength != DERIVED
                ? ballastLength
                : Math.max(SegmentRoom.fileLength(lengths()), SegmentRoom.fileLength(deadLetterLengths()))
                        + BALLAST_MARGIN_LENGTH;
    }

    /** Sets what journal and outbox keep each, beyond what is needed; applied after every snapshot. */
    public JournalContext retention(RetentionPolicy policy) {
        this.retention = policy;
        return this;
    }

    public RetentionPolicy retention() {
        return retention;
    }

    /** Sets who is told when the level of {@link Journal#storage} changes, on a thread of the journal's. */
    public JournalContext storageListener(Consumer<StorageState> listener) {
        storageListener = listener;
        return this;
    }

    public Consumer<StorageState> storageListener() {
        return storageListener;
    }

    /** Sets who is told how far recovery is. */
    public JournalContext recoveryListener(RecoveryListener listener) {
        recoveryListener = listener;
        return this;
    }

    public RecoveryListener recoveryListener() {
        return recoveryListener;
    }

    /**
     * Sets whether opening verifies every frame. Without it those before the newest snapshot that fits are left to who
     * reads them, so that a start takes no longer because the journal is long.
     */
    public JournalContext verifyAll(boolean verifiesAll) {
        this.verifiesAll = verifiesAll;
        return this;
    }

    public boolean verifiesAll() {
        return verifiesAll;
    }

    /** Sets the clock that dates segments. It may jump: data are ordered by number, and no time goes back. */
    public JournalContext clock(EpochNanoClock clock) {
        this.clock = clock;
        return this;
    }

    public EpochNanoClock clock() {
        return clock;
    }

    /**
     * Sets how far the slowest attached sink may be behind, see {@link io.millrace.journal.OutboxOverrun} for what
     * then.
     *
     * @param outboxMaxLength bytes of outputs that it has not taken, 0 for any
     */
    public JournalContext outboxMaxLength(long outboxMaxLength) {
        this.outboxMaxLength = outboxMaxLength;
        return this;
    }

    public long outboxMaxLength() {
        return outboxMaxLength;
    }

    /** Sets what happens to a sink that is too far behind. */
    public JournalContext outboxOverrun(OutboxOverrun outboxOverrun) {
        this.outboxOverrun = outboxOverrun;
        return this;
    }

    public OutboxOverrun outboxOverrun() {
        return outboxOverrun;
    }

    /**
     * Sets how many snapshots are kept, the newest. Behind the oldest of them the journal is never pruned, so that each
     * can stand in for a newer one that is damaged.
     *
     * @param snapshotKeepCount 1 to {@link #MAX_SNAPSHOT_KEEP_COUNT}
     */
    public JournalContext snapshotKeepCount(int snapshotKeepCount) {
        this.snapshotKeepCount = snapshotKeepCount;
        return this;
    }

    public int snapshotKeepCount() {
        return snapshotKeepCount;
    }

    /**
     * Checks all settings, alone and against each other; throws {@link JournalException} at the first that is wrong.
     */
    public JournalContext conclude() {
        directory();
        validateBlockLength();
        validateSegmentLength();
        validateFrameLength();
        validateSnapshotKeepCount();
        validateOutbox();
        validateBallastLength();
        return this;
    }

    LogLengths lengths() {
        return new LogLengths(segmentLength, blockLength, frameLength);
    }

    /** Dead letters are few: the shortest segment that takes one of the greatest length. */
    LogLengths deadLetterLengths() {
        int longest = frameLength + Journal.MAX_DEAD_LETTER_OVERHEAD;
        int block = BitUtil.findNextPositivePowerOfTwo(
                SegmentAppender.OVERLAP_DIVISOR * (longest + FrameDescriptor.HEADER_LENGTH));
        block = Math.max(block, MIN_BLOCK_LENGTH);
        return new LogLengths(Math.max(block, MIN_DEAD_LETTER_SEGMENT_LENGTH), block, longest);
    }

    private void validateBlockLength() {
        if (blockLength < MIN_BLOCK_LENGTH || blockLength > MAX_BLOCK_LENGTH || !BitUtil.isPowerOfTwo(blockLength)) {
            throw invalid(
                    "blockLength",
                    blockLength,
                    "power of two, " + MIN_BLOCK_LENGTH + " to " + MAX_BLOCK_LENGTH,
                    "set blockLength");
        }
    }

    private void validateSegmentLength() {
        if (segmentLength < blockLength || segmentLength > MAX_SEGMENT_LENGTH || segmentLength % blockLength != 0) {
            throw invalid(
                    "segmentLength",
                    segmentLength,
                    "multiple of blockLength=" + blockLength + ", up to " + MAX_SEGMENT_LENGTH,
                    "set segmentLength or blockLength");
        }
    }

    private void validateSnapshotKeepCount() {
        if (snapshotKeepCount < 1 || snapshotKeepCount > MAX_SNAPSHOT_KEEP_COUNT) {
            throw invalid(
                    "snapshotKeepCount", snapshotKeepCount, "1 to " + MAX_SNAPSHOT_KEEP_COUNT, "set snapshotKeepCount");
        }
    }

    private void validateFrameLength() {
        int limit = maxFrameLength(blockLength);
        if (frameLength < MIN_FRAME_LENGTH
                || frameLength > limit
                || frameLength % FrameDescriptor.RECORD_ALIGNMENT != 0) {
            throw invalid(
                    "frameLength",
                    frameLength,
                    "multiple of 8, " + MIN_FRAME_LENGTH + " to " + limit + " at blockLength=" + blockLength,
                    "set frameLength or blockLength");
        }
    }

    private void validateOutbox() {
        if (outboxMaxLength < 0) {
            throw invalid("outboxMaxLength", outboxMaxLength, "bytes, 0 for any number", "set outboxMaxLength");
        }
    }

    private void validateBallastLength() {
        if (ballastLength < DERIVED || ballastLength > MAX_SEGMENT_LENGTH) {
            throw invalid("ballastLength", ballastLength, "0 to " + MAX_SEGMENT_LENGTH, "set ballastLength");
        }
    }

    /**
     * A quarter of a block is what Chronicle takes as one excerpt; a segment holds its header and one frame at least.
     */
    private static int maxFrameLength(int blockLength) {
        return blockLength / SegmentAppender.OVERLAP_DIVISOR - FrameDescriptor.HEADER_LENGTH;
    }

    private static JournalException invalid(String name, @Nullable Object value, String expected, String remedy) {
        return new JournalException(
                JournalException.EXIT_CONFIG,
                "cannot open journal: " + name + '=' + value + " (expected: " + expected + "); " + remedy,
                null);
    }

    @Override
    public String toString() {
        return "JournalContext{directory=" + directory + ", segmentLength=" + segmentLength + ", blockLength="
                + blockLength + ", frameLength=" + frameLength + ", outbox=" + outbox
                + ", outboxMaxLength=" + outboxMaxLength + ", outboxOverrun=" + outboxOverrun + '}';
    }
}
