package io.millrace.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionTest {
    private static final RetentionPolicy FORCED = new RetentionPolicy(0, Long.MAX_VALUE, true);
    private static final long DAY_NS = TimeUnit.DAYS.toNanos(1);

    private final Event view = new Event();
    private long nowNs = 100 * DAY_NS;

    @TempDir
    Path directory;

    @Test
    void shouldRemoveNothingWithoutASnapshotUnlessForced() {
        write(0, 5000);

        RetentionPlan plan = prune(RetentionPolicy.KEEP_NEEDED);

        assertEquals(List.of(), plan.removed());
        assertEquals(
                "needed from place=0 on: no whole snapshot of this journal stands for it",
                plan.segments().get(0).reason());
        assertTrue(prune(FORCED).removed().size() > 2);
    }

    @Test
    void shouldRemoveWholeSegmentsAndRecoverFromWhatIsLeft() throws IOException {
        write(0, 5000);
        write(5000, 9000);

        RetentionPlan plan = prune(FORCED, new RetentionFloor(3000, "a test"));

        long first = checkReadable(9000);
        assertTrue(first <= 3000 && first > 2000, "first " + first);
        plan.removed().forEach(segment -> assertFalse(Files.exists(segment.file())));
        assertTrue(plan.removedLength() > 0);
        write(9000, 9100);
        assertEquals(first, checkReadable(9100));
        checkSeeks(first, 9100);
    }

    @Test
    void shouldReplayNothingWhenWhatIsBeforeIsGone() {
        write(0, 5000);
        prune(FORCED);
        List<Long> replayed = new ArrayList<>();
        try (Journal journal = Journals.open(directory)) {
            JournalException refused = assertThrows(
                    JournalException.class,
                    () -> journal.replay(0, (record, epoch) -> replayed.add(record.sequence())));

            assertEquals(JournalException.EXIT_DATA_DAMAGED, refused.exitCode());
            assertTrue(refused.getMessage().contains("no snapshot that fits stands for it"), refused.getMessage());
        }
        assertEquals(List.of(), replayed);
    }

    @Test
    void shouldRemoveWholeStarts() throws IOException {
        write(0, 3000);
        write(3000, 4000);
        write(4000, 8000);

        prune(FORCED, new RetentionFloor(4000, "a test"));

        assertFalse(Files.exists(Directories.start(directory.resolve("journal"), 2)));
        assertEquals(4000, checkReadable(8000));
        prune(FORCED, new RetentionFloor(6000, "a test"));
        prune(FORCED);
        write(8000, 8001);
        prune(FORCED);
        assertEquals(8000, checkReadable(8001));
        checkSeeks(8000, 8001);
    }

    @Test
    void shouldGoOnWritingAndReadingWhileItRemoves() {
        List<Long> read = new ArrayList<>();
        MutableEvent expected = Events.template();
        try (Journal journal = Journal.open(Journals.small(directory));
                FrameReader reader = FrameReader.open(directory, LogKind.JOURNAL)) {
            for (long from = 0; from < 20_000; from += 500) {
                Events.append(journal.journal(), from, from + 500, 20);
                while (reader.nextRecord(view)) {
                    assertTrue(Events.isIntact(view, expected));
                    read.add(view.sequence());
                }
                journal.prune(LogKind.JOURNAL, FORCED, List.of(new RetentionFloor(from, "a test")));
            }
        }
        assertEquals(Journals.upTo(20_000), read);
        checkReadable(20_000);
    }

    @Test
    void shouldTellAReaderThatWasLeftBehind() {
        try (Journal journal = Journal.open(Journals.small(directory));
                FrameReader reader = FrameReader.open(directory, LogKind.JOURNAL)) {
            Events.append(journal.journal(), 0, 1000, 20);
            assertTrue(reader.nextRecord(view));
            Events.append(journal.journal(), 1000, 9000, 20);
            journal.prune(LogKind.JOURNAL, FORCED, List.of());

            JournalException removed = assertThrows(JournalException.class, () -> {
                while (reader.nextRecord(view)) {}
            });
            assertTrue(removed.getMessage().contains("was removed by retention"), removed.getMessage());
        }
    }

    @Test
    void shouldKeepByLengthAndByAge() {
        for (int day = 0; day < 10; day++) {
            write(day * 1000L, day * 1000L + 1000);
            nowNs += DAY_NS;
        }
        long total = plan(RetentionPolicy.KEEP_ALL).segments().stream()
                .mapToLong(RetentionPlan.Segment::length)
                .sum();

        RetentionPlan byLength = plan(new RetentionPolicy(total / 2, Long.MAX_VALUE, true));
        assertTrue(total - byLength.removedLength() <= total / 2);
        assertTrue(byLength.removedLength() < total * 2 / 3);

        RetentionPlan byAge = plan(new RetentionPolicy(Long.MAX_VALUE, 3 * DAY_NS + DAY_NS / 2, true));
        assertTrue(
                byAge.removed().get(0).reason().startsWith("ageNs="),
                byAge.removed().toString());
        assertEquals(List.of(), plan(RetentionPolicy.KEEP_ALL).removed());
        long firstKept = byAge.segments().get(byAge.removed().size()).firstPlace();
        assertTrue(firstKept > 0 && firstKept < 10_000, "first " + firstKept);
    }

    @Test
    void shouldKeepWhatASinkHasNotTaken() {
        write(0, 5000);
        SinkCheckpoint.open(directory, LogKind.JOURNAL, "slow").close();

        RetentionPlan plan = prune(FORCED);

        assertEquals(List.of(), plan.removed());
        assertEquals(
                "needed from place=0 on: sink=slow is there",
                plan.segments().get(0).reason());
    }

    @Test
    void shouldKeepWhatTheOldestSnapshotNeeds() throws IOException {
        write(0, 9000);
        RetentionImages.snapshot(directory, 2000);
        RetentionImages.snapshot(directory, 4000);
        RetentionImages.snapshot(directory, 8000);
        RetentionImages.damage(directory, 2000);

        RetentionPlan plan = plan(RetentionPolicy.KEEP_NEEDED);

        RetentionPlan.Segment first = plan.segments().get(plan.removed().size());
        assertTrue(first.firstPlace() <= 4000 && first.endPlace() > 4000, first.toString());
        assertEquals("needed from place=4000 on: snapshot=4000 is the oldest that is kept", first.reason());
        assertFalse(plan.removed().isEmpty());
    }

    @Test
    void shouldRemoveNothingWhenTheOnlySnapshotIsDamaged() throws IOException {
        write(0, 9000);
        RetentionImages.snapshot(directory, 8000);
        RetentionImages.damage(directory, 8000);

        assertEquals(List.of(), plan(RetentionPolicy.KEEP_NEEDED).removed());
    }

    @Test
    void shouldKeepWhatASinkGetsAgainAfterARecoveryLeftItOut() throws IOException {
        write(0, 9000);
        RetentionImages.checkpoint(directory, "ahead", 8500);
        RetentionImages.cut(directory, 4000);
        long next;
        try (Journal journal = Journals.open(directory)) {
            next = journal.nextSequence();
        }
        write(next, 9000);

        RetentionPlan plan = plan(FORCED);

        RetentionPlan.Segment first = plan.segments().get(plan.removed().size());
        assertTrue(first.firstPlace() <= next && next <= 4000, first.toString());
    }

    @Test
    void shouldSayInTheAuditLogWhatItRemoved() {
        write(0, 9000);
        prune(FORCED, new RetentionFloor(4000, "a test"));

        String line = AuditLog.lines(directory).get(0);
        assertTrue(line.contains("\"action\":\"prune\"") && line.contains("\"log\":\"journal\""), line);
    }

    @Test
    void shouldRefuseWhenNothingIsLeftBehindTheBeginning() throws IOException {
        write(0, 9000);
        prune(FORCED);
        for (Path file : Directories.segments(Directories.start(directory.resolve("journal"), 1))) {
            Files.delete(file);
        }

        assertThrows(
                CorruptJournalException.class, () -> Journals.open(directory).close());
    }

    @Test
    void shouldKeepDeadLettersUntilSomebodySaysWhichAreDone() {
        try (Journal journal = Journal.open(Journals.small(directory))) {
            Events.append(journal.deadLetters(), 0, 100, 10);
        }
        RetentionPlan plan = Retention.plan(directory, LogKind.DEAD_LETTERS, FORCED, List.of(), nowNs);
        assertEquals(List.of(), plan.removed());
    }

    @Test
    void shouldTellMissingFromRemoved() throws IOException {
        write(0, 9000);
        prune(FORCED, new RetentionFloor(4000, "a test"));
        List<Path> segments = Directories.segments(Directories.start(directory.resolve("journal"), 1));
        Files.delete(segments.get(0));

        CorruptJournalException refused = assertThrows(
                CorruptJournalException.class, () -> Journals.open(directory).close());
        assertTrue(refused.getMessage().startsWith("journal: segment is missing"), refused.getMessage());
    }

    @Test
    void shouldFinishWhatAKillLeftAtAnyPlace() throws Exception {
        for (String place : List.of("prune-before@0", "prune-after@0", "prune-within@0", "prune-within@3")) {
            Path data = directory.resolve(place);
            Journals.write(data, 0, 9000, 20);

            Process victim = Forks.java(List.of("-Dmillrace.failpoint=" + place), Pruner.class, data.toString());
            String output = Forks.output(victim);
            assertEquals(Failpoint.EXIT_STATUS, victim.waitFor(), output);

            try (Journal journal = Journals.open(data)) {
                long first = FrameReader.firstPlace(data, LogKind.JOURNAL);
                assertEquals(place.startsWith("prune-before"), first == 0, place);
                assertEquals(9000, journal.nextSequence());
                int segments = Directories.segments(Directories.start(data.resolve("journal"), 1))
                        .size();
                RetentionPlan plan = Retention.plan(data, LogKind.JOURNAL, FORCED, List.of(), nowNs);
                assertEquals(
                        segments,
                        plan.segments().stream()
                                .filter(segment -> segment.start() == 1)
                                .count(),
                        place);
            }
        }
    }

    /** Prunes a directory: the process that is killed. */
    static final class Pruner {
        private Pruner() {}

        public static void main(String[] arguments) {
            Retention.pruneDead(
                    Path.of(arguments[0]), LogKind.JOURNAL, FORCED, List.of(new RetentionFloor(6000, "a test")), 0);
        }
    }

    private void write(long from, long to) {
        try (Journal journal = Journal.open(Journals.small(directory).clock(() -> nowNs))) {
            Events.append(journal.journal(), from, to, 20);
        }
    }

    private RetentionPlan plan(RetentionPolicy policy) {
        return Retention.plan(directory, LogKind.JOURNAL, policy, List.of(), nowNs);
    }

    private RetentionPlan prune(RetentionPolicy policy, RetentionFloor... needed) {
        return Retention.pruneDead(directory, LogKind.JOURNAL, policy, List.of(needed), nowNs);
    }

    /** Recovers and reads all that is left; returns the first sequence. */
    private long checkReadable(long endSequence) {
        MutableEvent expected = Events.template();
        try (Journal journal = Journals.open(directory);
                FrameReader reader = FrameReader.open(directory, LogKind.JOURNAL)) {
            assertEquals(endSequence, journal.nextSequence());
            long first = -1;
            long next = -1;
            while (reader.nextRecord(view)) {
                first = first < 0 ? view.sequence() : first;
                assertTrue(next < 0 || next == view.sequence());
                assertTrue(Events.isIntact(view, expected));
                next = view.sequence() + 1;
            }
            assertEquals(endSequence, next);
            return first;
        }
    }

    private void checkSeeks(long first, long end) {
        for (long sequence = Math.max(0, first - 500); sequence < end; sequence += 97) {
            try (FrameReader reader = FrameReader.open(directory, LogKind.JOURNAL, sequence)) {
                assertTrue(reader.nextRecord(view));
                assertEquals(Math.max(first, sequence), view.sequence());
                reader.seekTime(1_000_000_000L + sequence * 1000);
                assertTrue(reader.nextRecord(view));
                assertEquals(Math.max(first, sequence), view.sequence());
            }
        }
    }
}
