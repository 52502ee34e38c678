package io.millrace.journal;

import io.millrace.journal.snapshot.SnapshotHeader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * A place in a log from which on somebody needs it.
 *
 * @param place of the first record that is needed: sequence in the journal, else an ordinal
 * @param reason who needs it, for people
 */
public record RetentionFloor(long place, String reason) {
    /** {@return what a data directory itself says is needed of a log} */
    static List<RetentionFloor> of(Path dataDirectory, LogKind kind, boolean isForced, SnapshotWitness witness)
            throws IOException {
        List<RetentionFloor> floors = new ArrayList<>();
        if (kind == LogKind.DEAD_LETTERS) {
            return floors;
        }
        TreeMap<Long, SnapshotHeader> snapshots = witness.list();
        if (snapshots.isEmpty() && !isForced) {
            floors.add(new RetentionFloor(0, "no whole snapshot of this journal stands for it"));
        } else if (!snapshots.isEmpty() && kind == LogKind.JOURNAL) {
            long oldest = snapshots.firstKey();
            floors.add(new RetentionFloor(oldest, "snapshot=" + oldest + " is the oldest that is kept"));
        } else if (kind == LogKind.OUTBOX) {
            snapshots.forEach((sequence, header) -> floors.add(new RetentionFloor(
                    Math.max(0, header.outputPlace() - 1), "snapshot=" + sequence + " goes on there")));
        }
        SinkCheckpoint.list(dataDirectory, kind).forEach((name, position) -> {
            if (!position.isDetached()) {
                floors.add(new RetentionFloor(needed(dataDirectory, kind, position), "sink=" + name + " is there"));
            }
        });
        return floors;
    }

    /**
     * The record before shows whether the log still is the one that was delivered from; if it is not, the sink goes
     * back to where a later start continues.
     */
    private static long needed(Path dataDirectory, LogKind kind, SinkPosition position) {
        long before = Math.max(0, position.next() - 1);
        return Math.min(before, FrameReader.firstPlaceAfter(dataDirectory, kind, position.start()));
    }
}
