package io.millrace.journal.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.Pipeline;
import io.millrace.PipelineContext;
import io.millrace.TestSeed;
import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.journal.AuditLog;
import io.millrace.journal.Journal;
import io.millrace.journal.JournalContext;
import io.millrace.journal.JournalException;
import io.millrace.journal.deadletter.DeadLetterRequest.Action;
import io.millrace.ring.Subscription;
import io.millrace.ring.ThreadPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Parked events come back to their subscribers: once, in order, at a rate, over restarts. */
@Timeout(60)
class RedriverTest {
    private static final int TYPE = 7;
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(20);
    private static final long SEED = TestSeed.of(RedriverTest.class);
    private static final int STEP_COUNT = Integer.getInteger("dlq.steps", 300);

    @TempDir
    Path directory;

    private final Set<Long> poison = ConcurrentHashMap.newKeySet();
    private final List<Long> taken = Collections.synchronizedList(new ArrayList<>());
    private final List<String> reports = new ArrayList<>();

    /** A pipeline on the directory, with one subscriber that chokes on what is poison. */
    private final class Running implements AutoCloseable {
        final Journal journal = Journal.open(new JournalContext()
                .directory(directory)
                .blockLength(1 << 18)
                .segmentLength(1 << 18)
                .frameLength(8192));
        final DeadLetterQueue letters = new DeadLetterQueue(journal, System::nanoTime);
        final Pipeline pipeline = Pipeline.create(new PipelineContext()
                .threadPlan(ThreadPlan.FUSED)
                .ringCapacity(64)
                .store(journal)
                .deadLetters(letters));
        final Subscription subscription = pipeline.subscribe(TYPE, "h", this::take);
        final Redriver redriver = new Redriver(journal, letters, reports::add).subscribers(pipeline);

        Running start() {
            pipeline.start();
            return this;
        }

        private void take(Event event) {
            if (poison.contains(event.idLo())) {
                throw new IllegalStateException("poison");
            }
            taken.add(event.idLo());
        }

        void publish(long id, long key) {
            MutableEvent event =
                    MutableEvent.allocate(8).typeId(TYPE).id(1, id).key(key).payloadLength(8);
            while (pipeline.publisher().publish(event) < 0) {
                Thread.onSpinWait();
            }
        }

        void drain() {
            assertTrue(pipeline.awaitDrained(TIMEOUT_NS));
        }

        void carryOut() throws InterruptedException {
            redriver.doWork();
        }

        @Override
        public void close() {
            redriver.close();
            pipeline.close();
            journal.close();
        }
    }

    @Test
    void shouldHandleOnceWhatIsRedrivenTwice() throws InterruptedException {
        poison.addAll(List.of(1L, 2L));
        try (Running run = new Running().start()) {
            for (long id = 0; id < 4; id++) {
                run.publish(id, 0);
            }
            run.drain();
            poison.remove(1L);
            request(Action.REDRIVE, 0, 0L, 1L);
            request(Action.REDRIVE, 0, 0L, 1L);
            run.carryOut();
            request(Action.REDRIVE, 0, 0L);
            run.carryOut();

            assertEquals(List.of(0L, 3L, 1L), taken);
            assertEquals(1, run.letters.openCount());
        }
        assertEquals(
                List.of(
                        "dead letters redriven: 1, failed: 1, passed over: 0",
                        "dead letters redriven: 0, failed: 1, passed over: 1",
                        "dead letters redriven: 0, failed: 0, passed over: 1"),
                reports);
        List<DeadLetterEntry> entries = DeadLetterReader.list(directory);
        assertEquals(DeadLetterState.REDRIVEN, entries.get(0).state());
        assertEquals(DeadLetterState.PARKED, entries.get(1).state());
        assertEquals(3 + 3 + 3, entries.get(1).attempts());
        assertTrue(entries.get(1).lastTimeNs() > entries.get(1).letter().timeNs());
        assertEquals(3, AuditLog.lines(directory).size());
        assertEquals(List.of(), DeadLetterRequest.pending(directory));
    }

