package io.millrace.journal;

import io.millrace.event.Event;
import io.millrace.ring.ControlRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The CONTROL records that say how a journal came about: CONFIG and SKIP. They are always the first records of a start,
 * or stand before all records, so few bytes are read to find them all. The journal may be in use.
 */
public final class JournalControls {
    private JournalControls() {}

    /** {@return those that the journal still has, in order} */
    public static List<ControlRecord> read(Path dataDirectory) {
        Path directory = dataDirectory.resolve(LogKind.JOURNAL.directoryName());
        TreeMap<Long, ControlRecord> found = new TreeMap<>();
        List<ControlRecord> all = new ArrayList<>();
        try {
            all.addAll(StartFrame.carried(directory, LogKind.JOURNAL));
            for (int number : StartFrame.keptStarts(directory, LogKind.JOURNAL)) {
                StartFrame start = StartFrame.read(Directories.start(directory, number), LogKind.JOURNAL, number);
                if (start != null) {
                    read(dataDirectory, start.after().nextSequence(), found);
                }
            }
        } catch (IOException e) {
            throw JournalException.ofSystem("cannot read journal: directory=" + directory, e);
        }
        readBeforeRecords(dataDirectory, all);
        all.addAll(found.values());
        return List.copyOf(all);
    }

    /** What the operators were at first stands before all records and has no sequence. */
    private static void readBeforeRecords(Path dataDirectory, List<ControlRecord> all) {
        Event record = new Event();
        try (FrameReader reader = FrameReader.open(dataDirectory, LogKind.JOURNAL)) {
            while (reader.nextFrame()
                    && reader.frame().count() == 0
                    && reader.frame().firstSequence() == 0) {
                while (reader.frame().nextControl(record)) {
                    ControlRecord control = ControlRecord.of(record);
                    if (control != null) {
                        all.add(control);
                    }
                }
            }
        }
    }

    private static void read(Path dataDirectory, long sequence, TreeMap<Long, ControlRecord> found) {
        Event record = new Event();
        try (FrameReader reader = FrameReader.open(dataDirectory, LogKind.JOURNAL, sequence)) {
            while (reader.nextRecord(record)) {
                ControlRecord control = ControlRecord.of(record);
                if (control == null || record.sequence() < sequence) {
                    return;
                }
                found.put(control.sequence(), control);
            }
        }
    }
}
