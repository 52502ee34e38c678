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
import io.millrace.ring.DeadLetters;
import io.millrace.ring.Subscription;
import io.millrace.ring.ThreadPlan;
import io.millrace.status.PipelineCounter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

/** What a subscriber that asked for order gets while events of some keys are parked. */
final class ParkedOrderTest {
    private final MemoryLetters letters = new MemoryLetters();
    private final List<String> taken = new ArrayList<>();
    private final Set<Long> poison = new HashSet<>();

    /** Dead letters in memory: handler, event, attempts. */
    private static final class MemoryLetters implements DeadLetters {
        private final List<MutableEvent> events = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();
        private final List<Long> keysBefore = new ArrayList<>();

        @Override
        public void park(Event event, String handler, Throwable error, int attempts) {
            events.add(MutableEvent.allocate(event.payloadLength()).copyFrom(event));
            notes.add("parked " + event.idLo() + " after " + attempts);
        }

        @Override
        public void redriven(long place) {
            notes.add("redriven " + events.get((int) place).idLo());
        }

        @Override
        public void failedAgain(long place, Throwable error, int attempts) {
            notes.add("failed " + events.get((int) place).idLo() + ": " + error.getMessage());
        }

        @Override
        public void forEachParkedKey(String handler, LongConsumer consumer) {
            keysBefore.forEach(consumer::accept);
        }
    }

    @Test
    void shouldParkWhatFollowsAParkedEventOfItsKey() {
        poison.add(2L);
        try (Pipeline pipeline = pipeline(10)) {
            publish(pipeline, 1, 2, 3, 4, 5, 6);

            assertEquals(List.of("1", "3", "5"), taken);
            assertEquals(List.of("parked 2 after 3", "parked 4 after 0", "parked 6 after 0"), letters.notes);
            assertEquals(3, pipeline.counters().value(PipelineCounter.DEAD_LETTERS));
        }
    }

    @Test
    void shouldGoOnInOrderOnceAllThatWasParkedIsTaken() {
        poison.add(2L);
        try (Pipeline pipeline = pipeline(10)) {
            publish(pipeline, 1, 2, 4);
            poison.clear();
            redeliver(pipeline, 0);
            publish(pipeline, 6);
            redeliver(pipeline, 1);
            redeliver(pipeline, 2);
            publish(pipeline, 8);

            assertEquals(List.of("1", "2", "4", "6", "8"), taken);
            assertEquals(3, pipeline.counters().value(PipelineCounter.EVENTS_REDRIVEN));
        }
    }

    @Test
    void shouldKeepAnEventParkedThatFailsAgain() {
        poison.add(2L);
        try (Pipeline pipeline = pipeline(10)) {
            publish(pipeline, 2);
            redeliver(pipeline, 0);
            publish(pipeline, 4);

            assertEquals(List.of(), taken);
            assertEquals(List.of("parked 2 after 3", "failed 2: poison", "parked 4 after 0"), letters.notes);
        }
    }

    @Test
    void shouldLetGoWhatWaitsBehindAnEventThatIsGivenUp() {
        poison.add(2L);
        try (Pipeline pipeline = pipeline(10)) {
            publish(pipeline, 2);
            assertTrue(pipeline.giveUp("h", letters.events.get(0), 0));
            pipeline.doWork();
            publish(pipeline, 4);

            assertEquals(List.of("4"), taken);
        }
    }

    @Test
    void shouldKnowAfterARestartWhatIsParked() {
        letters.keysBefore.add(0L);
        try (Pipeline pipeline = pipeline(10)) {
            publish(pipeline, 1, 2);

            assertEquals(List.of("1"), taken);
            assertEquals(List.of("parked 2 after 0"), letters.notes);
        }
    }

    @Test
    void shouldHaltTheHandlerWhenNoMoreMayBeParked() {
        poison.add(2L);
        Subscription[] subscription = new Subscription[1];
        List<Long> others = new ArrayList<>();
        try (Pipeline pipeline = Pipeline.create(context())) {
            subscription[0] = pipeline.subscribe(TYPE, "h", this::take).inOrder(2);
            pipeline.subscribe(TYPE, "other", e -> others.add(e.idLo()));
            pipeline.start();
            publish(pipeline, 2, 4, 1, 6, 3, 8);

            assertTrue(subscription[0].isHalted());
            assertEquals(3, subscription[0].haltSequence());
            assertEquals(
                    "cannot park dead letter: handler=h, parked=2 (expected: less than maxParkedCount=2);"
                            + " redrive or discard what is parked, then start again",
                    subscription[0].haltCause().getMessage());
            assertEquals(List.of("1"), taken);
            assertEquals(List.of(2L, 4L, 1L, 6L, 3L, 8L), others);
            assertEquals(2, letters.events.size());
        }
    }

    @Test
    void shouldNotHoldBackOtherKeysOrHandlersWithoutOrder() {
        poison.add(2L);
        try (Pipeline pipeline = Pipeline.create(context())) {
            pipeline.subscribe(TYPE, "h", this::take);
            pipeline.start();
            publish(pipeline, 2, 4, 6);

            assertEquals(List.of("4", "6"), taken);
        }
    }

    @Test
    void shouldSayThatNobodyOfThatNameTakesIt() {
        poison.add(2L);
        try (Pipeline pipeline = pipeline(10)) {
            publish(pipeline, 2);
            assertFalse(pipeline.hasSubscriber("x"));
            pipeline.redeliver("x", letters.events.get(0), 0);
            pipeline.doWork();

            assertEquals(
                    "failed 2: cannot redrive: no subscriber name=x takes typeId=" + TYPE,
                    letters.notes.get(letters.notes.size() - 1));
        }
    }

    @Test
    void shouldRefuseABoundOfNothing() {
        try (Pipeline pipeline = Pipeline.create(context())) {
            Subscription subscription = pipeline.subscribe(TYPE, "h", this::take);

            assertEquals(
                    "cannot keep order: maxParkedCount=0 (expected: at least 1); set how many events may be parked",
                    assertThrows(IllegalArgumentException.class, () -> subscription.inOrder(0))
                            .getMessage());
        }
    }

    private PipelineContext context() {
        return new PipelineContext()
                .threadPlan(ThreadPlan.INVOKED)
                .ringCapacity(16)
                .deadLetters(letters);
    }

    private Pipeline pipeline(int maxParkedCount) {
        Pipeline pipeline = Pipeline.create(context());
        pipeline.subscribe(TYPE, "h", this::take).inOrder(maxParkedCount);
        pipeline.start();
        return pipeline;
    }

    private void take(Event event) {
        if (poison.contains(event.idLo())) {
            throw new IllegalStateException("poison");
        }
        taken.add(Long.toString(event.idLo()));
    }

    /** Odd ids have key 1, even ones key 0. */
    private static void publish(Pipeline pipeline, long... ids) {
        for (long id : ids) {
            assertTrue(pipeline.publisher().publish(event(id, id % 2)) >= 0);
        }
        assertTrue(pipeline.awaitDrained(TIMEOUT_NS));
    }

    private void redeliver(Pipeline pipeline, int place) {
        assertTrue(pipeline.redeliver("h", letters.events.get(place), place));
        assertEquals(1, pipeline.doWork());
    }
}
