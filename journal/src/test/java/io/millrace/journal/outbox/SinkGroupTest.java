package io.millrace.journal.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.Pipeline;
import io.millrace.PipelineContext;
import io.millrace.Publisher;
import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.event.Outputs;
import io.millrace.journal.Journal;
import io.millrace.journal.JournalContext;
import io.millrace.journal.JournalException;
import io.millrace.journal.LogKind;
import io.millrace.journal.OutboxOverrun;
import io.millrace.journal.SinkCheckpoint;
import io.millrace.journal.SinkPosition;
import io.millrace.ring.ThreadPlan;
import io.millrace.state.Operator;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;
import io.millrace.status.Counters;
import io.millrace.status.PipelineCounter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A sink that cannot keep up is detached or has publishers refused; the ring never waits for it. */
@Timeout(60)
class SinkGroupTest {
    private static final long MAX_LENGTH = 100_000;
    private static final int OUTPUT_COUNT = 4000;
    /** Within the bound, so that a sink that waits for a core is not detached. */
    private static final int STEP_COUNT = 500;

    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(20);

    @TempDir
    Path directory;

    private final List<String> warnings = Collections.synchronizedList(new ArrayList<>());

    @Test
    void shouldDetachTheSinkThatHangsAndServeTheOthers() {
        StuckSink stuck = new StuckSink("stuck");
        ListSink fast = new ListSink("fast");
        try (Journal journal = Journal.open(context(OutboxOverrun.DETACH));
                Pipeline pipeline = pipeline(journal)) {
            pipeline.start();
            try (SinkGroup sinks = new SinkGroup(journal, pipeline.counters(), warnings::add)) {
                sinks.attach(stuck);
                sinks.attach(fast);
                sinks.start();
                for (int from = 0; from < OUTPUT_COUNT; from += STEP_COUNT) {
                    int to = from + STEP_COUNT;
                    publish(pipeline, from, to);
                    await(() -> fast.causes.size() == to);
                }
                await(() -> counter(pipeline, PipelineCounter.SINKS_DETACHED) == 1);

                assertEquals(List.of(), sinks.awaitDelivered(TIMEOUT_NS));
                assertEquals(SinkState.DETACHED, sinks.statuses().get(0).state());
                assertEquals(OUTPUT_COUNT, fast.causes.size());
                await(() ->
                        SinkCounter.IS_DETACHED.of(pipeline.counters(), "stuck").get() == 1);
                await(() -> SinkCounter.OUTPUTS_BEHIND
                                .of(pipeline.counters(), "fast")
                                .get()
                        == 0);
                await(() -> SinkCounter.OUTPUTS_BEHIND
                                .of(pipeline.counters(), "stuck")
                                .get()
                        == OUTPUT_COUNT);
                assertTrue(SinkCounter.AGE_BEHIND_NS
                                .of(pipeline.counters(), "stuck")
                                .get()
                        > 0);
                assertTrue(SinkCounter.BYTES_BEHIND
                                .of(pipeline.counters(), "stuck")
                                .get()
                        > MAX_LENGTH);
                assertEquals(0, counter(pipeline, PipelineCounter.CLAIMS_OUTBOX_FULL));
            } finally {
                stuck.release.countDown();
            }
        }
        SinkPosition left = SinkCheckpoint.list(directory, LogKind.OUTBOX).get("stuck");
        assertTrue(left.isDetached());
        assertEquals(0, left.next());
        assertTrue(warnings.get(0).startsWith("sink is detached: name=stuck, behindLength="), warnings.toString());
    }

