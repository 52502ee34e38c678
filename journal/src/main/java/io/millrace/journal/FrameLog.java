package io.millrace.journal;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.ring.EventLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.agrona.CloseHelper;
import org.agrona.concurrent.EpochNanoClock;
import org.jspecify.annotations.Nullable;

/**
 * A log of frames in a directory of its own, written by one start of the process.
 *
 * <p><b>Threading</b>: as {@link EventLog} says; the first commit starts the log if nobody did. {@link #close} when
 * nobody appends any more. <b>Allocation</b>: none per record or frame; about 1 KiB per Chronicle block and 32 KiB
 * per segment. <b>Ordering</b>: what {@link #sync} covers is sampled from {@link #nextSequence} before it forces.
 * <b>Failure</b>: {@link JournalException} or an {@link Error}; either is final, every later call but {@link #close}
 * throws again, and a failed force is never tried a second time.
 */
public final class FrameLog implements EventLog {
    /** Type of the control record that a frame without records has, written only to say what is synced. */
    static final int COMMIT_MARK_TYPE_ID = 60204;

    private final MutableEvent commitMark =
            MutableEvent.allocate(0).sequence(FrameDescriptor.NO_SEQUENCE).typeId(COMMIT_MARK_TYPE_ID);
    private final StartFrame start;
    private final LogKind kind;
    private final Path directory;
    private final LogLengths lengths;
    private final Housekeeping housekeeping;
    private final List<Path> earlierFiles;
    private final FrameBuilder frame;
    private final SegmentIndex index;
    private final SegmentReserver reserver;
    private final EpochNanoClock clock;
    private final Object syncMonitor = new Object();
    private final String beforeFailpoint;
    private final String afterFailpoint;

    private volatile @Nullable SegmentAppender segments;
    private @Nullable SyncedFile syncedFile;
    private int previousCrc;
    private long openSequence;
    private long openLength;
    private volatile long nextSequence;
    private volatile long committedLength;
    private volatile long syncedUpTo;
    private volatile @Nullable JournalException failure;
    private @Nullable ChainPoint closedEnd;

    /**
     * Starts nothing yet.
     *
     * @param directory of this start; exists and holds its start frame
     * @param earlierFiles files of earlier starts that may not be on the disk yet
     */
    FrameLog(StartFrame start, Path directory, LogLengths lengths, Housekeeping housekeeping, List<Path> earlierFiles) {
        this.start = start;
        this.kind = start.kind();
        this.directory = directory;
        this.lengths = lengths;
        this.housekeeping = housekeeping;
        this.earlierFiles = earlierFiles;
        frame = new FrameBuilder(kind, start.start(), start.epoch(), lengths.frameLength());
        reserver = new SegmentReserver(directory, kind, SegmentRoom.ofOneAhead(lengths), housekeeping.ballast());
        clock = housekeeping.clock();
        index = new SegmentIndex(start, lengths.segmentLength());
        previousCrc = start.after().previousCrc();
        openSequence = start.after().nextSequence();
        nextSequence = openSequence;
        syncedUpTo = start.syncedUpTo();
        beforeFailpoint = Failpoint.before(kind);
        afterFailpoint = Failpoint.after(kind);
    }

    @Override
    public void start() {
        if (segments == null) {
            syncedFile = guarded(this::openSyncedFile);
            segments = guarded(() -> new SegmentAppender(directory, lengths, reserver, housekeeping, earlierFiles));
        }
    }

    private SyncedFile openSyncedFile() {
        try {
            return new SyncedFile(Objects.requireNonNull(directory.getParent()), start);
        } catch (IOException e) {
            throw JournalException.ofSystem("cannot open the file of what is synced: directory=" + directory, e);
        }
    }

    @Override
    public boolean append(Event record) {
        long sequence = record.sequence();
        long place = openSequence + frame.count();
        if (sequence != place && kind.isNumberedByPlace()) {
            throw fail(JournalException.EXIT_INTERNAL, wrongSequence(sequence, place), null);
        }
        if (frame.append(record)) {
            return true;
        }
        refuseTooLong(record);
        return false;
    }

