package io.millrace;

import static io.millrace.PipelineTest.TIMEOUT_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.dedup.LastIds;
import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.ring.ChangedConfigException;
import io.millrace.ring.ControlRecord;
import io.millrace.ring.Fault;
import io.millrace.ring.OperatorIds;
import io.millrace.ring.PipelineFailedException;
import io.millrace.ring.Replayer;
import io.millrace.ring.SyncPolicy;
import io.millrace.ring.ThreadPlan;
import io.millrace.workload.Corridor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What CONTROL records change in the past of a pipeline: skipped records, operators that came, changed or went. */
final class ChainHistoryTest {
    private static final long POISON = 777;

    private final MemoryStore store = new MemoryStore().withSnapshots();

    private static MutableEvent event(long number, long key) {
        return MutableEvent.allocate(0).id(1, number).key(key).typeId(7).timestampNs(number);
    }

    private PipelineContext context() {
        return new PipelineContext()
                .threadPlan(ThreadPlan.INVOKED)
                .ringCapacity(64)
                .maxBatchCount(8)
                .store(store);
    }

    private static SumOperator failing() {
        SumOperator sum = new SumOperator("sum");
        sum.failAtKey = POISON;
        sum.failure = new IllegalStateException("planted");
        return sum;
    }

    private static Pipeline start(PipelineContext context) {
        Pipeline pipeline = Pipeline.create(context);
        pipeline.start();
        return pipeline;
    }

    private static void publish(Pipeline pipeline, long from, long to) {
        for (long number = from; number < to; number++) {
            assertTrue(pipeline.publisher().publish(event(number, number)) >= 0);
            assertTrue(pipeline.awaitDrained(TIMEOUT_NS), () -> String.valueOf(pipeline.fault()));
        }
    }

    private static void snapshot(Pipeline pipeline) {
        long before = pipeline.snapshotSequence();
        assertTrue(pipeline.requestSnapshot());
        pipeline.publisher().onIdle(0);
        while (pipeline.snapshotSequence() == before) {
            pipeline.doWork();
        }
    }

    private List<String> outputs() {
        return store.outbox.records.stream().map(Corridor::describe).toList();
    }

    private void append(ControlRecord record) {
        store.journal.append(record.toEvent(1));
        store.journal.commit();
    }

    /** {@return outputs of the whole journal in an operator of its own} */
    private List<String> replayed(PipelineContext context) {
        List<String> outputs = new ArrayList<>();
        Replayer replayer = Pipeline.replayer(context, output -> outputs.add(Corridor.describe(output)));
        replayer.follow(store.controls());
        store.replay(replayer::take);
        replayer.flush();
        return outputs;
    }

    @ParameterizedTest
    @EnumSource(value = ThreadPlan.class, names = "AUTO", mode = EnumSource.Mode.EXCLUDE)
    void shouldJournalTheRecordAtWhichAnOperatorThrows(ThreadPlan plan) {
        long halted = halt(context().threadPlan(plan).operator(failing()));

        assertEquals(20, halted);
        assertEquals(POISON, store.journal.records.get(20).key());
    }

