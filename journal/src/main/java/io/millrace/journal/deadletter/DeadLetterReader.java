package io.millrace.journal.deadletter;

import io.millrace.event.Event;
import io.millrace.journal.Frame;
import io.millrace.journal.FrameReader;
import io.millrace.journal.LogKind;
import io.millrace.journal.RetentionFloor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads dead letters and what has become of them from a data directory, which may be open or not; no lock is taken.
 *
 * <p><b>Threading</b>: any thread. <b>Failure</b>: {@link io.millrace.journal.CorruptJournalException}.
 */
public final class DeadLetterReader {
    private DeadLetterReader() {}

    /** Gives all dead letters in order, with what was known of them when this began. */
    public static void forEach(Path dataDirectory, Consumer<DeadLetterEntry> consumer) {
        Map<Long, List<DeadLetterMark>> marks = new HashMap<>();
        scan(
                dataDirectory,
                letter -> {},
                mark -> marks.computeIfAbsent(mark.place(), place -> new ArrayList<>())
                        .add(mark));
        DeadLetterQueue.read(dataDirectory, letter -> {
            DeadLetterEntry entry = DeadLetterEntry.of(letter);
            for (DeadLetterMark mark : marks.getOrDefault(letter.place(), List.of())) {
                entry = entry.with(mark);
            }
            consumer.accept(entry);
        });
    }

    /** {@return all dead letters in order} */
    public static List<DeadLetterEntry> list(Path dataDirectory) {
        List<DeadLetterEntry> entries = new ArrayList<>();
        forEach(dataDirectory, entries::add);
        return entries;
    }

    /** {@return from which place on the log of dead letters is needed: the oldest that is open} */
    public static RetentionFloor retentionFloor(Path dataDirectory) {
        OpenLetters open = new OpenLetters();
        scan(dataDirectory, letter -> open.add(OpenLetter.of(letter)), open::apply);
        return open.retentionFloor();
    }

    /** Gives letters and marks; a mark comes after its letter. */
    static void scan(Path dataDirectory, Consumer<DeadLetter> letters, Consumer<DeadLetterMark> marks) {
        Event record = new Event();
        try (FrameReader reader = FrameReader.open(dataDirectory, LogKind.DEAD_LETTERS)) {
            while (reader.nextFrame()) {
                Frame frame = reader.frame();
                while (frame.next(record)) {
                    letters.accept(DeadLetterDescriptor.decode(record));
                }
                frame.rewind();
                while (frame.nextControl(record)) {
                    if (record.typeId() == DeadLetterDescriptor.MARK_TYPE_ID) {
                        marks.accept(DeadLetterDescriptor.decodeMark(record));
                    }
                }
            }
        }
    }
}
