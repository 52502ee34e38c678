package io.millrace.journal.replay;

import io.millrace.event.Event;
import io.millrace.journal.FrameReader;
import io.millrace.journal.JournalException;
import io.millrace.journal.LogKind;
import java.nio.file.Path;

/** The records that a replay needs: those before its range, that make the state, and those in it. */
final class ReplaySource implements AutoCloseable {
    private final FrameReader reader;
    private final long firstSequence;
    private final long lastSequence;
    private final Event record = new Event();
    private long nextSequence;

    /** @param nextSequence first record to give: what comes before it, the state knows */
    ReplaySource(Path directory, ReplayRange range, long nextSequence) {
        this.firstSequence = range.firstSequence(directory);
        this.lastSequence = range.lastSequence(directory);
        this.nextSequence = nextSequence;
        this.reader = FrameReader.open(directory, LogKind.JOURNAL, nextSequence);
    }

    /** Moves to the next record; false behind the range, and where the journal ends for now. */
    boolean next() {
        if (nextSequence > lastSequence || !reader.nextRecord(record)) {
            return false;
        }
        if (record.sequence() != nextSequence) {
            throw new JournalException(
                    JournalException.EXIT_CONFIG,
                    "cannot replay: the journal begins at sequence=" + record.sequence() + " (expected: " + nextSequence
                            + "), what was before was pruned; begin behind a snapshot (`millrace snapshot ls`)",
                    null);
        }
        nextSequence++;
        return true;
    }

    /** {@return the record moved to last, valid until the next move} */
    Event record() {
        return record;
    }

    /** {@return the epoch of the run that accepted the record} */
    int epoch() {
        return reader.frame().epoch();
    }

    /** {@return whether the record moved to last is in the range} */
    boolean isInRange() {
        return nextSequence > firstSequence;
    }

    /** {@return the sequence of the first record in the range} */
    long firstSequence() {
        return firstSequence;
    }

    /** {@return the sequence of the record that comes next} */
    long nextSequence() {
        return nextSequence;
    }

    @Override
    public void close() {
        reader.close();
    }
}
