package io.millrace;

import static io.millrace.PipelineTest.TIMEOUT_NS;
import static io.millrace.PipelineTest.TYPE;
import static io.millrace.PipelineTest.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.ring.Level;
import io.millrace.ring.Outcome;
import io.millrace.ring.ThreadPlan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many threads offer; each accepted offer is published once, in its thread's order, and answered once. */
final class ConcurrentPublisherTest {
    private static final int THREAD_COUNT = 4;

    private final MemoryStore store = new MemoryStore();
    private final Map<Long, Long> answers = Collections.synchronizedMap(new LinkedHashMap<>());
    private final AtomicLong doubles = new AtomicLong();
    private final AtomicLong nowNs = new AtomicLong(1);

    private PipelineContext context(ThreadPlan plan) {
        return new PipelineContext()
                .threadPlan(plan)
                .waitStrategy("block")
                .ringCapacity(8)
                .maxPayloadLength(32)
                .frontRingLength(1 << 12)
                .epochClock(nowNs::get)
                .unblockTimeoutNs(1_000)
                .store(store);
    }

    private Pipeline start(PipelineContext context) {
        Pipeline pipeline = Pipeline.create(context);
        pipeline.publishConcurrently(this::onOutcome);
        pipeline.start();
        return pipeline;
    }

    private void onOutcome(long correlationId, long outcome) {
        if (answers.put(correlationId, outcome) != null) {
            doubles.incrementAndGet();
        }
    }

    /** Offers ids thread * 1000000 + i until refused for good. {@return how many were accepted} */
    private static int offerAll(ConcurrentPublisher publisher, int thread, int count) {
        MutableEvent template = event(0, thread);
        for (int i = 0; i < count; i++) {
            long id = thread * 1_000_000L + i;
            long code = publisher.offer(template.id(0, id), id);
            while (code == Publisher.BACK_PRESSURED) {
                Thread.yield();
                code = publisher.offer(template, id);
            }
            if (code != 0) {
                return i;
            }
        }
        return count;
    }

