package io.millrace.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    @TempDir
    Path directory;

    @Test
    void shouldReplayNothingWhenNew() {
        try (Journal journal = Journals.open(directory)) {
            assertEquals(0, journal.nextSequence());
            assertEquals(-1, journal.lastOutputIdLo());
            assertEquals(0, journal.epoch());
            assertEquals(List.of(), Events.sequences(journal));
        }
    }

    @Test
    void shouldReplayEveryByteWhenFramesCrossBlocksAndSegments() {
        Journals.write(directory, 0, 20_000, 37);

        try (Journal journal = Journals.open(directory)) {
            assertEquals(20_000, journal.nextSequence());
            assertEquals(Journals.upTo(20_000), Events.sequences(journal));
        }
        assertTrue(Files.exists(Journals.segment(directory, LogKind.JOURNAL, 1, 10)));
    }

    @Test
    void shouldCrossBlocksWithinASegment() {
        JournalContext context = Journals.small(directory)
                .blockLength(1 << 20)
                .segmentLength(1 << 22)
                .frameLength(1 << 17);
        try (Journal journal = Journal.open(context)) {
            journal.journal().start();
            Events.append(journal.journal(), 0, 20_000, 100);
            Events.append(journal.journal(), 20_000, 60_000, 1000);
        }

        try (Journal journal = Journal.open(context)) {
            assertEquals(Journals.upTo(60_000), Events.sequences(journal));
        }
    }

    @Test
    void shouldContinueInAnotherDirectoryWhenStartedAgain() {
        Journals.write(directory, 0, 100, 7);
        Journals.write(directory, 100, 250, 1);
        Journals.write(directory, 250, 250, 1);
        Journals.write(directory, 250, 300, 512);

        try (Journal journal = Journals.open(directory)) {
            assertEquals(5, journal.recovery().start());
            assertEquals(Journals.upTo(300), Events.sequences(journal));
        }
        assertTrue(Files.exists(Journals.segment(directory, LogKind.JOURNAL, 4, 0)));
    }

    @Test
    void shouldReadPlaceAndCountersFromFrames() {
        try (Journal journal = Journals.open(directory)) {
            journal.journal().start();
            Events.append(journal.journal(), 0, 10, 10);
            journal.journal().sync();
            Events.append(journal.journal(), 10, 15, 10);

            try (FrameReader reader = FrameReader.open(directory, LogKind.JOURNAL)) {
                assertTrue(reader.nextFrame());
                assertEquals(0, reader.frame().count());
                assertTrue(reader.nextFrame());
                assertEquals(-1, reader.frame().syncedUpTo());
                assertTrue(reader.nextFrame());
                Frame frame = reader.frame();
                assertEquals(10, frame.firstSequence());
                assertEquals(5, frame.count());
                assertEquals(9, frame.syncedUpTo());
                assertEquals(1_000_010_000L, frame.minTimestampNs());
                assertEquals(1_000_014_000L, frame.maxTimestampNs());
                assertFalse(reader.nextFrame());
            }
        }
    }

    @Test
    void shouldFollowAWriter() {
        Event view = new Event();
        try (Journal journal = Journals.open(directory);
                FrameReader reader = FrameReader.open(directory, LogKind.JOURNAL)) {
            assertFalse(reader.nextRecord(view));
            journal.journal().start();
            assertFalse(reader.nextRecord(view));
            for (long sequence = 0; sequence < 3000; sequence++) {
                Events.append(journal.journal(), sequence, sequence + 1, 1);
                assertTrue(reader.nextRecord(view));
                assertEquals(sequence, view.sequence());
                assertFalse(reader.nextRecord(view));
            }
        }
    }

    @Test
    void shouldFollowIntoTheNextStart() {
        Event view = new Event();
        Journals.write(directory, 0, 5, 5);
        try (FrameReader reader = FrameReader.open(directory, LogKind.JOURNAL)) {
            for (int i = 0; i < 5; i++) {
                assertTrue(reader.nextRecord(view));
            }
            assertFalse(reader.nextRecord(view));
            Journals.write(directory, 5, 6, 1);
            int polls = 1;
            while (!reader.nextRecord(view)) {
                polls++;
            }
            assertTrue(polls <= LogWalk.ENDS_PER_DIRECTORY_LOOK, "polls " + polls);
            assertEquals(5, view.sequence());
        }
    }

    @Test
    void shouldBeginAtAPlace() {
        Event view = new Event();
        Journals.write(directory, 0, 50, 7);
        Journals.write(directory, 50, 90, 7);
        for (long place : new long[] {0, 1, 49, 50, 51, 89}) {
            try (FrameReader reader = FrameReader.open(directory, LogKind.JOURNAL, place)) {
                assertTrue(reader.nextRecord(view));
                assertEquals(place, view.sequence());
            }
        }
    }

    @Test
    void shouldTakeRecordsFromEmptyToTheLongest() {
        MutableEvent event = Events.template();
        int longest;
        try (Journal journal = Journal.open(Journals.small(directory).frameLength(4096))) {
            FrameLog log = journal.journal();
            log.start();
            longest = log.maxRecordLength() - Event.HEADER_LENGTH;
            assertTrue(log.append(Events.fill(event, 0, 0)));
            assertFalse(log.append(Events.fill(event, 1, longest)));
            log.commit();
            assertTrue(log.append(Events.fill(event, 1, longest)));
            assertFalse(log.append(Events.fill(event, 2, 0)));
            log.commit();
            JournalException tooLong =
                    assertThrows(JournalException.class, () -> log.append(Events.fill(event, 2, longest + 1)));
            assertEquals(
                    "cannot append record: recordLength=4033 (expected: 64 to 4032); set frameLength",
                    tooLong.getMessage());
        }

        try (Journal journal = Journals.open(directory)) {
            assertEquals(List.of(0L, 1L), Events.sequences(journal));
        }
    }

    @Test
    void shouldRefuseASequenceThatIsNotNext() {
        MutableEvent event = Events.template();
        try (Journal journal = Journals.open(directory)) {
            FrameLog log = journal.journal();
            log.start();
            log.append(Events.fill(event, 0));
            JournalException gap = assertThrows(JournalException.class, () -> log.append(Events.fill(event, 2)));
            assertEquals("cannot append to journal: sequence=2 (expected: 1)", gap.getMessage());
            assertThrows(JournalException.class, log::commit);
        }
    }

    @Test
    void shouldHideControlRecordsFromReadersOfEvents() {
        MutableEvent event = Events.template();
        Event view = new Event();
        try (Journal journal = Journals.open(directory)) {
            FrameLog log = journal.journal();
            log.start();
            log.append(Events.fill(event, 0));
            log.appendControl(Events.fill(event, -1, 24));
            log.append(Events.fill(event, 1));
            log.commit();
            log.appendControl(Events.fill(event, -1, 0));
            log.commit();
            log.append(Events.fill(event, 2));
            log.commit();
        }

        try (Journal journal = Journals.open(directory);
                FrameReader reader = FrameReader.open(directory, LogKind.JOURNAL)) {
            assertEquals(Journals.upTo(3), Events.sequences(journal));
            assertTrue(reader.nextFrame());
            assertTrue(reader.nextFrame());
            assertEquals(1, reader.frame().controlCount());
            assertTrue(reader.frame().nextControl(view));
            assertEquals(24, view.payloadLength());
            assertTrue(reader.nextFrame());
            assertEquals(0, reader.frame().count());
        }
    }

    @Test
    void shouldDiscardOutputsWithoutAnOutbox() {
        try (Journal journal = Journal.open(Journals.small(directory).outbox(false))) {
            journal.outbox().start();
            assertTrue(journal.outbox().append(Events.template()));
            journal.outbox().commit();
            assertEquals(-1, journal.lastOutputIdLo());
        }
    }

    @Test
    void shouldLeaveNoThreadAndNoMappingBehind() throws Exception {
        Journals.write(directory, 0, 10_000, 10);

        assertTrue(Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals(Housekeeping.THREAD_NAME)));
        String maps = Files.readString(Path.of("/proc/self/maps"));
        assertFalse(maps.contains(directory.toString()), maps);
    }
}
