package io.millrace.journal;

import io.millrace.event.Event;
import io.millrace.journal.snapshot.SnapshotDirectory;
import io.millrace.journal.snapshot.SnapshotException;
import io.millrace.journal.snapshot.SnapshotHeader;
import io.millrace.journal.snapshot.SnapshotOrigin;
import io.millrace.ring.Snapshot;
import io.millrace.ring.SnapshotStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The snapshots of one journal: bound to the frame that holds their last record, so that one of another journal, or of
 * a past that this one has lost, is never taken for its own.
 */
final class JournalSnapshots implements SnapshotStore {
    private final Path dataDirectory;
    private final SnapshotDirectory directory;
    private final UUID journalId;
    private final Recovery recovery;
    private final boolean hasOutbox;
    private final int keepCount;
    private final Runnable afterWrite;
    private boolean isAnyOfOtherSettings;
    private final List<String> passedOver = new ArrayList<>();

    /** @param afterWrite called when a snapshot is on the disk, on the thread that wrote it */
    JournalSnapshots(JournalContext context, UUID journalId, Recovery recovery, Runnable afterWrite) {
        this.afterWrite = afterWrite;
        this.dataDirectory = context.directory();
        this.directory = directory(dataDirectory);
        this.journalId = journalId;
        this.recovery = recovery;
        this.hasOutbox = context.outbox();
        this.keepCount = context.snapshotKeepCount();
        try {
            directory.deleteTemporary();
        } catch (IOException e) {
            throw JournalException.ofSystem("cannot clear snapshots: directory=" + dataDirectory, e);
        }
    }

    static SnapshotDirectory directory(Path dataDirectory) {
        return new SnapshotDirectory(dataDirectory, (step, sequence) -> Failpoint.reach(step.failpoint(), sequence));
    }

    /**
     * Takes snapshots as a witness. One counts only when the journal is on the disk through it: a journal that ends
     * before it has lost what it must not lose.
     *
     * @throws CorruptJournalException if that is so
     */
    static void requireHeld(Path dataDirectory, LogState journal) throws IOException {
        SnapshotDirectory snapshots = new SnapshotDirectory(dataDirectory);
        StartFrame start = journal.lastStart();
        long nextSequence = journal.end().nextSequence();
        for (long sequence : snapshots.sequences()) {
            if (sequence >= nextSequence && isOf(snapshots, sequence, start)) {
                throw new CorruptJournalException(
                        snapshots.file(sequence),
                        0,
                        nextSequence,
                        "journal: ends before sequence=" + nextSequence + ", but was on the disk through sequence="
                                + sequence + " when this snapshot was taken");
            }
        }
    }

    private static boolean isOf(SnapshotDirectory snapshots, long sequence, @Nullable StartFrame start)
            throws IOException {
        try {
            SnapshotOrigin origin = snapshots.header(sequence).origin();
            return start == null
                    || (origin.journalIdHi() == start.journalIdHi() && origin.journalIdLo() == start.journalIdLo());
        } catch (SnapshotException e) {
            return false;
        }
    }

    @Override
    public synchronized void write(Snapshot snapshot) {
        try {
            directory.write(hasOutbox ? snapshot : withoutOutbox(snapshot), origin(snapshot.sequence()), keepCount);
        } catch (IOException e) {
            throw JournalException.ofSystem("cannot write snapshot: file=" + directory.file(snapshot.sequence()), e);
        }
        afterWrite.run();
    }

    /** What was not kept cannot be counted on when an outbox is kept one day. */
    private static Snapshot withoutOutbox(Snapshot snapshot) {
        return new Snapshot(
                snapshot.sequence(),
                snapshot.epoch(),
                snapshot.takenNs(),
                -1,
                0,
                -1,
                snapshot.layouts(),
                snapshot.state());
    }

    private SnapshotOrigin origin(long sequence) {
        SnapshotOrigin origin = find(sequence);
        if (origin == null) {
            throw new JournalException(
                    JournalException.EXIT_INTERNAL,
                    "cannot write snapshot: sequence=" + sequence
                            + " is not in the journal (expected: a journaled one)",
                    null);
        }
        return origin;
    }

