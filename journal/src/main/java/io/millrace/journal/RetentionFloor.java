package io.millrace.journal;

import io.millrace.journal.snapshot.SnapshotDirectory;
import io.millrace.journal.snapshot.SnapshotException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A place in a log from which on somebody needs it.
 *
 * @param place of the first record that is needed: sequence in the journal, else an ordinal
 * @param reason who needs it, for people
 */
public record RetentionFloor(long place, String reason) {
    /** {@return what a data directory itself says is needed of a log} */
    static List<RetentionFloor> of(Path dataDirectory, LogKind kind, boolean isForced) throws IOException {
        List<RetentionFloor> floors = new ArrayList<>();
        if (kind == LogKind.DEAD_LETTERS) {
            return floors;
        }
        SnapshotDirectory snapshots = new SnapshotDirectory(dataDirectory);
        List<Long> sequences = snapshots.sequences();
        if (sequences.isEmpty() && !isForced) {
            floors.add(new RetentionFloor(0, "no snapshot stands for it"));
        } else if (!sequences.isEmpty() && kind == LogKind.JOURNAL) {
            long oldest = sequences.get(0);
            floors.add(new RetentionFloor(oldest, "snapshot=" + oldest + " is the oldest that is kept"));
        } else if (kind == LogKind.OUTBOX) {
            for (long sequence : sequences) {
                addOutput(snapshots, sequence, floors);
            }
        }
        SinkCheckpoint.list(dataDirectory, kind).forEach((name, position) -> {
            if (!position.isDetached()) {
                // The record before shows whether the log still is the one that was delivered from.
                floors.add(new RetentionFloor(Math.max(0, position.next() - 1), "sink=" + name + " is there"));
            }
        });
        return floors;
    }

    private static void addOutput(SnapshotDirectory snapshots, long sequence, List<RetentionFloor> floors)
            throws IOException {
        try {
            long place = snapshots.header(sequence).outputPlace();
            floors.add(new RetentionFloor(Math.max(0, place - 1), "snapshot=" + sequence + " goes on there"));
        } catch (SnapshotException unusable) {
            // What cannot be read is passed over at a start as well.
        }
    }
}
