package io.millrace.journal.outbox;

import io.millrace.event.Event;
import io.millrace.journal.FrameReader;
import io.millrace.journal.LogKind;
import io.millrace.journal.SinkPosition;
import java.nio.file.Path;

/**
 * Where a sink goes on when it is started.
 *
 * @param from place of the first record that it gets
 * @param missedCount records before that one that it never got, because the log does not have them any more
 * @param before the position that its checkpoint had
 */
public record SinkResume(long from, long missedCount, SinkPosition before) {
    /*
     * A recovery may have left out outputs that were delivered, and others stand in their places now. Then the record
     * before the position is not the one noted, and everything from the first place at which a later start continues
     * comes again. Where that record is no longer kept there is nothing to compare.
     */
    static SinkResume of(Path dataDirectory, LogKind source, SinkPosition noted) {
        long first = FrameReader.firstPlace(dataDirectory, source);
        if (noted.next() <= first) {
            return new SinkResume(first, first - noted.next(), noted);
        }
        long from = isLastDelivered(dataDirectory, source, noted)
                ? noted.next()
                : Math.min(noted.next(), FrameReader.firstPlaceAfter(dataDirectory, source, noted.start()));
        return new SinkResume(Math.max(from, first), 0, noted);
    }

    private static boolean isLastDelivered(Path dataDirectory, LogKind source, SinkPosition noted) {
        Event last = new Event();
        try (FrameReader reader = FrameReader.open(dataDirectory, source, noted.next() - 1)) {
            return reader.nextRecord(last)
                    && reader.place() == noted.next() - 1
                    && last.idHi() == noted.idHi()
                    && last.idLo() == noted.idLo();
        }
    }

    /** {@return whether the sink had been cut loose because it was too far behind} */
    public boolean wasDetached() {
        return before.isDetached();
    }

    /** {@return what to tell people of a sink that had been detached or has missed something, else empty} */
    public String note(String name) {
        String missed = missedCount > 0 ? ", missed=" + missedCount + " that are no longer kept" : "";
        if (wasDetached()) {
            return "sink is attached again: name=" + name + ", it was detached with "
                    + (before.endAtDetach() - before.next()) + " records unread" + missed + "; goes on at place="
                    + from;
        }
        return missed.isEmpty() ? "" : "sink goes on: name=" + name + missed + "; goes on at place=" + from;
    }
}