    @Override
    public boolean appendControl(Event record) {
        if (record.sequence() != FrameDescriptor.NO_SEQUENCE) {
            throw fail(
                    JournalException.EXIT_INTERNAL,
                    wrongSequence(record.sequence(), FrameDescriptor.NO_SEQUENCE),
                    null);
        }
        if (frame.appendControl(record)) {
            return true;
        }
        refuseTooLong(record);
        return false;
    }

    @Override
    public void mark() {
        appendControl(commitMark.timestampNs(clock.nanoTime()));
        commit();
    }

    @Override
    public void commit() {
        if (!frame.isEmpty()) {
            checkUsable();
            long endSequence = openSequence + frame.count();
            Failpoint.reach(beforeFailpoint, endSequence - 1);
            write();
            openSequence = endSequence;
            openLength += frame.length();
            committedLength = openLength;
            nextSequence = endSequence;
            frame.clear();
            Failpoint.reach(afterFailpoint, endSequence - 1);
        }
    }

    @Override
    public void sync() {
        synchronized (syncMonitor) {
            checkUsable();
            SegmentAppender current = segments;
            if (current != null) {
                long target = nextSequence - 1;
                try {
                    current.force();
                } catch (IOException e) {
                    throw fail(
                            JournalException.EXIT_IO,
                            "cannot force " + kind.directoryName() + ": directory=" + directory + ", syncedUpTo="
                                    + syncedUpTo + "; what came later may be lost, check the disk and start again",
                            e);
                }
                syncedUpTo = target;
                Objects.requireNonNull(syncedFile).update(target);
            }
        }
    }

    @Override
    public boolean isStorageLow() {
        SegmentAppender current = segments;
        return failure != null || reserver.isLow(current == null ? 0 : current.position());
    }

    @Override
    public void keepRoomFor(long recordCount, int recordLength) {
        SegmentRoom room = SegmentRoom.of(lengths, kind, recordCount, recordLength);
        checkFits(room);
        reserver.room(room);
        Housekeeping.reserveNow(reserver);
    }

    @Override
    public int maxRecordLength() {
        return frame.maxRecordLength();
    }

    /** {@return the sequence (ordinal in the outbox) behind the last committed record; any thread may ask} */
    public long nextSequence() {
        return nextSequence;
    }

    /** {@return bytes of all frames that this start has committed, headers included; any thread may ask} */
    public long committedLength() {
        return committedLength;
    }

    /** {@return bytes of the segment that is being written, Chronicle's header included; any thread may ask} */
    public long position() {
        SegmentAppender current = segments;
        return current == null ? 0 : current.position();
    }

    /** {@return bytes that this start has written; any thread may ask} */
    long writtenLength() {
        SegmentAppender current = segments;
        return current == null ? 0 : current.writtenLength();
    }

    /** {@return why no room could be reserved, null if there was; any thread may ask} */
    @Nullable
    String storageProblem() {
        return reserver.problem();
    }

    /** {@return the last sequence that is forced to the disk, -1 if none is; any thread may ask} */
    public long syncedUpTo() {
        return syncedUpTo;
    }

    LogKind kind() {
        return kind;
    }

    /** {@return where the log ends, after a {@link #close} that put all of it on the disk; else null} */
    @Nullable
    ChainPoint closedEnd() {
        return closedEnd;
    }

    /** Forces what was committed, unless the log has failed before, and lets go of the files. */
    @Override
    public void close() {
        SegmentAppender current = segments;
        segments = null;
        boolean isWhole = failure == null;
        if (failure == null) {
            failure = new JournalException(
                    JournalException.EXIT_INTERNAL, kind.directoryName() + " is closed: directory=" + directory, null);
        }
        if (current != null) {
            try (current) {
                if (isWhole) {
                    finish(current);
                }
            } catch (IOException e) {
                throw new JournalException(
                        JournalException.EXIT_IO,
                        "cannot close " + kind.directoryName() + ": directory=" + directory,
                        e);
            } finally {
                CloseHelper.close(syncedFile);
            }
        }
        closedEnd = isWhole ? new ChainPoint(openSequence, previousCrc) : null;
        reserver.close();
    }

