package io.millrace.journal;

import io.millrace.event.Event;
import io.millrace.journal.snapshot.SnapshotDirectory;
import io.millrace.journal.snapshot.SnapshotException;
import io.millrace.journal.snapshot.SnapshotHeader;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The snapshots that may stand for the front of a journal: every byte is what was written, and the journal still has
 * the frame that each was taken at. A file is never changed once it has its name, so it is read once.
 *
 * <p><b>Threading</b>: one thread at a time.
 */
final class SnapshotWitness {
    private final Path dataDirectory;
    private final SnapshotDirectory directory;
    private final Map<Long, SnapshotHeader> whole = new HashMap<>();

    SnapshotWitness(Path dataDirectory) {
        this.dataDirectory = dataDirectory;
        directory = new SnapshotDirectory(dataDirectory);
    }

    /** {@return those there are, by sequence} */
    TreeMap<Long, SnapshotHeader> list() throws IOException {
        TreeMap<Long, SnapshotHeader> found = new TreeMap<>();
        List<Long> sequences = directory.sequences();
        whole.keySet().retainAll(sequences);
        for (long sequence : sequences) {
            SnapshotHeader header = header(sequence);
            if (header != null && isOfJournal(header)) {
                found.put(sequence, header);
            }
        }
        return found;
    }

    /** {@return the newest, null if there is none} */
    @Nullable
    SnapshotHeader newest() throws IOException {
        List<Long> sequences = directory.sequences();
        for (int i = sequences.size() - 1; i >= 0; i--) {
            SnapshotHeader header = header(sequences.get(i));
            if (header != null && isOfJournal(header)) {
                return header;
            }
        }
        return null;
    }

    private @Nullable SnapshotHeader header(long sequence) throws IOException {
        SnapshotHeader known = whole.get(sequence);
        if (known == null) {
            try {
                known = directory.verify(sequence);
                whole.put(sequence, known);
            } catch (SnapshotException | NoSuchFileException unusable) {
                // A start passes it over as well.
            }
        }
        return known;
    }

    private boolean isOfJournal(SnapshotHeader header) {
        Event view = new Event();
        try (FrameReader reader = FrameReader.open(dataDirectory, LogKind.JOURNAL, header.sequence())) {
            return reader.nextRecord(view)
                    && view.sequence() == header.sequence()
                    && reader.frame().firstSequence() == header.origin().frameFirstSequence()
                    && reader.frame().crc() == header.origin().frameCrc();
        }
    }
}
