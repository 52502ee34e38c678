package io.millrace.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.Pipeline;
import io.millrace.PipelineContext;
import io.millrace.event.Event;
import io.millrace.journal.deadletter.DeadLetterQueue;
import io.millrace.journal.deadletter.DeadLetterReader;
import io.millrace.journal.deadletter.DeadLetterState;
import io.millrace.journal.replay.ReplayRange;
import io.millrace.journal.replay.ReplaySession;
import io.millrace.journal.snapshot.SnapshotDirectory;
import io.millrace.ring.ChangedConfigException;
import io.millrace.ring.PipelineFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pipelines whose journal and outbox lose their front while they run, are killed, or are started again. */
class RetentionSystemTest {
    private static final int STEP = 3000;
    private static final int EVENT_COUNT = 5 * STEP;
    private static final int READ_ROUNDS = 10;

    @TempDir
    static Path pruned;

    private static long stateHash;

    @TempDir
    Path directory;

    private static JournalContext context(Path data) {
        return Journals.small(data).retention(RetentionPolicy.KEEP_NEEDED).snapshotKeepCount(2);
    }

    /** Publishes events and takes a snapshot behind each {@link #STEP}. */
    private static void publish(Pipeline pipeline, long from, long to) {
        for (long number = from; number < to; number += STEP) {
            SnapshotRun.publish(pipeline, number, Math.min(to, number + STEP));
            SnapshotRun.snapshot(pipeline);
        }
    }

    @BeforeAll
    static void writePruned() {
        stateHash = write(pruned, SnapshotRun.context());
    }

    private void copyPruned() throws IOException {
        Files.delete(directory);
        Journals.copy(pruned, directory);
    }

    private static long write(Path data, PipelineContext pipelineContext) {
        try (Journal journal = Journal.open(context(data));
                Pipeline pipeline = SnapshotRun.start(journal, pipelineContext)) {
            publish(pipeline, 0, EVENT_COUNT);
            long beganNs = System.nanoTime();
            while (FrameReader.firstPlace(data, LogKind.JOURNAL) == 0
                    || FrameReader.firstPlace(data, LogKind.OUTBOX) == 0) {
                assertTrue(
                        System.nanoTime() - beganNs < SnapshotRun.TIMEOUT_NS,
                        () -> AuditLog.lines(data).toString());
            }
            return pipeline.stateHash();
        }
    }

    /** The outputs of the first events by plain arithmetic: a running sum, put out as often as the key says. */
    private static List<Long> expected(long eventCount) {
        List<Long> sums = new ArrayList<>();
        long sum = 0;
        for (long number = 0; number < eventCount; number++) {
            long key = number % 11;
            sum += key;
            for (long i = 0; i <= key % 3; i++) {
                sums.add(sum);
            }
        }
        return sums;
    }

    private void checkOutputs(long eventCount) {
        List<Long> expected = expected(eventCount);
        Event output = new Event();
        long end = 0;
        try (FrameReader reader = FrameReader.open(directory, LogKind.OUTBOX)) {
            while (reader.nextRecord(output)) {
                assertEquals(expected.get((int) reader.place()), output.key());
                end = reader.place() + 1;
            }
        }
        assertEquals(expected.size(), end);
    }

    @Test
    void shouldPruneUnderLoadAndGoOnFromTheSnapshotAfterARestart() throws Exception {
        copyPruned();
        assertTrue(FrameReader.firstPlace(directory, LogKind.JOURNAL) > STEP);
        checkOutputs(EVENT_COUNT);

        try (Journal journal = Journal.open(context(directory));
                Pipeline pipeline = SnapshotRun.start(journal)) {
            assertEquals(stateHash, pipeline.stateHash());
            assertEquals(List.of(), journal.snapshots().passedOver());
            publish(pipeline, EVENT_COUNT, 2 * EVENT_COUNT);
        }

        checkOutputs(2 * EVENT_COUNT);
        assertEquals(0, ReadJournal.verify(directory).exitCode());
        assertTrue(AuditLog.lines(directory).stream().noneMatch(line -> line.contains("prune-failed")));
        LogCheck check = LogVerifier.verify(directory, LogKind.JOURNAL, false, frame -> {});
        assertEquals(null, check.damage());
        assertTrue(check.firstPlace() > EVENT_COUNT - STEP, check::toString);
    }

    @Test
    void shouldBeginToReadWhatIsKeptWhileTheFrontIsPruned() throws Exception {
        long lookCount = 0;
        for (int round = 0; round < READ_ROUNDS; round++) {
            Path data = Files.createDirectory(directory.resolve("round" + round));
            FutureTask<Long> writing = new FutureTask<>(() -> write(data, SnapshotRun.context()));
            new Thread(writing, "writer").start();
            long last = 0;
            while (!writing.isDone()) {
                last = readFrom(data, last);
                lookCount++;
            }
            assertEquals(stateHash, writing.get());
            assertTrue(readFrom(data, last) >= EVENT_COUNT, "last=" + last);
        }
        assertTrue(lookCount > READ_ROUNDS, "lookCount=" + lookCount);
    }

    private static long readFrom(Path data, long place) {
        Event view = new Event();
        long last = place;
        try (FrameReader reader = FrameReader.open(data, LogKind.JOURNAL, place)) {
            while (reader.nextRecord(view)) {
                last = view.sequence();
            }
        }
        return last;
    }

    @Test
    void shouldGoOnFromTheOlderSnapshotWhenTheNewestIsDamaged() throws IOException {
        copyPruned();
        List<Long> sequences = new SnapshotDirectory(directory).sequences();
        RetentionImages.damage(directory, sequences.get(1));

        try (Journal journal = Journal.open(context(directory));
                Pipeline pipeline = SnapshotRun.start(journal)) {
            assertEquals(sequences.get(0), pipeline.snapshotSequence());
            assertEquals(stateHash, pipeline.stateHash());
        }
    }