    @Test
    void shouldGoOnWhereADetachedSinkWasAndSaySo() {
        try (Journal journal = Journal.open(context(OutboxOverrun.DETACH))) {
            append(journal, 0, 100);
        }
        try (SinkCheckpoint checkpoint = SinkCheckpoint.open(directory, LogKind.OUTBOX, "list")) {
            checkpoint.write(new SinkPosition(10, 1L << 32, 9, 1, false, 5, 0));
            checkpoint.detach(7, 100);
        }
        ListSink sink = new ListSink("list");
        try (Journal journal = Journal.open(context(OutboxOverrun.DETACH));
                SinkGroup sinks = new SinkGroup(journal, Counters.allocate(), warnings::add)) {
            sinks.attach(sink);
            assertEquals(List.of(), sinks.awaitDelivered(TIMEOUT_NS));
        }

        assertEquals(LongStream.range(10, 100).boxed().toList(), sink.causes);
        assertEquals(
                List.of("sink is attached again: name=list, it was detached with 90 records unread;"
                        + " goes on at place=10"),
                warnings);
        assertFalse(SinkCheckpoint.list(directory, LogKind.OUTBOX).get("list").isDetached());
    }

    @Test
    void shouldLetASinkCatchUpThatBeginsBeyondTheBound() {
        try (Journal journal = Journal.open(context(OutboxOverrun.DETACH))) {
            append(journal, 0, OUTPUT_COUNT);
            StuckSink sink = new StuckSink("late");
            try (SinkGroup sinks = new SinkGroup(journal, Counters.allocate(), warnings::add)) {
                SinkRunner runner = sinks.attach(sink);
                sinks.look();
                assertEquals(SinkState.DELIVERING, runner.state());
                append(journal, OUTPUT_COUNT, OUTPUT_COUNT + 1000);
                sinks.look();
                assertEquals(SinkState.DELIVERING, runner.state());
                append(journal, OUTPUT_COUNT + 1000, OUTPUT_COUNT + 2000);
                sinks.look();
                assertEquals(SinkState.DETACHED, runner.state());
            } finally {
                sink.release.countDown();
            }
        }
    }

    @Test
    void shouldRefusePublishersUntilTheSinkHasCaughtUp() {
        StuckSink sink = new StuckSink("stuck");
        try (Journal journal = Journal.open(context(OutboxOverrun.REFUSE));
                Pipeline pipeline = pipeline(journal)) {
            pipeline.start();
            try (SinkGroup sinks = new SinkGroup(journal, pipeline.counters(), warnings::add)) {
                sinks.attach(sink);
                sinks.start();
                long code = 0;
                long published = 0;
                while (code >= 0) {
                    code = pipeline.publisher().publish(event(published));
                    published += code >= 0 ? 1 : 0;
                    code = code == Publisher.BACK_PRESSURED ? 0 : code;
                }
                assertEquals(Publisher.OUTBOX_FULL, code);
                assertEquals("OUTBOX_FULL", Publisher.describe(code));
                assertTrue(pipeline.awaitDrained(TIMEOUT_NS));

                sink.release.countDown();
                long before = published;
                await(() -> pipeline.publisher().publish(event(before)) >= 0);
                assertTrue(pipeline.awaitDrained(TIMEOUT_NS));
                assertEquals(List.of(), sinks.awaitDelivered(TIMEOUT_NS));
                assertEquals(before + 1, sink.count);
                assertEquals(1, warnings.size());
                assertTrue(warnings.get(0).startsWith("publishers are refused: name=stuck"), warnings.toString());
            }
        }
    }

    @Test
    void shouldGiveAcceptedEventsToASinkOfTheJournal() {
        ListSink events = new ListSink("events");
        try (Journal journal = Journal.open(context(OutboxOverrun.DETACH));
                Pipeline pipeline = pipeline(journal)) {
            pipeline.start();
            try (SinkGroup sinks = new SinkGroup(journal, pipeline.counters(), warnings::add)) {
                sinks.attach(events, new SinkContext().source(LogKind.JOURNAL));
                publish(pipeline, 0, 500);
                assertEquals(List.of(), sinks.awaitDelivered(TIMEOUT_NS));
            }
        }

        assertEquals(LongStream.range(0, 500).boxed().toList(), events.causes);
        assertEquals(
                500,
                SinkCheckpoint.list(directory, LogKind.JOURNAL).get("events").next());
    }

