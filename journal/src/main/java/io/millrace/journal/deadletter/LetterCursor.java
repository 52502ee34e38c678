package io.millrace.journal.deadletter;

import io.millrace.event.Event;
import io.millrace.journal.FrameReader;
import io.millrace.journal.LogKind;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Fetches dead letters by place; those that are asked for in ascending order cost one pass over the log. */
final class LetterCursor implements AutoCloseable {
    private final Path dataDirectory;
    private final Event record = new Event();
    private @Nullable FrameReader reader;
    private long last = -1;

    LetterCursor(Path dataDirectory) {
        this.dataDirectory = dataDirectory;
    }

    /** {@return one dead letter, null if there is none at that place} */
    @Nullable
    DeadLetter at(long place) {
        FrameReader open = reader;
        DeadLetter found = open == null || place <= last ? null : find(open, place);
        return found == null ? find(reopen(place), place) : found;
    }

    private @Nullable DeadLetter find(FrameReader from, long place) {
        while (last < place && from.nextRecord(record)) {
            last = from.place();
        }
        return last == place ? DeadLetterDescriptor.decode(record) : null;
    }

    private FrameReader reopen(long place) {
        close();
        FrameReader opened = FrameReader.open(dataDirectory, LogKind.DEAD_LETTERS, place);
        reader = opened;
        last = -1;
        return opened;
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }
}