    @Test
    void shouldCarryOutAtTheNextStartWhatWasAskedWhileNobodyRan() throws InterruptedException {
        poison.add(1L);
        try (Running run = new Running().start()) {
            run.publish(1, 0);
            run.drain();
        }
        poison.clear();
        request(Action.REDRIVE, 0, 0L);
        assertEquals(1, DeadLetterRequest.pending(directory).size());

        try (Running run = new Running().start()) {
            assertTrue(run.redriver.isBusy());
            run.carryOut();
            assertFalse(run.redriver.isBusy());
        }
        try (Running run = new Running().start()) {
            run.carryOut();
        }

        assertEquals(List.of(1L), taken);
    }

    @Test
    void shouldRedriveNoFasterThanAsked() throws InterruptedException {
        for (long id = 0; id < 11; id++) {
            poison.add(id);
        }
        try (Running run = new Running().start()) {
            for (long id = 0; id < 11; id++) {
                run.publish(id, id);
            }
            run.drain();
            poison.clear();
            Long[] places = {0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L};
            request(Action.REDRIVE, 100, places);
            long beganNs = System.nanoTime();
            run.carryOut();

            assertEquals(11, taken.size());
            assertTrue(System.nanoTime() - beganNs >= TimeUnit.MILLISECONDS.toNanos(100));
        }
    }

    @Test
    void shouldLetGoWhatWaitsBehindADiscardedOne() throws InterruptedException {
        poison.add(2L);
        try (Running run = new Running()) {
            run.subscription.inOrder(100);
            run.start();
            for (long id = 1; id <= 6; id++) {
                run.publish(id, id % 2);
            }
            run.drain();
            assertEquals(List.of(1L, 3L, 5L), taken);
            assertEquals(
                    DeadLetterState.WAITING,
                    DeadLetterReader.list(directory).get(1).state());
            request(Action.DISCARD, 0, 0L);
            run.carryOut();
            run.publish(8, 0);
            run.drain();
        }

        assertEquals(List.of(1L, 3L, 5L, 4L, 6L, 8L), taken);
        assertEquals(
                DeadLetterState.DISCARDED,
                DeadLetterReader.list(directory).get(0).state());
        assertEquals("asked by a test", DeadLetterReader.list(directory).get(0).message());
    }

    @Test
    void shouldRedriveWhatStandsBeforeFirst() throws InterruptedException {
        poison.add(2L);
        try (Running run = new Running()) {
            run.subscription.inOrder(100);
            run.start();
            run.publish(2, 0);
            run.publish(4, 0);
            run.drain();
            request(Action.REDRIVE, 0, 1L);
            run.carryOut();
            assertEquals(List.of(), taken);
            poison.clear();
            request(Action.REDRIVE, 0, 1L);
            run.carryOut();
        }

        assertEquals(List.of(2L, 4L), taken);
    }

    @Test
    void shouldHaltTheHandlerWhoseDeadLettersAreFullAndNoOther() {
        poison.addAll(List.of(1L, 2L, 3L));
        List<Long> others = Collections.synchronizedList(new ArrayList<>());
        try (Running run = new Running()) {
            run.letters.maxOpenCount(2);
            run.pipeline.subscribe(TYPE, "other", event -> others.add(event.idLo()));
            run.start();
            for (long id = 0; id < 6; id++) {
                run.publish(id, id);
            }
            run.drain();

            assertTrue(run.subscription.isHalted());
            assertEquals(3, run.subscription.haltSequence());
            assertEquals(
                    "dead letters are full: handler=h, open=2 (expected: less than 2); redrive or discard them, see"
                            + " `millrace dlq`",
                    run.subscription.haltCause().getMessage());
            assertEquals(List.of(0L, 1L, 2L, 3L, 4L, 5L), others);
            assertEquals(List.of(0L), taken);
            assertEquals(2, run.letters.openCount());
        }
    }

