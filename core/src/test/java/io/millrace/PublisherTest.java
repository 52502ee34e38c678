package io.millrace;

import static io.millrace.PipelineTest.TIMEOUT_NS;
import static io.millrace.PipelineTest.TYPE;
import static io.millrace.PipelineTest.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.event.Event;
import io.millrace.event.EventType;
import io.millrace.event.EventTypes;
import io.millrace.event.MutableEvent;
import io.millrace.event.Outputs;
import io.millrace.event.SystemTypes;
import io.millrace.ring.Level;
import io.millrace.ring.Outcome;
import io.millrace.ring.ThreadPlan;
import io.millrace.status.PipelineCounter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Claims, batches, codes and the records that the writer itself makes; the stages run when they are polled. */
final class PublisherTest {
    private final AtomicLong nowNs = new AtomicLong(1_000);
    private final MemoryStore store = new MemoryStore();
    private final PipelineContext context = new PipelineContext()
            .threadPlan(ThreadPlan.INVOKED)
            .ringCapacity(8)
            .maxPayloadLength(32)
            .epochClock(nowNs::get)
            .eventTypes(EventTypes.of(List.of(EventType.opaque(TYPE, "Known"))))
            .store(store);
    private Pipeline pipeline;
    private Publisher publisher;

    private void start() {
        pipeline = Pipeline.create(context);
        pipeline.start();
        publisher = pipeline.publisher();
    }

    @AfterEach
    void close() {
        if (pipeline != null) {
            pipeline.close();
        }
    }