    private void write() {
        start();
        SegmentAppender current = Objects.requireNonNull(segments);
        try {
            beginSegmentIfNeeded(current);
            int crcBefore = previousCrc;
            long offset = chain(current, frame);
            index.add(frame, offset, openSequence, crcBefore);
        } catch (JournalException e) {
            throw fail(e);
        } catch (IOException | RuntimeException e) {
            IOException refused = JournalException.systemCause(e);
            throw refused == null
                    ? fail(JournalException.EXIT_INTERNAL, cannotAppend(), e)
                    : fail(
                            JournalException.EXIT_IO,
                            cannotAppend() + ": " + refused.getMessage() + "; check the disk and start again",
                            e);
        } catch (Error e) {
            // A page that could not be had shows as InternalError: nothing here may be trusted any more.
            fail(JournalException.EXIT_INTERNAL, cannotAppend(), e);
            throw e;
        }
    }

    private void beginSegmentIfNeeded(SegmentAppender current) throws IOException {
        if (!current.isFresh() && !current.hasRoom(frame.length() + index.footerLength())) {
            endSegment(current);
            current.roll();
        }
        if (current.isFresh()) {
            chain(current, index.header(current.segment(), openSequence, previousCrc, clock.nanoTime()));
        }
    }

    /** Ends the last segment and forces all that is not forced yet. */
    private void finish(SegmentAppender current) throws IOException {
        if (!current.isFresh()) {
            endSegment(current);
        }
        synchronized (syncMonitor) {
            current.force();
        }
    }

    private void endSegment(SegmentAppender current) throws IOException {
        index.footerAt(chain(current, index.footer(openSequence, clock.nanoTime())));
    }

    /** Finishes and appends a frame that continues the one before; returns where its document begins. */
    private long chain(SegmentAppender current, FrameBuilder finished) throws IOException {
        int crc = finished.finish(0, openSequence, syncedUpTo, previousCrc);
        long offset = current.append(finished);
        previousCrc = crc;
        return offset;
    }

    private void checkFits(SegmentRoom room) {
        long capacity;
        try {
            capacity = Files.getFileStore(directory).getTotalSpace();
        } catch (IOException unknown) {
            capacity = Long.MAX_VALUE;
        }
        if (room.totalLength() > capacity) {
            throw new JournalException(
                    JournalException.EXIT_CONFIG,
                    "cannot keep room for the rings: log=" + kind.directoryName() + ", length=" + room.totalLength()
                            + " (expected: at most the capacity of the file system, " + capacity
                            + "); lower ring capacities, payload lengths or segmentLength, or use a larger disk",
                    null);
        }
    }

    private void refuseTooLong(Event record) {
        if (frame.isEmpty()) {
            throw fail(
                    JournalException.EXIT_CONFIG,
                    "cannot append record: recordLength=" + record.recordLength() + " (expected: 64 to "
                            + frame.maxRecordLength() + "); set frameLength",
                    null);
        }
    }

    private String cannotAppend() {
        return "cannot append frame: directory=" + directory + ", firstSequence=" + openSequence;
    }

    private String wrongSequence(long sequence, long expected) {
        return "cannot append to " + kind.directoryName() + ": sequence=" + sequence + " (expected: " + expected + ")";
    }

    private void checkUsable() {
        JournalException earlier = failure;
        if (earlier != null) {
            throw new JournalException(
                    earlier.exitCode(), kind.directoryName() + " takes nothing more: " + earlier.getMessage(), earlier);
        }
    }

    private JournalException fail(int exitCode, String message, @Nullable Throwable cause) {
        return fail(new JournalException(exitCode, message, cause));
    }

    private JournalException fail(JournalException e) {
        if (failure == null) {
            failure = e;
        }
        return e;
    }

    private <T> T guarded(Supplier<T> action) {
        checkUsable();
        try {
            return action.get();
        } catch (JournalException e) {
            throw fail(e);
        } catch (RuntimeException e) {
            throw fail(
                    JournalException.EXIT_IO, "cannot start " + kind.directoryName() + ": directory=" + directory, e);
        }
    }
}
