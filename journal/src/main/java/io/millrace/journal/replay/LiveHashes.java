package io.millrace.journal.replay;

import io.millrace.event.Event;
import io.millrace.event.SystemTypes;
import io.millrace.journal.Frame;
import io.millrace.journal.FrameDescriptor;
import io.millrace.journal.FrameReader;
import io.millrace.journal.LogKind;
import java.nio.file.Path;
import org.agrona.collections.LongArrayList;

/** The hashes over outputs that live left in the journal, in order, and how far a replay is through them. */
final class LiveHashes {
    private final LongArrayList firsts = new LongArrayList();
    private final LongArrayList lasts = new LongArrayList();
    private final LongArrayList hashes = new LongArrayList();
    private int index;

    /** Reads the hashes of runs that lie within a range; such a run is told of in any later frame. */
    static LiveHashes read(Path directory, long fromSequence, long toSequence) {
        LiveHashes found = new LiveHashes();
        Event record = new Event();
        try (FrameReader reader = FrameReader.open(directory, LogKind.JOURNAL, fromSequence)) {
            while (reader.nextFrame()) {
                Frame frame = reader.frame();
                if ((frame.flags() & FrameDescriptor.HAS_CONTROL) != 0) {
                    found.addAll(frame, record, fromSequence, toSequence);
                }
            }
        }
        return found;
    }

    private void addAll(Frame frame, Event record, long fromSequence, long toSequence) {
        frame.rewind();
        while (frame.nextControl(record)) {
            // A frame that a recovery has cut may tell of records that others have replaced.
            boolean isKept = record.idLo() < frame.endSequence();
            if (record.typeId() == SystemTypes.STATE_HASH
                    && isKept
                    && record.idHi() >= fromSequence
                    && record.idLo() <= toSequence) {
                firsts.addLong(record.idHi());
                lasts.addLong(record.idLo());
                hashes.addLong(record.key());
            }
        }
    }

    private boolean isDone() {
        return index >= firsts.size();
    }

    /** {@return first sequence of the next run, {@code Long.MAX_VALUE} if there is none} */
    long first() {
        return isDone() ? Long.MAX_VALUE : firsts.getLong(index);
    }

    /** {@return last sequence of the next run, {@code Long.MAX_VALUE} if there is none} */
    long last() {
        return isDone() ? Long.MAX_VALUE : lasts.getLong(index);
    }

    /** {@return the hash of the next run} */
    long hash() {
        return hashes.getLong(index);
    }

    /** Goes to the run behind. */
    void next() {
        index++;
    }

    int size() {
        return firsts.size();
    }
}
