package io.millrace.journal;

import io.millrace.event.Event;
import io.millrace.journal.snapshot.SnapshotHeader;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * From where on a recovery reads the logs: from the newest snapshot that is whole and fits them, as journal and outbox
 * were on the disk through it when it was written. So a start takes as long as what came since, however long the
 * journal is. What lies before is verified by whoever reads it.
 *
 * @param journal null for the first frame
 * @param outbox null likewise
 */
record ScanBeginning(@Nullable LogPlace journal, @Nullable LogPlace outbox) {
    static final ScanBeginning OF_ALL = new ScanBeginning(null, null);

    /** {@return all of both logs if no snapshot fits, or something is damaged: then reading all says what} */
    static ScanBeginning find(Path dataDirectory) throws IOException {
        try {
            SnapshotHeader snapshot = new SnapshotWitness(dataDirectory).newest();
            if (snapshot == null || snapshot.sequence() == 0 || !isInOutbox(dataDirectory, snapshot)) {
                return OF_ALL;
            }
            return new ScanBeginning(
                    place(dataDirectory, LogKind.JOURNAL, snapshot.sequence()),
                    snapshot.outputPlace() <= 1
                            ? null
                            : place(dataDirectory, LogKind.OUTBOX, snapshot.outputPlace() - 1));
        } catch (CorruptJournalException damaged) {
            return OF_ALL;
        }
    }

    private static @Nullable LogPlace place(Path dataDirectory, LogKind kind, long place) {
        try (LogSeek seek = new LogSeek(dataDirectory.resolve(kind.directoryName()), kind)) {
            return seek.find(new SeekKey(SeekKey.Field.PLACE, place));
        }
    }

    /** Whether the outbox still has the last output before the snapshot; true if there was none. */
    private static boolean isInOutbox(Path dataDirectory, SnapshotHeader snapshot) {
        long place = snapshot.outputPlace() - 1;
        if (place < 0) {
            return true;
        }
        Event view = new Event();
        try (FrameReader reader = FrameReader.open(dataDirectory, LogKind.OUTBOX, place)) {
            return reader.nextRecord(view)
                    && reader.place() == place
                    && view.idHi() == snapshot.lastOutputIdHi()
                    && view.idLo() == snapshot.lastOutputIdLo();
        }
    }
}
