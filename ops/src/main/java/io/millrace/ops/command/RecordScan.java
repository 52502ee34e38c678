package io.millrace.ops.command;

import io.millrace.event.Event;
import io.millrace.journal.FrameReader;
import io.millrace.journal.LogKind;
import java.nio.file.Path;

/**
 * The records of a log that a filter wants, in their order, from disk and in constant memory. Frames without any are
 * passed over by their headers. Works on a log that is being written: when there are no more now, there may be later.
 */
public final class RecordScan implements AutoCloseable {
    private final FrameReader reader;
    private final RecordFilter filter;
    private boolean isInFrame;
    private boolean isBehindRange;
    private long lookedAtCount;
    private long passedOverCount;

    private RecordScan(FrameReader reader, RecordFilter filter) {
        this.reader = reader;
        this.filter = filter;
    }

    /** {@return a scan before the first record that is wanted} */
    public static RecordScan open(Path dataDirectory, LogKind kind, RecordFilter filter) {
        FrameReader reader = FrameReader.open(dataDirectory, kind, filter.fromPlace());
        if (filter.fromPlace() == 0 && filter.fromTimeNs() > Long.MIN_VALUE) {
            reader.seekTime(filter.fromTimeNs());
        }
        return new RecordScan(reader, filter);
    }

    /**
     * Moves to the next record.
     *
     * @param view pointed at it, valid until the next call
     * @return false if there is none now
     */
    public boolean next(Event view) {
        while (isInFrame || nextFrame()) {
            while (reader.frame().next(view)) {
                lookedAtCount++;
                if (filter.matches(view, place())) {
                    return true;
                }
            }
            isInFrame = false;
        }
        return false;
    }

    /** {@return the place of the record given last: its sequence in the journal, else its ordinal} */
    public long place() {
        return reader.frame().place();
    }

    /** {@return whether all that can come lies behind the range} */
    public boolean isBehindRange() {
        return isBehindRange;
    }

    /** {@return how many records were looked at one by one} */
    public long lookedAtCount() {
        return lookedAtCount;
    }

    /** {@return how many were passed over because of what the header of their frame says} */
    public long passedOverCount() {
        return passedOverCount;
    }

    @Override
    public void close() {
        reader.close();
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
}
