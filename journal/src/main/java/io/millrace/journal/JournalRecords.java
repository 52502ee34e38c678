package io.millrace.journal;

import io.millrace.event.Event;
import io.millrace.ring.RecordReader;
import java.nio.file.Path;

/** Gives accepted records of a journal again, those of a run that goes on too as soon as they are appended. */
public final class JournalRecords implements RecordReader {
    private final FrameReader reader;
    private final long fromSequence;
    private boolean isBegun;

    /**
     * Begins before a record.
     *
     * @param dataDirectory that may be in use
     * @param fromSequence of the first record that it gives
     */
    public JournalRecords(Path dataDirectory, long fromSequence) {
        this.reader = FrameReader.open(dataDirectory, LogKind.JOURNAL, fromSequence);
        this.fromSequence = fromSequence;
    }

    /**
     * Moves a view to the next record.
     *
     * @throws JournalException if the journal begins later than it was asked to
     */
    @Override
    public boolean next(Event view) {
        if (!reader.nextRecord(view)) {
            return false;
        }
        if (!isBegun && view.sequence() != fromSequence) {
            throw new JournalException(
                    JournalException.EXIT_CONFIG,
                    "cannot read back: the journal begins at sequence=" + view.sequence() + " (expected: "
                            + fromSequence + ", from which a rule is warmed), what was before is pruned; warm it from"
                            + " a later one, or begin behind a snapshot with the rule in it",
                    null);
        }
        isBegun = true;
        return true;
    }

    @Override
    public void close() {
        reader.close();
    }
}
