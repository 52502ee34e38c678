package io.millrace.ops.command;

import io.millrace.event.Event;
import io.millrace.journal.CorruptJournalException;
import io.millrace.journal.FrameReader;
import io.millrace.journal.LogKind;
import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;

/**
 * The records of a log that a filter wants, in their order, from disk and in constant memory. Frames without any are
 * passed over by their headers. Works on a log that is being written: when there are no more now, there may be later.
 * A tail that a crash tore is the end, until the next start has left it out.
 *
 * <p><b>Failure</b>: {@link CorruptJournalException} on damage.
 */
public final class RecordScan implements AutoCloseable {
    private static final long TORN_LOOK_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    private final DataDirectory data;
    private final LogKind kind;
    private final RecordFilter filter;
    private FrameReader reader;
    private boolean isInFrame;
    private boolean isBehindRange;
    private long nextPlace;
    private long lookedAtCount;
    private long passedOverCount;
    private String tornTail = "";
    private long tornSinceNs;

    private RecordScan(DataDirectory data, LogKind kind, RecordFilter filter, FrameReader reader) {
        this.data = data;
        this.kind = kind;
        this.filter = filter;
        this.reader = reader;
        nextPlace = filter.fromPlace();
    }

    /** {@return a scan before the first record that is wanted} */
    public static RecordScan open(DataDirectory data, LogKind kind, RecordFilter filter) {
        return open(data, kind, filter, data.reader(kind, filter.fromPlace()));
    }

    /** {@return the same, for a log that somebody may go on with in the meantime} */
    public static RecordScan follow(DataDirectory data, LogKind kind, RecordFilter filter) {
        return open(data, kind, filter, FrameReader.open(data.path(), kind, filter.fromPlace()));
    }

    private static RecordScan open(DataDirectory data, LogKind kind, RecordFilter filter, FrameReader reader) {
        if (filter.fromPlace() == 0 && filter.fromTimeNs() > Long.MIN_VALUE) {
            reader.seekTime(filter.fromTimeNs());
        }
        return new RecordScan(data, kind, filter, reader);
    }

    /**
     * Moves to the next record.
     *
     * @param view pointed at it, valid until the next call
     * @return false if there is none now
     */
    public boolean next(Event view) {
        if (!tornTail.isEmpty()) {
            if (System.nanoTime() - tornSinceNs < TORN_LOOK_INTERVAL_NS) {
                return false;
            }
            reopen();
        }
        try {
            return find(view);
        } catch (CorruptJournalException e) {
            if (data.endBehind(kind, e) > e.sequence()) {
                // A start has left it out since this reader looked for the next start.
                reopen();
                return find(view);
            }
            tornTail = "file=" + e.file() + ", offset=" + e.offset() + ", sequence=" + e.sequence();
            tornSinceNs = System.nanoTime();
            return false;
        }
    }

    /** {@return the place of the record given last: its sequence in the journal, else its ordinal} */
    public long place() {
        return reader.frame().place();
    }

    /** {@return how many records were looked at one by one} */
    public long lookedAtCount() {
        return lookedAtCount;
    }

    /** {@return how many were passed over because of what the header of their frame says} */
    public long passedOverCount() {
        return passedOverCount;
    }

    /** Says that the log ends in what a crash tore, if that is how it ended. */
    public void sayTornTail(PrintWriter err) {
        if (!tornTail.isEmpty()) {
            err.println("millrace: " + kind.directoryName() + " ends in a tail that a crash tore: " + tornTail
                    + "; the next start leaves it out");
        }
    }

    @Override
    public void close() {
        reader.close();
    }

    private boolean find(Event view) {
        while (isInFrame || nextFrame()) {
            while (reader.frame().next(view)) {
                if (place() >= nextPlace) {
                    nextPlace = place() + 1;
                    lookedAtCount++;
                    if (filter.matches(view, place())) {
                        return true;
                    }
                }
            }
            isInFrame = false;
        }
        return false;
    }

    private boolean nextFrame() {
        while (!isBehindRange && reader.nextFrame()) {
            isBehindRange = filter.isBefore(reader.frame());
            if (filter.mayMatch(reader.frame())) {
                isInFrame = true;
                return true;
            }
            passedOverCount += reader.frame().count();
        }
        return false;
    }

    /** A reader that met a torn tail stays there; another one sees what a start since has put in its place. */
    private void reopen() {
        reader.close();
        reader = FrameReader.open(data.path(), kind, nextPlace);
        isInFrame = false;
        tornTail = "";
    }
}