    @Test
    void shouldJournalTheRecordAtWhichAnOperatorThrowsWhileABatchIsSynced() {
        CountDownLatch isHalted = new CountDownLatch(1);
        store.journal.beforeSync = () -> await(isHalted);

        PipelineContext perBatch = context()
                .threadPlan(ThreadPlan.FUSED)
                .syncPolicy(SyncPolicy.PER_BATCH)
                .operator(failing());

        try (Pipeline pipeline = start(perBatch)) {
            long first = pipeline.publisher().publish(event(0, 1));
            while (pipeline.applied().ticket() < first) {
                Thread.onSpinWait();
            }
            pipeline.publisher().publish(event(1, POISON));
            assertFalse(pipeline.awaitDrained(TIMEOUT_NS));
            assertEquals(-1, pipeline.journaled().ticket());
            isHalted.countDown();
        }

        assertEquals(2, store.journal.committedCount());
        assertEquals(POISON, store.journal.records.get(1).key());
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(TIMEOUT_NS, TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** {@return the sequence at which it halts} */
    private static long halt(PipelineContext context) {
        try (Pipeline pipeline = start(context)) {
            publish(pipeline, 0, 20);
            pipeline.publisher().publish(event(20, POISON));
            pipeline.awaitDrained(TIMEOUT_NS);
            Fault fault = pipeline.fault();
            assertNotNull(fault);
            assertTrue(fault.isOfOperator());
            return fault.sequence();
        }
    }

    @Test
    void shouldHaltAtEachRestartUntilTheRecordIsSkipped() {
        halt(context().operator(failing()));

        PipelineFailedException again = assertThrows(
                PipelineFailedException.class, () -> start(context().operator(failing())));
        assertTrue(again.getMessage().contains("sequence=20"), again::getMessage);

        append(ControlRecord.skip(21, 20, "poison"));
        try (Pipeline pipeline = start(context().operator(failing()))) {
            publish(pipeline, 30, 40);
        }
        assertTrue(outputs().stream().noneMatch(output -> output.contains("cause=20 ")));
        assertEquals(replayed(context().operator(failing())), outputs());
    }

    @Test
    void shouldKnowTheIdOfASkippedRecord() {
        PipelineContext context = context().operator(failing());
        halt(context);
        append(ControlRecord.skip(21, 20, "poison"));
        try (Pipeline pipeline = start(context().dedup(new LastIds("ids", 64)).operator(failing()))) {
            pipeline.publisher().publish(event(20, POISON));
            assertTrue(pipeline.awaitDrained(TIMEOUT_NS));
            assertEquals(22, store.journal.records.size());
        }
    }

    @Test
    void shouldSkipAlsoBehindASnapshot() {
        try (Pipeline pipeline = start(context().operator(failing()))) {
            publish(pipeline, 0, 10);
            snapshot(pipeline);
            publish(pipeline, 10, 15);
            pipeline.publisher().publish(event(15, POISON));
            pipeline.awaitDrained(TIMEOUT_NS);
        }
        append(ControlRecord.skip(17, 16, "poison"));

        long stateHash;
        try (Pipeline pipeline = start(context().operator(failing()))) {
            assertEquals(10, pipeline.snapshotSequence());
            publish(pipeline, 30, 40);
            stateHash = pipeline.stateHash();
        }
        assertEquals(replayed(context().operator(failing())), outputs());
        assertNotNull(store.snapshots);
        store.snapshots.written.clear();
        try (Pipeline pipeline = start(context().operator(failing()))) {
            assertEquals(stateHash, pipeline.stateHash());
        }
    }

    @Test
    void shouldStartWhenTheSkippedRecordHadGivenOutputsBeforeItThrew() {
        store.journal.append(event(0, 5).sequence(0));
        store.journal.append(event(1, POISON).sequence(1));
        store.journal.commit();
        // What a record puts out before it throws may have left: the output ring was full.
        store.outbox.append(event(0, 5).id(3L << 32, 0));
        store.outbox.append(event(1, 5).id(3L << 32, 1));
        store.outbox.commit();
        append(ControlRecord.skip(2, 1, "poison"));

        try (Pipeline pipeline = start(context().operator(failing()))) {
            publish(pipeline, 30, 32);
        }
        assertEquals(4, store.outbox.records.size());
    }

    private static PipelineContext with(PipelineContext context, String... nameAndSettings) {
        for (int i = 0; i < nameAndSettings.length; i += 2) {
            context.operator(new SumOperator(nameAndSettings[i]), nameAndSettings[i + 1]);
        }
        return context;
    }

    private void run(long from, long to, boolean isWithSnapshot, PipelineContext context) {
        try (Pipeline pipeline = start(context)) {
            publish(pipeline, from, to);
            if (isWithSnapshot) {
                snapshot(pipeline);
            }
        }
    }

    @Test
    void shouldSayOnceWhatTheOperatorsAre() {
        run(0, 5, false, with(context(), "sum", "a=1"));
        run(5, 10, false, with(context(), "sum", "a=1"));

        List<ControlRecord> controls = store.controls();
        assertEquals(1, controls.size());
        assertEquals(-1, controls.get(0).sequence());
        assertEquals(ControlRecord.CONFIG, controls.get(0).kind());
        assertEquals(10, store.journal.records.size());
    }

    @Test
    void shouldRefuseAChangedOperator() {
        run(0, 5, false, with(context(), "sum", "a=1", "late", "b=1"));

        PipelineFailedException refused =
                assertThrows(PipelineFailedException.class, () -> start(with(context(), "sum", "a=2")));
        assertInstanceOf(ChangedConfigException.class, refused.getCause());
        assertTrue(refused.getMessage().contains("sum: a=2 (expected: a=1)"), refused::getMessage);
        assertTrue(refused.getMessage().contains("late: missing (expected: b=1)"), refused::getMessage);
        assertEquals(5, store.journal.records.size());
    }

    /** The new operator begins with the first record after the CONFIG, in every replay and behind every snapshot. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLetANewOperatorBeginWhereItCame(boolean isWithSnapshot) {
        run(0, 10, isWithSnapshot, with(context(), "sum", "a=1"));
        run(10, 20, false, with(context(), "sum", "a=1", "late", "b=1"));
        List<String> before = outputs();
        run(20, 30, false, with(context(), "sum", "a=1", "late", "b=1"));

        assertEquals(before, outputs().subList(0, before.size()));
        assertEquals(30 + 20, outputs().size());
        assertEquals(replayed(with(context(), "sum", "a=1", "late", "b=1")), outputs());
        long firstOfLate = store.outbox.records.stream()
                .filter(output -> output.idHi() >>> 32 == OperatorIds.idOf("late"))
                .mapToLong(Event::key)
                .findFirst()
                .orElseThrow();
        assertEquals(10, firstOfLate);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLetAChangedOperatorBeginEmptyWhenAllowed(boolean isWithSnapshot) {
        run(0, 10, isWithSnapshot, with(context(), "sum", "a=1", "kept", "k"));
        run(10, 20, false, with(context().reconfigure(true), "sum", "a=2", "kept", "k"));
        List<String> before = outputs();
        run(20, 25, isWithSnapshot, with(context(), "sum", "a=2", "kept", "k"));

        assertEquals(before, outputs().subList(0, before.size()));
        assertEquals(50, outputs().size());
        List<Long> sums = store.outbox.records.stream()
                .filter(output -> output.idHi() >>> 32 == OperatorIds.idOf("sum"))
                .map(Event::key)
                .toList();
        assertEquals(45, sums.get(9));
        assertEquals(10, sums.get(10));
        assertEquals(21, sums.get(11));
    }

    @Test
    void shouldForgetAnOperatorThatIsGoneWhenAllowed() {
        run(0, 10, true, with(context(), "sum", "a=1", "gone", "g"));
        run(10, 20, false, with(context().reconfigure(true), "sum", "a=1"));
        run(20, 30, true, with(context(), "sum", "a=1"));

        assertEquals(20 + 10 + 10, outputs().size());
        assertThrows(PipelineFailedException.class, () -> start(with(context(), "gone", "g")));
    }
}