    /** {@return the frame that holds a record, null if the journal does not} */
    private @Nullable SnapshotOrigin find(long sequence) {
        Event view = new Event();
        try (FrameReader reader = FrameReader.open(dataDirectory, LogKind.JOURNAL, sequence)) {
            return reader.nextRecord(view) && view.sequence() == sequence
                    ? new SnapshotOrigin(
                            journalId.getMostSignificantBits(),
                            journalId.getLeastSignificantBits(),
                            recovery.start(),
                            reader.frame().firstSequence(),
                            reader.frame().crc())
                    : null;
        }
    }

    @Override
    public @Nullable Snapshot newestBefore(long sequence) {
        try {
            List<Long> all = directory.sequences();
            for (int i = all.size() - 1; i >= 0; i--) {
                Snapshot snapshot = all.get(i) < sequence ? read(all.get(i)) : null;
                if (snapshot != null) {
                    return snapshot;
                }
            }
            return null;
        } catch (IOException e) {
            throw JournalException.ofSystem("cannot read snapshots: directory=" + dataDirectory, e);
        }
    }

    private @Nullable Snapshot read(long sequence) throws IOException {
        try {
            SnapshotHeader header = directory.header(sequence);
            String problem = problem(header);
            if (problem == null) {
                return directory.read(sequence);
            }
            passedOver.add("file=" + directory.file(sequence) + ": " + problem);
        } catch (SnapshotException e) {
            passedOver.add(String.valueOf(e.getMessage()));
        }
        return null;
    }

    /** {@return why journal and outbox do not go on from a snapshot, null if they do} */
    private @Nullable String problem(SnapshotHeader header) {
        SnapshotOrigin origin = header.origin();
        UUID id = new UUID(origin.journalIdHi(), origin.journalIdLo());
        if (!id.equals(journalId)) {
            return "it is of another journal: journalId=" + id + " (expected: " + journalId + ')';
        }
        if (header.sequence() >= recovery.nextSequence()) {
            return "the journal ends before it, at sequence=" + (recovery.nextSequence() - 1);
        }
        String problem = frameProblem(header);
        return problem == null && hasOutbox ? outboxProblem(header) : problem;
    }

    private @Nullable String frameProblem(SnapshotHeader header) {
        SnapshotOrigin found = find(header.sequence());
        if (found == null) {
            long first = FrameReader.firstPlace(dataDirectory, LogKind.JOURNAL);
            return first == header.sequence() + 1 ? null : "the journal begins behind it, at sequence=" + first;
        }
        boolean isSame = found.frameFirstSequence() == header.origin().frameFirstSequence()
                && found.frameCrc() == header.origin().frameCrc();
        return isSame ? null : "the journal has another frame at its sequence: it went another way since";
    }

    private @Nullable String outboxProblem(SnapshotHeader header) {
        if (header.outputPlace() < 0) {
            return "it was taken without an outbox";
        }
        if (header.outputPlace() > recovery.nextOutput()) {
            return "the outbox ends before it, at " + recovery.nextOutput() + " outputs (expected: at least "
                    + header.outputPlace() + ')';
        }
        return header.outputPlace() == 0 || isOutboxSame(header)
                ? null
                : "the outbox has another output at place=" + (header.outputPlace() - 1);
    }

    private boolean isOutboxSame(SnapshotHeader header) {
        long place = header.outputPlace() - 1;
        Event view = new Event();
        try (FrameReader reader = FrameReader.open(dataDirectory, LogKind.OUTBOX, place)) {
            return !reader.nextRecord(view)
                    || reader.place() != place
                    || (view.idHi() == header.lastOutputIdHi() && view.idLo() == header.lastOutputIdLo());
        }
    }

    @Override
    public void onPassedOver(Snapshot snapshot, RuntimeException reason) {
        isAnyOfOtherSettings = true;
        passedOver.add("file=" + directory.file(snapshot.sequence()) + ": " + reason.getMessage());
    }

    /** {@return whether one was passed over that is whole, but not of the operators and types there are now} */
    boolean isAnyOfOtherSettings() {
        return isAnyOfOtherSettings;
    }

    @Override
    public List<String> passedOver() {
        return List.copyOf(passedOver);
    }
}
