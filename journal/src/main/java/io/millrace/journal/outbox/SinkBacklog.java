package io.millrace.journal.outbox;

import io.millrace.event.Event;
import io.millrace.journal.Frame;
import io.millrace.journal.FrameReader;
import io.millrace.journal.LogKind;
import io.millrace.journal.SinkCheckpoint;
import io.millrace.journal.SinkPosition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a sink has not taken yet, as its checkpoint and its log tell, whether somebody runs it or not.
 *
 * @param source the log that it reads
 * @param position its checkpoint
 * @param from place of the first record that it would get
 * @param count records from there on
 * @param length bytes of the frames that hold them
 * @param oldestIngestTimeNs when the first of them was published, in nanoseconds since the epoch; 0 if there is none
 */
public record SinkBacklog(
        String name,
        LogKind source,
        SinkPosition position,
        long from,
        long count,
        long length,
        long oldestIngestTimeNs) {
    /** {@return those of all sinks that have a checkpoint; the directory may be in use or not} */
    public static List<SinkBacklog> list(Path dataDirectory) {
        List<SinkBacklog> found = new ArrayList<>();
        for (LogKind source : List.of(LogKind.OUTBOX, LogKind.JOURNAL)) {
            SinkCheckpoint.list(dataDirectory, source)
                    .forEach((name, position) -> found.add(of(dataDirectory, source, name, position)));
        }
        return found;
    }

    private static SinkBacklog of(Path dataDirectory, LogKind source, String name, SinkPosition position) {
        long from = SinkResume.of(dataDirectory, source, position).from();
        Event first = new Event();
        long count = 0;
        long length = 0;
        long oldestNs = 0;
        try (FrameReader reader = FrameReader.open(dataDirectory, source, from)) {
            while (reader.nextFrame()) {
                long fresh = reader.frame().endSequence()
                        - Math.max(from, reader.frame().firstSequence());
                if (fresh > 0) {
                    oldestNs = count == 0 ? ingestTimeNs(reader.frame(), from, first) : oldestNs;
                    count += fresh;
                    length += reader.frame().length();
                }
            }
        }
        return new SinkBacklog(name, source, position, from, count, length, oldestNs);
    }

    private static long ingestTimeNs(Frame frame, long place, Event view) {
        while (frame.next(view)) {
            if (frame.place() >= place) {
                return view.ingestTimeNs();
            }
        }
        return 0;
    }
}