    @Test
    void shouldReportAHandlerThatDoesNotRun() throws InterruptedException {
        try (Running run = new Running().start()) {
            run.letters.park(MutableEvent.allocate(0).id(1, 2), "gone", new IllegalStateException("x"), 1);
            run.letters.park("rows.csv", 3, "a,b".getBytes(UTF_8), "no time");
            request(Action.REDRIVE, 0, 0L, 1L);
            run.carryOut();

            assertEquals(2, run.letters.openCount());
            assertEquals("dead letters redriven: 0, failed: 2, passed over: 0", reports.get(2));
        }
    }

    @Test
    void shouldRefuseARequestThatIsNone() throws IOException {
        Path requests = directory.resolve("deadletters/requests");
        Files.createDirectories(requests);
        Files.writeString(requests.resolve("1.request"), "millrace dead letter request 1\naction=redrive\n");

        assertTrue(assertThrows(JournalException.class, () -> DeadLetterRequest.pending(directory))
                .getMessage()
                .startsWith("cannot read request: file=" + requests.resolve("1.request")));
    }

    /** Whatever is poison when, redriven, discarded, and however often it restarts: order per key, nothing lost. */
    @Test
    void shouldKeepTheOrderOfEachKeyAsAnOracleSays() throws InterruptedException {
        Random random = new Random(SEED);
        Map<Long, List<Long>> published = new HashMap<>();
        Set<Long> discarded = new HashSet<>();
        Running run = startInOrder();
        for (int step = 0; step < STEP_COUNT; step++) {
            switch (random.nextInt(20)) {
                case 0, 1 -> poison.clear();
                case 2, 3, 4 -> request(Action.REDRIVE, 0, randomPlaces(random));
                case 5 -> discarded.addAll(discard(random));
                case 6, 7, 8 -> run.carryOut();
                case 9 -> {
                    if (step % 4 == 0) {
                        run.close();
                        run = startInOrder();
                    }
                }
                default -> {
                    long key = random.nextInt(3);
                    if (random.nextInt(8) == 0) {
                        poison.add((long) step);
                    }
                    run.publish(step, key);
                    published.computeIfAbsent(key, k -> new ArrayList<>()).add((long) step);
                    run.drain();
                }
            }
        }
        poison.clear();
        Long[] all = DeadLetterReader.list(directory).stream()
                .map(entry -> entry.letter().place())
                .toArray(Long[]::new);
        request(Action.REDRIVE, 0, all);
        run.carryOut();
        run.close();

        for (Map.Entry<Long, List<Long>> key : published.entrySet()) {
            List<Long> expected = key.getValue().stream()
                    .filter(id -> !discarded.contains(id))
                    .toList();
            List<Long> given = taken.stream().filter(key.getValue()::contains).toList();
            assertEquals(expected, given, "seed=" + SEED + ", key " + key.getKey());
        }
        assertTrue(DeadLetterReader.list(directory).size() > 10, "too few were parked to say anything");
    }

    private Running startInOrder() {
        Running run = new Running();
        run.subscription.inOrder(10_000);
        return run.start();
    }

    private Long[] randomPlaces(Random random) {
        List<Long> open = open();
        return open.stream().filter(place -> random.nextInt(3) == 0).toArray(Long[]::new);
    }

    /** Discards one, at once: {@return its event's id} */
    private Set<Long> discard(Random random) {
        List<DeadLetterEntry> open = DeadLetterReader.list(directory).stream()
                .filter(entry -> entry.state().isOpen())
                .toList();
        if (open.isEmpty() || !DeadLetterRequest.pending(directory).isEmpty()) {
            return Set.of();
        }
        DeadLetterEntry one = open.get(random.nextInt(open.size()));
        request(Action.DISCARD, 0, one.letter().place());
        return Set.of(one.letter().idLo());
    }

    private List<Long> open() {
        return DeadLetterReader.list(directory).stream()
                .filter(entry -> entry.state().isOpen())
                .map(entry -> entry.letter().place())
                .toList();
    }

    private void request(Action action, long ratePerSecond, Long... places) {
        DeadLetterRequest.submit(directory, action, ratePerSecond, "asked by a test", List.of(places));
    }
}
