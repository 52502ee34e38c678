package io.millrace.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.event.Event;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommitMarkTest {
    @TempDir
    Path directory;

    @Test
    void shouldSayWhatIsSyncedInAFrameWithoutRecords() {
        Journals.write(directory, 0, 3, 1);
        try (Journal journal = Journals.open(directory)) {
            FrameLog log = journal.journal();
            log.start();
            Events.append(log, 3, 10, 7);
            log.sync();
            log.mark();
            Events.append(log, 10, 12, 2);
            log.mark();

            assertEquals(List.of("10 synced 9", "12 synced 9"), marks());
        }
    }

    private List<String> marks() {
        List<String> marks = new ArrayList<>();
        Event record = new Event();
        try (FrameReader reader = FrameReader.open(directory, LogKind.JOURNAL)) {
            while (reader.nextFrame()) {
                Frame frame = reader.frame();
                if (frame.nextControl(record) && record.typeId() == FrameLog.COMMIT_MARK_TYPE_ID) {
                    assertEquals(0, frame.count());
                    assertEquals(0, record.payloadLength());
                    marks.add(frame.firstSequence() + " synced " + frame.syncedUpTo());
                }
            }
        }
        return marks;
    }

    @Test
    void shouldGoOnBehindAMark() {
        try (Journal journal = Journals.open(directory)) {
            FrameLog log = journal.journal();
            log.start();
            Events.append(log, 0, 10, 7);
            log.sync();
            log.mark();
            log.sync();
            assertEquals(9, log.syncedUpTo());
            assertEquals(10, log.nextSequence());
        }
        Journals.write(directory, 10, 20, 3);

        try (Journal journal = Journals.open(directory)) {
            assertEquals(Journals.upTo(20), Events.sequences(journal));
            assertEquals(0, journal.epoch());
        }
    }

    @Test
    void shouldWriteAMarkIntoTheNextSegmentWhenOneIsFull() {
        try (Journal journal = Journals.open(directory)) {
            FrameLog log = journal.journal();
            log.start();
            for (int i = 0; i < 3_000; i++) {
                log.mark();
            }
            Events.append(log, 0, 1, 1);
        }

        try (Journal journal = Journals.open(directory)) {
            assertEquals(Journals.upTo(1), Events.sequences(journal));
        }
    }
}