    @Test
    void shouldNameTheSinkThatOnlyThrows() {
        try (Journal journal = Journal.open(context(OutboxOverrun.DETACH));
                SinkGroup sinks = new SinkGroup(journal, Counters.allocate(), warnings::add)) {
            append(journal, 0, 10);
            sinks.attach(new ListSink("broken") {
                @Override
                public void onOutput(Event output) {
                    throw new IllegalStateException("no");
                }
            });

            assertEquals(List.of("broken"), sinks.awaitDelivered(TimeUnit.MILLISECONDS.toNanos(50)));
            SinkStatus status = sinks.statuses().get(0);
            assertEquals(SinkState.RETRYING, status.state());
            assertEquals("java.lang.IllegalStateException: no", status.lastFailure());
            assertEquals(10, status.behindCount());
            assertTrue(status.failureCount() > 1);
        }
    }

    private JournalContext context(OutboxOverrun overrun) {
        return new JournalContext()
                .directory(directory)
                .blockLength(1 << 20)
                .segmentLength(1 << 20)
                .frameLength(4096)
                .outboxMaxLength(MAX_LENGTH)
                .outboxOverrun(overrun);
    }

    private static Pipeline pipeline(Journal journal) {
        return Pipeline.create(new PipelineContext()
                .threadPlan(ThreadPlan.FUSED)
                .ringCapacity(64)
                .outputRingCapacity(64)
                .operator(new EchoOperator())
                .store(journal));
    }

    private static void publish(Pipeline pipeline, long from, long to) {
        for (long id = from; id < to; id++) {
            while (pipeline.publisher().publish(event(id)) < 0) {
                Thread.onSpinWait();
            }
        }
        assertTrue(pipeline.awaitDrained(TIMEOUT_NS));
    }

    private static MutableEvent event(long id) {
        return MutableEvent.allocate(0).typeId(7).id(1, id).key(id);
    }

    private static void append(Journal journal, long from, long to) {
        MutableEvent output = MutableEvent.allocate(8);
        for (long cause = from; cause < to; cause++) {
            while (!journal.journal().append(output.sequence(cause))) {
                journal.journal().commit();
            }
        }
        journal.journal().commit();
        for (long cause = from; cause < to; cause++) {
            output.sequence(cause).id((long) journal.epoch() << 48 | 1L << 32, cause);
            while (!journal.outbox().append(output)) {
                journal.outbox().commit();
            }
        }
        journal.outbox().commit();
    }

    private static long counter(Pipeline pipeline, PipelineCounter counter) {
        return pipeline.counters().value(counter);
    }

    private static void await(BooleanSupplier condition) {
        long beganNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - beganNs < TIMEOUT_NS, "not in time");
            LockSupport.parkNanos(100_000);
        }
    }

    /** One output for each event. */
    @Test
    void shouldNotCountAsDetachedWhenThatCannotBeNoted() {
        try (Journal journal = Journal.open(context(OutboxOverrun.DETACH))) {
            SinkRunner runner = new SinkRunner(journal.context().directory(), new ListSink("list"));
            runner.close();

            assertThrows(JournalException.class, () -> runner.detach(0));
            assertEquals(SinkState.DELIVERING, runner.state());
        }
    }

    private static final class EchoOperator implements Operator {
        @Override
        public String name() {
            return "echo";
        }

        @Override
        public int maxOutputsPerStep() {
            return 1;
        }

        @Override
        public boolean advanceTo(long watermarkNs, boolean idle, Outputs outputs) {
            return true;
        }

        @Override
        public void onEvent(Event event, Outputs outputs) {
            outputs.claim(60_001, 0).key(event.key());
            outputs.commit();
        }

        @Override
        public long nextDeadlineNs() {
            return Long.MAX_VALUE;
        }

        @Override
        public void save(StateWriter writer) {}

        @Override
        public void load(StateReader reader) {}
    }

    private static class ListSink implements Sink {
        final List<Long> causes = Collections.synchronizedList(new ArrayList<>());
        private final String name;

        ListSink(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void onOutput(Event output) {
            causes.add(output.sequence());
        }
    }

    /** Hangs in its first output until it is let go. */
    private static final class StuckSink implements Sink {
        final CountDownLatch release = new CountDownLatch(1);
        volatile long count;
        private final String name;

        StuckSink(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void onOutput(Event output) throws InterruptedException {
            release.await();
            count = count + 1;
        }
    }
}