    private static List<Thread> offerConcurrently(ConcurrentPublisher publisher, int count, int[] acceptedCounts) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREAD_COUNT; i++) {
            int thread = i;
            threads.add(new Thread(() -> acceptedCounts[thread] = offerAll(publisher, thread, count)));
        }
        threads.forEach(Thread::start);
        return threads;
    }

    @Test
    void shouldPublishMarkersOfSourcesBehindWhatWasOffered() {
        ConcurrentPublisher publisher;
        try (Pipeline pipeline = start(context(ThreadPlan.SPLIT).maxSources(4))) {
            publisher = pipeline.concurrentPublisher();
            assertEquals(0, publisher.active(5));
            assertEquals(0, publisher.offer(event(0, 1), 7));
            assertEquals(0, publisher.idle(-3));
            assertTrue(pipeline.awaitDrained(TIMEOUT_NS));

            assertEquals(
                    List.of("60106 of 5", TYPE + " of 0", "60105 of -3"),
                    store.journal.records.stream()
                            .map(record -> record.typeId() + " of " + record.sourceId())
                            .toList());
            assertEquals(1, answers.size());
        }
        assertEquals(Publisher.CLOSED, publisher.idle(1));
    }

    private static void join(List<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @ParameterizedTest
    @EnumSource(Level.class)
    void shouldKeepEachThreadsOrderAndAnswerEachOfferOnce(Level level) throws InterruptedException {
        int count = 2_000;
        List<Long> slow = new ArrayList<>();
        try (Pipeline pipeline = Pipeline.create(context(ThreadPlan.SPLIT).outcomeLevel(level))) {
            pipeline.publishConcurrently(this::onOutcome);
            pipeline.subscribe(TYPE, "slow", e -> {
                slow.add(e.idLo());
                Thread.yield();
            });
            pipeline.start();
            join(offerConcurrently(pipeline.concurrentPublisher(), count, new int[THREAD_COUNT]));
            assertTrue(pipeline.awaitDrained(TIMEOUT_NS), () -> String.valueOf(pipeline.fault()));

            assertEquals(THREAD_COUNT * count, answers.size());
            assertEquals(0, doubles.get());
            assertEquals(THREAD_COUNT * count, slow.size());
            for (int thread = 0; thread < THREAD_COUNT; thread++) {
                assertInOrder(thread, count);
            }
        }
    }

    private void assertInOrder(int thread, int count) {
        List<Event> own = store.journal.records.stream()
                .filter(record -> record.key() == thread)
                .toList();
        assertEquals(count, own.size());
        for (int i = 0; i < count; i++) {
            assertEquals(thread * 1_000_000L + i, own.get(i).idLo());
            assertEquals(
                    own.get(i).sequence(),
                    Outcome.sequence(answers.get(own.get(i).idLo())));
        }
    }

    @Test
    void shouldTellDuplicatesAndWhatADrainedSequencerRefuses() {
        try (Pipeline pipeline = start(context(ThreadPlan.INVOKED).dedup(new PipelineTest.MapDedup()))) {
            ConcurrentPublisher publisher = pipeline.concurrentPublisher();
            assertEquals(0, publisher.offer(event(5, 1), 1));
            assertEquals(0, publisher.offer(event(5, 1), 2));
            assertTrue(pipeline.awaitDrained(TIMEOUT_NS));

            assertEquals("ACCEPTED(0)", Outcome.describe(answers.get(1L)));
            assertEquals("DUPLICATE(0)", Outcome.describe(answers.get(2L)));
            assertEquals(
                    Publisher.TOO_LARGE,
                    publisher.offer(MutableEvent.allocate(33).typeId(TYPE).payloadLength(33), 3));
            assertEquals(2, answers.size());
        }
    }

    @Test
    void shouldTellACodeForWhatIsNeverPublished() {
        PipelineContext context = context(ThreadPlan.INVOKED)
                .eventTypes(io.millrace.event.EventTypes.of(
                        List.of(io.millrace.event.EventType.opaque(TYPE + 1, "Other"))));
        try (Pipeline pipeline = start(context)) {
            assertEquals(0, pipeline.concurrentPublisher().offer(event(5, 1), 1));
            assertTrue(pipeline.awaitDrained(TIMEOUT_NS));

            assertEquals(Publisher.UNKNOWN_TYPE, answers.get(1L));
            assertEquals(-1, pipeline.published());
        }
    }

    @Test
    void shouldDropNothingWhileTheMainRingIsFull() {
        try (Pipeline pipeline = start(context(ThreadPlan.INVOKED))) {
            ConcurrentPublisher publisher = pipeline.concurrentPublisher();
            for (int i = 0; i < 20; i++) {
                assertEquals(0, publisher.offer(event(i, i), i));
            }
            assertEquals(8, publisher.doWork());
            assertEquals(0, publisher.doWork());
            assertTrue(publisher.waitingLength() > 0);
            assertTrue(pipeline.awaitDrained(TIMEOUT_NS));

            assertEquals(20, answers.size());
            assertEquals(20, store.journal.records.size());
            assertEquals(0, publisher.waitingLength());
        }
    }

    @Test
    void shouldRefuseOffersWhenTheFrontRingIsFull() {
        try (Pipeline pipeline = start(context(ThreadPlan.INVOKED))) {
            ConcurrentPublisher publisher = pipeline.concurrentPublisher();
            int accepted = 0;
            while (publisher.offer(event(accepted, 1), accepted) == 0) {
                accepted++;
            }
            assertEquals(Publisher.BACK_PRESSURED, publisher.offer(event(accepted, 1), accepted));
            assertTrue(pipeline.awaitDrained(TIMEOUT_NS));

            assertEquals(accepted, answers.size());
        }
    }

    @Test
    void shouldKeepOffersWaitingWhileStorageIsLow() {
        try (Pipeline pipeline = start(context(ThreadPlan.INVOKED))) {
            store.journal.isStorageLow = true;
            assertEquals(0, pipeline.concurrentPublisher().offer(event(1, 1), 1));
            assertFalse(pipeline.awaitDrained(1_000_000));
            assertEquals(0, answers.size());

            store.journal.isStorageLow = false;
            assertTrue(pipeline.awaitDrained(TIMEOUT_NS));
            assertEquals(1, answers.size());
        }
    }

    @Test
    void shouldSkipAProducerThatDiedWithinItsClaim() {
        try (Pipeline pipeline = start(context(ThreadPlan.INVOKED))) {
            ConcurrentPublisher publisher = pipeline.concurrentPublisher();
            assertEquals(0, publisher.offer(event(1, 1), 1));
            assertTrue(publisher.front().tryClaim(1, 100) > 0);
            assertEquals(0, publisher.offer(event(2, 2), 2));
            assertFalse(pipeline.awaitDrained(20_000_000));
            nowNs.addAndGet(1_000);
            assertFalse(pipeline.awaitDrained(20_000_000));
            assertEquals(1, answers.size());

            // Longer than the timeout also if the machine was so busy that nobody looked before.
            nowNs.addAndGet(1_001);
            assertTrue(pipeline.awaitDrained(TIMEOUT_NS));
            assertEquals(2, answers.size());
            assertEquals(2, store.journal.records.size());
        }
    }

    @Test
    void shouldGiveTheClaimBackWhenAnEventCannotBeCopied() {
        try (Pipeline pipeline = start(context(ThreadPlan.INVOKED))) {
            ConcurrentPublisher publisher = pipeline.concurrentPublisher();
            MutableEvent lying = MutableEvent.allocate(0).typeId(TYPE).payloadLength(24);

            assertThrows(IndexOutOfBoundsException.class, () -> publisher.offer(lying, 1));
            assertEquals(0, publisher.offer(event(2, 2), 2));
            assertTrue(pipeline.awaitDrained(TIMEOUT_NS));
            assertEquals(List.of(2L), List.copyOf(answers.keySet()));
        }
    }

    @Test
    void shouldAnswerWhatIsLeftWhenClosedAmidOffers() throws InterruptedException {
        for (int round = 0; round < 20; round++) {
            answers.clear();
            Pipeline pipeline = start(context(ThreadPlan.FUSED));
            int[] accepted = new int[THREAD_COUNT];
            List<Thread> threads = offerConcurrently(pipeline.concurrentPublisher(), 1_000_000, accepted);
            while (answers.size() < 50) {
                Thread.onSpinWait();
            }
            pipeline.close();
            join(threads);

            long sum = 0;
            for (int count : accepted) {
                sum += count;
            }
            assertEquals(sum, answers.size());
            assertEquals(0, doubles.get());
            assertEquals(Publisher.CLOSED, pipeline.concurrentPublisher().offer(event(1, 1), 1));
        }
    }

    @Test
    void shouldAnswerWhatIsLeftWhenThePipelineFails() throws InterruptedException {
        Pipeline pipeline = start(context(ThreadPlan.FUSED).outcomeLevel(Level.JOURNALED));
        int[] accepted = new int[THREAD_COUNT];
        List<Thread> threads = offerConcurrently(pipeline.concurrentPublisher(), 1_000_000, accepted);
        while (answers.size() < 50) {
            Thread.onSpinWait();
        }
        store.journal.failure = new IllegalStateException("disk");
        join(threads);
        pipeline.close();

        long sum = 0;
        for (int count : accepted) {
            sum += count;
        }
        assertEquals(sum, answers.size());
        long acceptedCount =
                answers.values().stream().filter(Outcome::isAccepted).count();
        assertTrue(acceptedCount <= store.journal.records.size(), "accepted=" + acceptedCount);
        assertEquals(Publisher.FAILED, pipeline.concurrentPublisher().offer(event(1, 1), 1));
    }
}
