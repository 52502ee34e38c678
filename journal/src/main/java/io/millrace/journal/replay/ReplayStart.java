package io.millrace.journal.replay;

import io.millrace.event.Event;
import io.millrace.journal.FrameReader;
import io.millrace.journal.JournalControls;
import io.millrace.journal.JournalException;
import io.millrace.journal.JournalRecords;
import io.millrace.journal.LogKind;
import io.millrace.journal.snapshot.SnapshotDirectory;
import io.millrace.journal.snapshot.SnapshotException;
import io.millrace.journal.snapshot.SnapshotHeader;
import io.millrace.ring.Replayer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Where a replay begins: behind the newest snapshot that is old enough and fits, else before the first record.
 *
 * @param nextSequence of the first record to replay
 * @param outputPlace place in the outbox of the first output that such a record causes
 */
record ReplayStart(long nextSequence, long outputPlace) {
    private static final ReplayStart BEGINNING = new ReplayStart(0, 0);

    /**
     * Brings a new replayer there.
     *
     * @param firstSequence that has to be replayed
     */
    static ReplayStart of(Path directory, Replayer replayer, long firstSequence) {
        replayer.follow(JournalControls.read(directory));
        replayer.readBackFrom(sequence -> new JournalRecords(directory, sequence));
        SnapshotDirectory snapshots = new SnapshotDirectory(directory);
        try {
            List<Long> sequences = snapshots.sequences();
            for (int i = sequences.size() - 1; i >= 0; i--) {
                long sequence = sequences.get(i);
                if (sequence < firstSequence && isLoaded(directory, snapshots, sequence, replayer)) {
                    return new ReplayStart(
                            sequence + 1, Math.max(0, snapshots.header(sequence).outputPlace()));
                }
            }
            return BEGINNING;
        } catch (IOException e) {
            throw new JournalException(
                    JournalException.EXIT_IO, "cannot read snapshots: directory=" + directory + ": " + e, e);
        }
    }

    /** One that is damaged, or of other operators, is passed over: an older one or a longer replay does as well. */
    private static boolean isLoaded(Path directory, SnapshotDirectory snapshots, long sequence, Replayer replayer)
            throws IOException {
        try {
            return isOfJournal(directory, snapshots.header(sequence)) && replayer.loadIfFits(snapshots.read(sequence));
        } catch (SnapshotException e) {
            return false;
        }
    }

    /** {@return whether the journal has the frame that the snapshot was taken at: else it went another way since} */
    static boolean isOfJournal(Path directory, SnapshotHeader header) {
        Event record = new Event();
        try (FrameReader reader = FrameReader.open(directory, LogKind.JOURNAL, header.sequence())) {
            if (!reader.nextRecord(record)) {
                return false;
            }
            // What is behind the snapshot is enough if all before it was pruned.
            return record.sequence() == header.sequence()
                    ? reader.frame().crc() == header.origin().frameCrc()
                    : record.sequence() == header.sequence() + 1;
        }
    }
}
