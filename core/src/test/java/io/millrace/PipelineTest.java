package io.millrace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.dedup.Dedup;
import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.ring.Level;
import io.millrace.ring.Outcome;
import io.millrace.ring.ThreadPlan;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;
import io.millrace.status.PipelineCounter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class PipelineTest {
    static final int TYPE = 7;
    static final long TIMEOUT_NS = 20_000_000_000L;

    static MutableEvent event(long id, long key) {
        return MutableEvent.allocate(32)
                .id(0, id)
                .key(key)
                .typeId(TYPE)
                .timestampNs(id)
                .payloadLength(16);
    }

    @ParameterizedTest
    @EnumSource(names = {"FUSED", "SPLIT", "PIPELINED"})
    void shouldDeliverEventsAndOutputsInOrderInEveryPlan(ThreadPlan plan) {
        List<Long> seen = Collections.synchronizedList(new ArrayList<>());
        MemoryStore store = new MemoryStore();
        PipelineContext context = new PipelineContext()
                .threadPlan(plan)
                .ringCapacity(64)
                .outputRingCapacity(8)
                .operator(new SumOperator("sum"))
                .store(store);
        try (Pipeline pipeline = Pipeline.create(context)) {
            pipeline.subscribe(TYPE, "events", e -> seen.add(-e.key()));
            pipeline.subscribe(SumOperator.TYPE, "sums", e -> seen.add(e.key()));
            pipeline.start();

            List<Long> expected = new ArrayList<>();
            long sum = 0;
            for (long key = 1; key <= 10_000; key++) {
                assertTrue(pipeline.publisher().publish(event(key, key % 100 + 1), ClaimPolicy.yield(TIMEOUT_NS)) >= 0);
                sum += key % 100 + 1;
                expected.add(-(key % 100 + 1));
                expected.add(sum);
            }
            assertTrue(pipeline.awaitDrained(TIMEOUT_NS), () -> String.valueOf(pipeline.fault()));

            assertEquals(expected, seen);
            assertEquals(10_000, store.journal.records.size());
            assertEquals(10_000, store.outbox.records.size());
            assertEquals(9_999, pipeline.emitted().sequence());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FUSED", "SPLIT", "PIPELINED"})
    void shouldNotWaitForItselfWhenOneEventFillsTheOutputRing(ThreadPlan plan) {
        AtomicLong outputs = new AtomicLong();
        PipelineContext context = new PipelineContext()
                .threadPlan(plan)
                .outputRingCapacity(8)
                .operator(new SumOperator("sum"))
                .store(new MemoryStore());
        try (Pipeline pipeline = Pipeline.create(context)) {
            pipeline.subscribe(SumOperator.TYPE, "sums", e -> outputs.incrementAndGet());
            pipeline.subscribe(TYPE, "events", e -> {});
            pipeline.start();

            pipeline.publisher().publish(event(1, 6_000));
            pipeline.publisher().publish(event(2, 1));

            assertTrue(pipeline.awaitDrained(TIMEOUT_NS));
            assertEquals(5_002, outputs.get());
        }
    }

    @Test
    void shouldAnswerOutcomesByTicket() {
        PipelineContext context = new PipelineContext()
                .dedup(new MapDedup())
                .store(new MemoryStore())
                .maxPayloadLength(64);
        try (Pipeline pipeline = Pipeline.create(context)) {
            pipeline.start();
            Publisher publisher = pipeline.publisher();

            long first = publisher.publish(event(5, 1));
            publisher.claim(TYPE, 0);
            publisher.abort();
            long again = publisher.publish(event(5, 1));
            long second = publisher.publish(event(6, 1));

            assertEquals(0, pipeline.awaitLevel(first, Level.JOURNALED, TIMEOUT_NS));
            assertEquals(Outcome.ABORTED, pipeline.awaitLevel(first + 1, Level.PUBLISHED, TIMEOUT_NS));
            assertEquals("DUPLICATE(0)", Outcome.describe(pipeline.awaitLevel(again, Level.SYNCED, TIMEOUT_NS)));
            assertEquals("ACCEPTED(1)", Outcome.describe(pipeline.awaitLevel(second, Level.SYNCED, TIMEOUT_NS)));
            assertEquals(Outcome.TIMED_OUT, pipeline.awaitLevel(second + 1, Level.JOURNALED, 1_000_000));
        }
    }

    @Test
    void shouldRejectAnEventTooFarAheadOfItsPublication() {
        PipelineContext context = new PipelineContext().epochClock(() -> 1_000).maxSkewNs(50);
        try (Pipeline pipeline = Pipeline.create(context)) {
            pipeline.start();
            long within = pipeline.publisher().publish(event(1_050, 1));
            long beyond = pipeline.publisher().publish(event(1_051, 1));

            assertTrue(Outcome.isAccepted(pipeline.awaitLevel(within, Level.PUBLISHED, TIMEOUT_NS)));
            assertEquals(
                    "REJECTED(SKEWED)", Outcome.describe(pipeline.awaitLevel(beyond, Level.PUBLISHED, TIMEOUT_NS)));
            assertEquals(1, pipeline.counters().value(PipelineCounter.EVENTS_SKEWED));
        }
    }

    @Test
    void shouldRecoverWithoutWritingOutputsTwice() {
        MemoryStore store = new MemoryStore();
        long hash = runOver(store, 0, 1_000);
        List<String> unbroken = describe(store.outbox.records);

        for (int kept = 0; kept <= 1_000; kept += 97) {
            MemoryStore broken = new MemoryStore();
            runOver(broken, 0, 500);
            broken.loseTail(500, Math.min(kept, broken.outbox.records.size()));
            long hashAfter = runOver(broken, 0, 1_000);

            assertEquals(unbroken, describe(broken.outbox.records));
            assertEquals(hash, hashAfter);
        }
    }

    @Test
    void shouldKeepTheIdentityOfOutputsWhoseCauseWasNotLost() {
        MemoryStore store = new MemoryStore();
        runOver(store, 0, 100);
        List<String> before = describe(store.outbox.records);

        store.loseTail(60, 10);
        runOver(store, 0, 100);

        List<String> after = describe(store.outbox.records);
        assertEquals(before.subList(0, 120), after.subList(0, 120));
        assertTrue(after.get(120).startsWith("1"), after.get(120));
        assertEquals(before.size(), after.size());
    }

    private static long runOver(MemoryStore store, long from, long to) {
        PipelineContext context = new PipelineContext()
                .threadPlan(ThreadPlan.INVOKED)
                .dedup(new MapDedup())
                .operator(new SumOperator("a"))
                .operator(new SumOperator("b"))
                .store(store);
        try (Pipeline pipeline = Pipeline.create(context)) {
            pipeline.start();
            for (long id = from; id < to; id++) {
                pipeline.publisher().publish(event(id, id % 7));
                pipeline.doWork();
            }
            assertTrue(pipeline.awaitDrained(TIMEOUT_NS));
            return pipeline.stateHash();
        }
    }

    private static List<String> describe(List<Event> outputs) {
        return outputs.stream()
                .map(e -> Long.toHexString(e.idHi()) + ":" + e.idLo() + "=" + e.key())
                .toList();
    }

    @Test
    void shouldRefuseAClaimFromASecondThread() throws InterruptedException {
        try (Pipeline pipeline = Pipeline.create(new PipelineContext())) {
            pipeline.start();
            pipeline.publisher().publish(event(1, 1));
            AtomicLong code = new AtomicLong();
            Thread second = new Thread(() -> code.set(pipeline.publisher().publish(event(2, 2))));
            second.start();
            second.join();

            assertEquals(Publisher.NOT_WRITER, code.get());
            assertEquals(1, pipeline.publisher().publish(event(3, 3)));
        }
    }

    @Test
    void shouldRefuseASecondClaimUntilTheFirstIsAborted() {
        try (Pipeline pipeline = Pipeline.create(new PipelineContext())) {
            pipeline.start();
            Publisher publisher = pipeline.publisher();
            publisher.claim(TYPE, 8);

            assertEquals(Publisher.CLAIM_OPEN, publisher.claim(TYPE, 8));
            publisher.abort();
            assertEquals(1, publisher.publish(event(3, 3)));
            assertTrue(pipeline.awaitDrained(TIMEOUT_NS));
            assertEquals(0, pipeline.emitted().sequence());
        }
    }

    @Test
    void shouldHaltAtTheSequenceWhereAnOperatorThrows() {
        SumOperator operator = new SumOperator("sum");
        operator.failure = new IllegalStateException("boom");
        operator.failAtKey = 42;
        try (Pipeline pipeline = Pipeline.create(new PipelineContext().operator(operator))) {
            pipeline.start();
            pipeline.publisher().publish(event(1, 1));
            pipeline.publisher().publish(event(2, 42));

            assertFalse(pipeline.awaitDrained(TIMEOUT_NS));
            assertNotNull(pipeline.fault());
            assertEquals(
                    "pipeline halted: stage=APPLY at sequence=1: IllegalStateException: boom",
                    pipeline.fault().message());
            assertEquals(Publisher.FAILED, pipeline.publisher().publish(event(3, 3)));
            assertEquals(Outcome.FAILED, pipeline.awaitLevel(5, Level.PUBLISHED, TIMEOUT_NS));
        }
    }

    @Test
    void shouldParkAnEventThatASubscriberCannotTakeAndGoOn() {
        List<String> parked = Collections.synchronizedList(new ArrayList<>());
        List<Long> taken = Collections.synchronizedList(new ArrayList<>());
        PipelineContext context = new PipelineContext()
                .deadLetters((e, handler, error, attempts) ->
                        parked.add(handler + " " + e.key() + " " + error.getMessage() + " " + attempts));
        try (Pipeline pipeline = Pipeline.create(context)) {
            pipeline.subscribe(TYPE, "picky", e -> {
                if (e.key() == 2) {
                    throw new IllegalArgumentException("no twos");
                }
                taken.add(e.key());
            });
            pipeline.start();
            for (long key = 1; key <= 3; key++) {
                pipeline.publisher().publish(event(key, key));
            }
            assertTrue(pipeline.awaitDrained(TIMEOUT_NS));

            assertEquals(List.of(1L, 3L), taken);
            assertEquals(List.of("picky 2 no twos 3"), parked);
        }
    }

    @Test
    void shouldRefuseWhatTheRingCannotHold() {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> Pipeline.create(new PipelineContext().ringCapacity(1000)));
        assertEquals(
                "cannot build pipeline: ringCapacity=1000 (expected: power of two, 2 to 1073741824);"
                        + " set ringCapacity=1024",
                e.getMessage());
    }

    /** The obvious dedup. */
    static final class MapDedup implements Dedup {
        private final Map<Long, Long> sequences = new HashMap<>();

        @Override
        public long admit(long idHi, long idLo, long sequence) {
            Long original = sequences.putIfAbsent(idLo, sequence);
            return original == null ? NEW : original;
        }

        @Override
        public long touch(long idHi, long idLo) {
            return 0;
        }

        @Override
        public String name() {
            return "dedup";
        }

        @Override
        public void save(StateWriter writer) {
            sequences.forEach((id, sequence) -> writer.putLong(id * 31 + sequence));
        }

        @Override
        public void load(StateReader reader) {
            throw new UnsupportedOperationException();
        }
    }
}