    private String outcome(long ticket) {
        return Outcome.describe(pipeline.awaitLevel(ticket, Level.JOURNALED, TIMEOUT_NS));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, 65_536, Integer.MAX_VALUE, TYPE + 1, TYPE + 65_536})
    void shouldRefuseATypeThatNobodyKnows(int typeId) {
        start();

        assertEquals(Publisher.UNKNOWN_TYPE, publisher.claim(typeId, 0));
        assertEquals(0, publisher.claim(TYPE, 0));
    }

    @Test
    void shouldRefuseAPayloadThatASlotCannotTake() {
        start();

        assertEquals(Publisher.TOO_LARGE, publisher.claim(TYPE, 33));
        assertEquals(Publisher.TOO_LARGE, publisher.claim(TYPE, -1));
        assertEquals(Publisher.TOO_LARGE, publisher.claim(TYPE, Integer.MAX_VALUE));
        assertEquals(0, publisher.claim(TYPE, 32));
    }

    @Test
    void shouldRejectTheWrongEventsOfABatchAndTakeTheRest() {
        start();
        publisher.claim(8);
        for (int i = 0; i < 8; i++) {
            publisher.event(i).id(0, i).typeId(TYPE);
        }
        publisher.event(1).typeId(TYPE + 1);
        publisher.event(2).payloadLength(33);
        publisher.event(3).payloadLength(-1);
        publisher.event(4).payloadLength(Integer.MAX_VALUE);
        publisher.event(5).payloadLength(8).flags(Event.EXTENDED).buffer().putInt(Event.HEADER_LENGTH, 9);
        publisher.event(6).flags(Event.DUPLICATE | Event.REJECTED | Event.END);
        publisher.commit();

        List<String> outcomes = new ArrayList<>();
        for (long ticket = 0; ticket < 8; ticket++) {
            outcomes.add(outcome(ticket));
        }
        assertEquals(
                List.of(
                        "ACCEPTED(0)",
                        "REJECTED(UNKNOWN_TYPE)",
                        "REJECTED(TOO_LARGE)",
                        "REJECTED(TOO_LARGE)",
                        "REJECTED(TOO_LARGE)",
                        "REJECTED(INVALID)",
                        "ACCEPTED(1)",
                        "ACCEPTED(2)"),
                outcomes);
        assertEquals(
                List.of(0L, 6L, 7L),
                store.journal.records.stream().map(Event::idLo).toList());
        assertEquals(
                5, pipeline.counters().counter(PipelineCounter.EVENTS_INVALID).get());
        assertEquals(
                3, pipeline.counters().counter(PipelineCounter.EVENTS_ACCEPTED).get());
    }

    @Test
    void shouldTakeAnExtensionThatFillsThePayload() {
        start();
        publisher.claim(TYPE, 8);
        publisher.event().flags(Event.EXTENDED).buffer().putInt(Event.HEADER_LENGTH, 8);
        long ticket = publisher.commit();

        assertEquals("ACCEPTED(0)", outcome(ticket));
    }

    @Test
    void shouldForgetAnOutcomeWhenItsSlotIsUsedAgain() {
        start();
        for (int i = 0; i < 9; i++) {
            publisher.publish(event(i, i));
            assertTrue(pipeline.awaitDrained(TIMEOUT_NS));
        }

        assertEquals("FORGOTTEN", outcome(0));
        assertEquals("ACCEPTED(1)", outcome(1));
    }

    @Test
    void shouldRefuseToAwaitACode() {
        start();

        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> pipeline.awaitLevel(Publisher.BACK_PRESSURED, Level.PUBLISHED, 0));

        assertEquals(
                "cannot await level=PUBLISHED: ticket=-1 (expected: >= 0); a negative one is the publisher's refusal,"
                        + " handle it first",
                e.getMessage());
    }

    @Test
    void shouldAnswerAtOnceWhenAskedWithoutWaiting() {
        start();

        assertEquals("TIMED_OUT", Outcome.describe(pipeline.awaitLevel(0, Level.JOURNALED, 0)));
    }

    @Test
    void shouldKeepPublishTimeWhenTheClockGoesBackAndCountIt() {
        nowNs.set(10_000_000_000L);
        start();
        publishAt(10_000_000_000L);
        publishAt(9_000_000_000L);
        assertEquals(0, clockSteps());

        publishAt(8_999_999_999L);
        publishAt(1_000);
        assertEquals(1, clockSteps());
        assertEquals(10_000_000_000L, store.journal.last().ingestTimeNs());

        publishAt(11_000_000_000L);
        publishAt(1_000);
        assertEquals(2, clockSteps());
        assertEquals(11_000_000_000L, store.journal.last().ingestTimeNs());
    }

    private void publishAt(long timeNs) {
        nowNs.set(timeNs);
        long id = publisher.publishedCount();
        assertTrue(publisher.publish(event(id, id)) >= 0);
        assertTrue(pipeline.awaitDrained(TIMEOUT_NS));
    }

    private long clockSteps() {
        return pipeline.counters().counter(PipelineCounter.CLOCK_STEPS_BACK).get();
    }

    @Test
    void shouldRefuseAFullRingAndCountIt() {
        start();
        for (int i = 0; i < 8; i++) {
            publisher.publish(event(i, i));
        }

        assertEquals(Publisher.BACK_PRESSURED, publisher.publish(event(8, 8)));
        assertEquals(Publisher.BACK_PRESSURED, publisher.claim(1));
        assertEquals(Publisher.WOULD_DEADLOCK, publisher.publish(event(8, 8), ClaimPolicy.spin(0)));
        assertEquals(
                3,
                pipeline.counters()
                        .counter(PipelineCounter.CLAIMS_BACK_PRESSURED)
                        .get());
        assertTrue(pipeline.awaitDrained(TIMEOUT_NS));
        assertEquals(8, publisher.publish(event(8, 8)));
    }

    @Test
    void shouldRefuseWhileStorageIsLow() {
        start();
        store.journal.isStorageLow = true;

        assertEquals(Publisher.STORAGE_LOW, publisher.publish(event(1, 1)));
        store.journal.isStorageLow = false;
        store.outbox.isStorageLow = true;
        assertEquals(Publisher.STORAGE_LOW, publisher.publish(event(1, 1)));
        store.outbox.isStorageLow = false;
        assertEquals(0, publisher.publish(event(1, 1)));
    }

    @Test
    void shouldCountARefusalOnce() {
        start();
        pipeline.close();

        assertEquals(Publisher.CLOSED, publisher.publish(event(1, 1)));
        assertEquals(
                1, pipeline.counters().counter(PipelineCounter.CLAIMS_CLOSED).get());
    }

    @Test
    void shouldNotStayOpenWhenTheEventCannotBeCopied() {
        start();
        MutableEvent lying = MutableEvent.allocate(0).typeId(TYPE).payloadLength(24);

        assertThrows(IndexOutOfBoundsException.class, () -> publisher.publish(lying));
        assertEquals(1, publisher.publish(event(1, 1)));
        assertEquals("ABORTED", outcome(0));
        assertEquals("ACCEPTED(0)", outcome(1));
    }

    @Test
    void shouldRefuseWhatIsNotClaimed() {
        start();

        assertEquals(
                "cannot commit: no claim is open (expected: one); claim first",
                assertThrows(IllegalStateException.class, publisher::commit).getMessage());
        assertEquals(
                "cannot abort: no claim is open (expected: one); claim first",
                assertThrows(IllegalStateException.class, publisher::abort).getMessage());
        publisher.claim(2);
        assertEquals(
                "no such claimed slot: index=2 (expected: 0 to 1); claim first",
                assertThrows(IllegalStateException.class, () -> publisher.event(2))
                        .getMessage());
        assertEquals(
                "cannot claim: count=9 (expected: 1 to 8); claim smaller batches or raise ringCapacity",
                assertThrows(IllegalArgumentException.class, () -> {
                            publisher.abort();
                            publisher.claim(9);
                        })
                        .getMessage());
    }

    @Test
    void shouldHaveOneOwnerWhenManyClaimFirst() throws InterruptedException {
        for (int round = 0; round < 50; round++) {
            try (Pipeline contended = Pipeline.create(
                    new PipelineContext().threadPlan(ThreadPlan.INVOKED).ringCapacity(8))) {
                contended.start();

                assertEquals(List.of(Publisher.NOT_WRITER, Publisher.NOT_WRITER, 0L), claimAtOnce(contended, 3));
            }
        }
    }

    private static List<Long> claimAtOnce(Pipeline contended, int threadCount) throws InterruptedException {
        List<Long> codes = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < threadCount; i++) {
            Thread thread = new Thread(() -> {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    return;
                }
                codes.add(contended.publisher().claim(1));
            });
            thread.start();
            threads.add(thread);
        }
        go.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        return codes.stream().sorted().toList();
    }

    /** An operator that waits for event time 5000. */
    private static final class Deadline extends SumOperator {
        long dueNs = 5_000;

        Deadline() {
            super("deadline");
        }

        @Override
        public boolean advanceTo(long watermarkNs, boolean idle, Outputs outputs) {
            if (watermarkNs >= dueNs) {
                dueNs = Long.MAX_VALUE;
            }
            return true;
        }

        @Override
        public long nextDeadlineNs() {
            return dueNs;
        }
    }

    @Test
    void shouldTickOnlyWhenAnOperatorIsDueAndNothingIsUnderWay() {
        context.operator(new Deadline()).idleAdvance(true).outOfOrdernessNs(100);
        start();
        publisher.publish(event(1, 1));

        assertEquals(0, publisher.onIdle(9_000));
        assertTrue(pipeline.awaitDrained(TIMEOUT_NS));
        assertEquals(0, publisher.onIdle(5_100));
        assertEquals(1, publisher.onIdle(5_101));
        assertEquals(0, publisher.onIdle(5_102));
        assertTrue(pipeline.awaitDrained(TIMEOUT_NS));
        assertEquals(0, publisher.onIdle(9_000));
        assertEquals(5_000, pipeline.watermark().watermarkNs());
        assertEquals(2, store.journal.records.size());
        assertEquals(SystemTypes.TICK, store.journal.last().typeId());
        assertEquals(5_101, store.journal.last().ingestTimeNs());
    }

    @Test
    void shouldNotTickWhileTimeStandsStill() {
        context.operator(new Deadline());
        start();

        assertEquals(0, publisher.onIdle(9_000));
    }

    @Test
    void shouldNotTickWhileAClaimIsOpen() {
        context.operator(new Deadline()).idleAdvance(true);
        start();
        publisher.claim(TYPE, 0);

        assertEquals(0, publisher.onIdle(9_000));
        publisher.abort();
    }

    @Test
    void shouldRememberAnEndOverARestartAlsoBehindATick() {
        context.operator(new Deadline()).idleAdvance(true);
        start();
        publisher.publish(event(1, 1));
        publisher.end();
        assertTrue(pipeline.awaitDrained(TIMEOUT_NS));
        publisher.claim(1);
        publisher.abort();
        MutableEvent tick = MutableEvent.allocate(0)
                .typeId(SystemTypes.TICK)
                .flags(Event.TICK)
                .sequence(2);
        store.journal.append(tick);
        store.journal.commit();
        pipeline.close();

        try (Pipeline restarted = Pipeline.create(new PipelineContext()
                .threadPlan(ThreadPlan.INVOKED)
                .operator(new Deadline())
                .store(store))) {
            restarted.start();
            long ticket = restarted.publisher().end();

            assertEquals("DUPLICATE(1)", Outcome.describe(restarted.awaitLevel(ticket, Level.JOURNALED, TIMEOUT_NS)));
            assertEquals(3, store.journal.records.size());
        }
    }

    @Test
    void shouldTellAnEndOnlyOnceUntilAnEventComes() {
        start();
        publisher.publish(event(1, 1));
        long first = publisher.end();
        long again = publisher.end();
        publisher.publish(event(2, 2));
        long third = publisher.end();

        assertEquals("ACCEPTED(1)", outcome(first));
        assertEquals("DUPLICATE(1)", outcome(again));
        assertEquals("ACCEPTED(3)", outcome(third));
        assertEquals(SystemTypes.END, store.journal.last().typeId());
    }
}
