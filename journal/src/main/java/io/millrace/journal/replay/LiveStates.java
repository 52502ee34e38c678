package io.millrace.journal.replay;

import io.millrace.journal.JournalException;
import io.millrace.journal.snapshot.SnapshotDirectory;
import io.millrace.journal.snapshot.SnapshotException;
import io.millrace.journal.snapshot.SnapshotHeader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The hashes over all state that snapshots hold, by their sequences. */
final class LiveStates {
    private final Map<Long, Long> hashes = new HashMap<>();

    private LiveStates() {}

    /** Reads those of snapshots of this journal within a range. */
    static LiveStates read(Path directory, long fromSequence, long toSequence) {
        LiveStates found = new LiveStates();
        SnapshotDirectory snapshots = new SnapshotDirectory(directory);
        try {
            for (long sequence : snapshots.sequences()) {
                if (sequence >= fromSequence && sequence <= toSequence) {
                    found.add(directory, snapshots, sequence);
                }
            }
            return found;
        } catch (IOException e) {
            throw new JournalException(
                    JournalException.EXIT_IO, "cannot read snapshots: directory=" + directory + ": " + e, e);
        }
    }

    private void add(Path directory, SnapshotDirectory snapshots, long sequence) throws IOException {
        try {
            SnapshotHeader header = snapshots.header(sequence);
            if (ReplayStart.isOfJournal(directory, header)) {
                hashes.put(sequence, header.stateHash());
            }
        } catch (SnapshotException e) {
            // A recovery passes a damaged one over as well; there is nothing to compare with.
        }
    }

    boolean has(long sequence) {
        return !hashes.isEmpty() && hashes.containsKey(sequence);
    }

    long hash(long sequence) {
        return hashes.getOrDefault(sequence, 0L);
    }
}
