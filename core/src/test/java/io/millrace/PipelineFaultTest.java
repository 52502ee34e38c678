package io.millrace;

import static io.millrace.PipelineTest.TIMEOUT_NS;
import static io.millrace.PipelineTest.TYPE;
import static io.millrace.PipelineTest.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ring.Level;
import io.millrace.ring.Outcome;
import io.millrace.ring.PipelineFailedException;
import io.millrace.ring.Subscription;
import io.millrace.ring.ThreadPlan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What throws, where, and what the rest of the pipeline and its users see of it. */
final class PipelineFaultTest {
    private static PipelineContext context(ThreadPlan plan) {
        return new PipelineContext().threadPlan(plan).ringCapacity(16).waitStrategy("block");
    }

    @ParameterizedTest
    @EnumSource(names = {"FUSED", "SPLIT", "PIPELINED", "INVOKED"})
    void shouldHaltWithTheReasonWhenTheJournalThrows(ThreadPlan plan) {
        MemoryStore store = new MemoryStore();
        try (Pipeline pipeline = Pipeline.create(context(plan).store(store))) {
            pipeline.start();
            pipeline.publisher().publish(event(1, 1));
            assertTrue(pipeline.awaitDrained(TIMEOUT_NS));
            store.journal.failure = new IllegalStateException("disk");
            pipeline.publisher().publish(event(2, 2));

            assertFalse(pipeline.awaitDrained(TIMEOUT_NS));
            assertEquals(
                    "pipeline halted: stage=JOURNAL at sequence=1: IllegalStateException: disk",
                    pipeline.fault().message());
            assertEquals(Outcome.FAILED, pipeline.awaitLevel(1, Level.JOURNALED, TIMEOUT_NS));
            assertEquals(0, pipeline.awaitLevel(0, Level.JOURNALED, TIMEOUT_NS));
            assertEquals(0, pipeline.emitted().ticket());
            assertEquals(Publisher.FAILED, pipeline.publisher().publish(event(3, 3)));
            assertEquals(Publisher.FAILED, pipeline.publisher().publish(event(3, 3), ClaimPolicy.park(TIMEOUT_NS)));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FUSED", "SPLIT", "PIPELINED", "INVOKED"})
    void shouldAcknowledgeNothingMoreWhenASyncFails(ThreadPlan plan) {
        MemoryStore store = new MemoryStore();
        try (Pipeline pipeline = Pipeline.create(context(plan).store(store))) {
            pipeline.start();
            long ticket = pipeline.publisher().publish(event(1, 1));
            assertTrue(pipeline.awaitDrained(TIMEOUT_NS));
            store.journal.failure = new IllegalStateException("disk");

            assertEquals(Outcome.FAILED, pipeline.awaitLevel(ticket, Level.SYNCED, TIMEOUT_NS));
            assertEquals(
                    "pipeline halted: stage=SYNC: IllegalStateException: disk",
                    pipeline.fault().message());
            assertEquals(-1, pipeline.synced().ticket());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FUSED", "SPLIT", "PIPELINED"})
    void shouldFailOnAnErrorOfASubscriber(ThreadPlan plan) {
        try (Pipeline pipeline = Pipeline.create(context(plan))) {
            pipeline.subscribe(TYPE, "broken", e -> {
                throw new StackOverflowError("deep");
            });
            pipeline.start();
            pipeline.publisher().publish(event(1, 1));

            assertFalse(pipeline.awaitDrained(TIMEOUT_NS));
            assertEquals(
                    "pipeline halted: stage=EMIT at sequence=0: StackOverflowError: deep",
                    pipeline.fault().message());
        }
    }

    @Test
    void shouldRecordAnErrorAndThrowItToWhoPolls() {
        try (Pipeline pipeline = Pipeline.create(context(ThreadPlan.INVOKED))) {
            pipeline.subscribe(TYPE, "broken", e -> {
                throw new StackOverflowError("deep");
            });
            pipeline.start();
            pipeline.publisher().publish(event(1, 1));

            assertThrows(StackOverflowError.class, pipeline::doWork);
            assertNotNull(pipeline.fault());
            assertEquals(0, pipeline.doWork());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FUSED", "SPLIT", "PIPELINED", "INVOKED"})
    void shouldNameTheSequenceWhereTheReplayFails(ThreadPlan plan) {
        MemoryStore store = new MemoryStore();
        try (Pipeline pipeline = Pipeline.create(
                context(ThreadPlan.INVOKED).operator(new SumOperator("sum")).store(store))) {
            pipeline.start();
            for (int id = 0; id < 10; id++) {
                pipeline.publisher().publish(event(id, id));
            }
            assertTrue(pipeline.awaitDrained(TIMEOUT_NS));
        }
        SumOperator operator = new SumOperator("sum");
        operator.failAtKey = 7;
        operator.failure = new IllegalStateException("boom");

        Pipeline pipeline = Pipeline.create(context(plan).operator(operator).store(store));
        PipelineFailedException e = assertThrows(PipelineFailedException.class, pipeline::start);

        assertEquals("pipeline halted: stage=REPLAY at sequence=7: IllegalStateException: boom", e.getMessage());
        assertEquals(Publisher.FAILED, pipeline.publisher().publish(event(11, 11)));
        pipeline.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"FUSED", "SPLIT", "PIPELINED", "INVOKED"})
    void shouldFailToStartWhenTheJournalCannotStart(ThreadPlan plan) {
        MemoryStore store = new MemoryStore();
        store.journal.startFailure = new IllegalStateException("held");
        Pipeline pipeline = Pipeline.create(context(plan).store(store));

        PipelineFailedException e = assertThrows(PipelineFailedException.class, pipeline::start);

        assertEquals("pipeline halted: stage=JOURNAL at sequence=0: IllegalStateException: held", e.getMessage());
        pipeline.close();
    }

    @Test
    void shouldRefuseAnOutboxThatTheReplayDoesNotGiveAgain() {
        MemoryStore store = new MemoryStore();
        try (Pipeline pipeline = Pipeline.create(
                context(ThreadPlan.INVOKED).operator(new SumOperator("sum")).store(store))) {
            pipeline.start();
            pipeline.publisher().publish(event(1, 1));
            assertTrue(pipeline.awaitDrained(TIMEOUT_NS));
        }
        Pipeline other = Pipeline.create(context(ThreadPlan.INVOKED).store(store));

        PipelineFailedException e = assertThrows(PipelineFailedException.class, other::start);

        assertEquals(
                "replay differs from the outbox: the last output there, operatorId="
                        + io.millrace.ring.OperatorIds.idOf("sum") + ", ordinal=0, cause sequence=0, did not come"
                        + " again (expected: the same operators as in the run that wrote it); start with the old"
                        + " configuration, or with another data directory",
                e.fault().cause().getMessage());
        other.close();
    }

    @Test
    void shouldHaltOnlyTheSubscriberWhoseDeadLettersCannotBeKept() {
        List<Long> others = Collections.synchronizedList(new ArrayList<>());
        RuntimeException rethrown = new IllegalStateException("twice the same");
        PipelineContext context = context(ThreadPlan.FUSED)
                .subscriberAttempts(2)
                .deadLetters((e, name, error, n) -> {
                    throw (RuntimeException) error;
                });
        try (Pipeline pipeline = Pipeline.create(context)) {
            AtomicLong calls = new AtomicLong();
            Subscription broken = pipeline.subscribe(TYPE, "broken", e -> {
                calls.incrementAndGet();
                throw rethrown;
            });
            pipeline.subscribe(TYPE, "sound", e -> others.add(e.key()));
            pipeline.start();
            pipeline.publisher().publish(event(1, 1));
            pipeline.publisher().publish(event(2, 2));
            assertTrue(pipeline.awaitDrained(TIMEOUT_NS));

            assertEquals(List.of(1L, 2L), others);
            assertEquals(2, calls.get());
            assertTrue(broken.isHalted());
            assertSame(rethrown, broken.haltCause());
            assertNull(pipeline.fault());
        }
    }

    @Test
    void shouldHaltASubscriberWithoutADeadLetterQueue() {
        try (Pipeline pipeline = Pipeline.create(context(ThreadPlan.FUSED))) {
            Subscription broken = pipeline.subscribe(TYPE, "broken", e -> sneak(new java.io.IOException("checked")));
            pipeline.start();
            pipeline.publisher().publish(event(1, 1));
            assertTrue(pipeline.awaitDrained(TIMEOUT_NS));

            assertEquals(
                    "cannot park dead letter: handler=broken, sequence=0, attempts=3 (expected: a dead-letter queue);"
                            + " set deadLetters, or let the handler catch what it throws",
                    broken.haltCause().getMessage());
            assertEquals("checked", broken.haltCause().getSuppressed()[0].getMessage());
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> void sneak(Throwable e) throws E {
        throw (E) e;
    }

    @ParameterizedTest
    @EnumSource(names = {"FUSED", "SPLIT", "PIPELINED", "INVOKED"})
    void shouldRefuseToWaitOnAThreadOfThePipeline(ThreadPlan plan) {
        AtomicLong level = new AtomicLong();
        AtomicLong code = new AtomicLong();
        AtomicReference<String> message = new AtomicReference<>();
        Pipeline pipeline = Pipeline.create(context(plan));
        pipeline.subscribe(TYPE, "waiting", e -> {
            level.set(pipeline.awaitLevel(5, Level.PUBLISHED, TIMEOUT_NS));
            code.set(
                    plan == ThreadPlan.INVOKED
                            ? Publisher.NOT_WRITER
                            : pipeline.publisher().publish(event(9, 9)));
            message.set(assertThrows(IllegalStateException.class, () -> pipeline.awaitDrained(TIMEOUT_NS))
                    .getMessage());
        });
        try (pipeline) {
            pipeline.start();
            pipeline.publisher().publish(event(1, 1));
            assertTrue(pipeline.awaitDrained(TIMEOUT_NS));

            assertEquals("WOULD_DEADLOCK", Outcome.describe(level.get()));
            assertEquals("NOT_WRITER", Publisher.describe(code.get()));
            assertTrue(
                    message.get()
                            .endsWith("is the pipeline's own and would wait for itself"
                                    + " (expected: another thread); await where events are published"),
                    message.get());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FUSED", "SPLIT", "PIPELINED", "INVOKED"})
    void shouldReleaseThoseWhoWaitWhenClosed(ThreadPlan plan) throws InterruptedException {
        Pipeline pipeline = Pipeline.create(context(plan));
        CountDownLatch blocked = new CountDownLatch(plan == ThreadPlan.INVOKED ? 0 : 1);
        CountDownLatch release = new CountDownLatch(1);
        pipeline.subscribe(TYPE, "slow", e -> {
            blocked.countDown();
            awaitUninterruptibly(release);
        });
        pipeline.start();
        AtomicLong code = new AtomicLong();
        Thread publisher = new Thread(() -> {
            long last;
            do {
                last = pipeline.publisher().publish(event(1, 1), ClaimPolicy.park(1_000_000));
            } while (last != Publisher.CLOSED);
            code.set(last);
        });
        if (plan != ThreadPlan.INVOKED) {
            publisher.start();
            blocked.await();
        }
        AtomicLong outcome = new AtomicLong();
        Thread waiter = new Thread(() -> outcome.set(pipeline.awaitLevel(1L << 40, Level.PUBLISHED, Long.MAX_VALUE)));
        if (plan != ThreadPlan.INVOKED) {
            waiter.start();
        }
        release.countDown();
        pipeline.close();
        pipeline.close();
        publisher.join();
        waiter.join();

        assertEquals("FAILED", Outcome.describe(pipeline.awaitLevel(1L << 40, Level.PUBLISHED, Long.MAX_VALUE)));
        if (plan != ThreadPlan.INVOKED) {
            assertEquals(Publisher.CLOSED, code.get());
            assertEquals(Outcome.FAILED, outcome.get());
            assertFalse(pipeline.awaitDrained(Long.MAX_VALUE)
                    && pipeline.published() > pipeline.emitted().ticket());
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shouldCloseWithoutHavingStarted() {
        Pipeline pipeline = Pipeline.create(new PipelineContext().name("idle"));
        pipeline.close();
        pipeline.close();

        assertEquals(
                "cannot start: pipeline=idle is started or closed (expected: before start)",
                assertThrows(IllegalStateException.class, pipeline::start).getMessage());
        assertEquals(
                "pipeline=idle is not started; call start first",
                assertThrows(IllegalStateException.class, pipeline::publisher).getMessage());
    }

    @Test
    void shouldGoOnWhenAStageThreadIsInterrupted() {
        try (Pipeline pipeline = Pipeline.create(context(ThreadPlan.FUSED))) {
            pipeline.subscribe(TYPE, "rude", e -> Thread.currentThread().interrupt());
            pipeline.start();
            for (int id = 0; id < 100; id++) {
                assertTrue(pipeline.publisher().publish(event(id, id), ClaimPolicy.park(TIMEOUT_NS)) >= 0);
            }
            assertTrue(pipeline.awaitDrained(TIMEOUT_NS));
        }
    }
}