    @Test
    void shouldRefuseToStartWhenNoSnapshotIsLeft() throws IOException {
        copyPruned();
        for (long sequence : new SnapshotDirectory(directory).sequences()) {
            RetentionImages.damage(directory, sequence);
        }

        try (Journal journal = Journal.open(context(directory))) {
            PipelineFailedException failed =
                    assertThrows(PipelineFailedException.class, () -> SnapshotRun.start(journal));
            CorruptJournalException refused = (CorruptJournalException) failed.getCause();
            assertEquals(JournalException.EXIT_DATA_DAMAGED, refused.exitCode());
            String first = "the journal begins at sequence=" + FrameReader.firstPlace(directory, LogKind.JOURNAL);
            assertTrue(refused.getMessage().contains(first), refused::getMessage);
            assertTrue(refused.getMessage().contains(".snapshot"), refused::getMessage);
        }
    }

    @Test
    void shouldSayWhereTheJournalBeginsWhenAReplayWantsWhatIsGone() throws IOException {
        copyPruned();
        JournalException refused = assertThrows(JournalException.class, () -> {
            try (ReplaySession session =
                    ReplaySession.open(directory, SnapshotRun.context(), ReplayRange.ALL, output -> {})) {
                session.step();
            }
        });

        long first = FrameReader.firstPlace(directory, LogKind.JOURNAL);
        assertTrue(refused.getMessage().contains("the journal begins at sequence=" + first), refused::getMessage);
    }

    @Test
    void shouldStillKnowTheOperatorsWhenTheirConfigWasRemoved() {
        PipelineContext first = SnapshotRun.context().operator(new Tally("other"), "a");
        write(directory, first);
        long next;
        try (Journal journal = Journal.open(context(directory));
                Pipeline pipeline =
                        SnapshotRun.start(journal, SnapshotRun.context().operator(new Tally("other"), "a"))) {
            next = journal.journal().nextSequence();
            assertEquals(EVENT_COUNT + EVENT_COUNT / STEP, next);
            SnapshotRun.publish(pipeline, EVENT_COUNT, EVENT_COUNT + 2 * STEP);
            SnapshotRun.snapshot(pipeline);
        }

        try (Journal journal = Journal.open(context(directory))) {
            PipelineFailedException refused = assertThrows(
                    PipelineFailedException.class,
                    () -> SnapshotRun.start(journal, SnapshotRun.context().operator(new Tally("other"), "b")));
            assertEquals(ChangedConfigException.class, refused.getCause().getClass());
        }
    }

    @Test
    void shouldLoseNothingWhenKilledAtEachPlaceOfAPrune() throws Exception {
        List<String> places = List.of("prune-before@0", "prune-after@0", "prune-within@0", "prune-within@2");
        for (int i = 0; i < places.size(); i++) {
            Process process = Forks.java(
                    List.of("-Dmillrace.failpoint=" + places.get(i)),
                    Worker.class,
                    directory.toString(),
                    Integer.toString(i));
            String output = Forks.output(process);
            assertEquals(Failpoint.EXIT_STATUS, process.waitFor(), places.get(i) + ' ' + output);
            assertEquals(0, ReadJournal.verify(directory).exitCode());
        }

        try (Journal journal = Journal.open(context(directory));
                Pipeline pipeline = SnapshotRun.start(journal)) {
            SnapshotRun.publish(pipeline, 0, 4 * EVENT_COUNT);
        }
        checkOutputs(4 * EVENT_COUNT);
    }

    /** Publishes events again from the first, as a client that knows nothing, and waits for a prune that ends it. */
    static final class Worker {
        private Worker() {}

        public static void main(String[] arguments) {
            try (Journal journal = Journal.open(context(Path.of(arguments[0])));
                    Pipeline pipeline = SnapshotRun.start(journal)) {
                long end = (1 + Long.parseLong(arguments[1])) * EVENT_COUNT;
                for (long from = 0; from < end; from += STEP) {
                    long accepted = pipeline.admitted().sequence();
                    SnapshotRun.publish(pipeline, from, from + STEP);
                    if (pipeline.admitted().sequence() > accepted) {
                        SnapshotRun.snapshot(pipeline);
                    }
                }
                LockSupport.parkNanos(SnapshotRun.TIMEOUT_NS);
            }
        }
    }

    @Test
    void shouldKeepTheSegmentsOfOpenDeadLettersOnly() {
        try (Journal journal = Journal.open(context(directory).retention(RetentionPolicy.KEEP_NEEDED));
                Pipeline pipeline = SnapshotRun.start(journal)) {
            DeadLetterQueue letters = new DeadLetterQueue(journal, () -> 1);
            byte[] row = new byte[4000];
            for (int i = 0; i < 3000; i++) {
                letters.park("rows.csv", i + 1, row, "bad");
            }
            for (int i = 0; i < 2500; i++) {
                letters.discard(i, "a test");
            }
            SnapshotRun.publish(pipeline, 0, 100);
            SnapshotRun.snapshot(pipeline);
            long beganNs = System.nanoTime();
            while (FrameReader.firstPlace(directory, LogKind.DEAD_LETTERS) == 0) {
                assertTrue(System.nanoTime() - beganNs < SnapshotRun.TIMEOUT_NS);
            }
            long first = FrameReader.firstPlace(directory, LogKind.DEAD_LETTERS);
            assertTrue(first <= 2500 && first > 0, "first=" + first);
            assertEquals(
                    500,
                    DeadLetterReader.list(directory).stream()
                            .filter(letter -> letter.state() != DeadLetterState.DISCARDED)
                            .count());
        }
    }
}
