package io.millrace.journal.replay;

import io.millrace.event.Event;
import io.millrace.journal.FrameReader;
import io.millrace.journal.LogKind;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Which records of a journal a replay gives the outputs of: one run of sequences, named by them or by time.
 *
 * @param by what {@code from} and {@code to} are
 * @param from first sequence, or nanoseconds since the epoch
 * @param to last sequence, or nanoseconds since the epoch; {@code Long.MAX_VALUE} for as far as the journal goes
 */
public record ReplayRange(Unit by, long from, long to) {
    /** What a range counts. */
    public enum Unit {
        SEQUENCE,
        /** Events may come out of order: from the first at that time or later, until one is later than the end. */
        EVENT_TIME,
        INGEST_TIME
    }

    /** All there is. */
    public static final ReplayRange ALL = new ReplayRange(Unit.SEQUENCE, 0, Long.MAX_VALUE);

    public ReplayRange {
        if (to < from || (by == Unit.SEQUENCE && from < 0)) {
            throw new IllegalArgumentException("cannot replay: from=" + from + ", to=" + to + " by "
                    + by.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " (expected: from at most to"
                    + (by == Unit.SEQUENCE ? ", at least 0" : "")
                    + "); name the earlier one first");
        }
    }

    /** {@return the first sequence in the range, behind the journal's last one if it holds none that late} */
    long firstSequence(Path directory) {
        return by == Unit.SEQUENCE ? from : firstSince(directory, from);
    }

    /** {@return the last sequence in the range, at least that of the last record if the range has no end} */
    long lastSequence(Path directory) {
        if (by == Unit.SEQUENCE || to == Long.MAX_VALUE) {
            return by == Unit.SEQUENCE ? to : Long.MAX_VALUE;
        }
        long next = firstSince(directory, to + 1);
        return next == Long.MAX_VALUE ? next : next - 1;
    }

    private long firstSince(Path directory, long timeNs) {
        try (FrameReader reader = FrameReader.open(directory, LogKind.JOURNAL)) {
            if (by == Unit.EVENT_TIME) {
                reader.seekTime(timeNs);
            } else {
                reader.seekIngestTime(timeNs);
            }
            Event record = new Event();
            return reader.nextRecord(record) ? record.sequence() : Long.MAX_VALUE;
        }
    }
}
