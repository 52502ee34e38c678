package io.millrace;

import static io.millrace.PipelineTest.TIMEOUT_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.ring.Level;
import io.millrace.ring.Snapshot;
import io.millrace.ring.SnapshotPolicy;
import io.millrace.ring.ThreadPlan;
import io.millrace.state.StateImage;
import io.millrace.status.PipelineCounter;
import io.millrace.workload.Corridor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A snapshot is the state after one sequence, and a restart from it goes on as if nothing had happened. */
final class SnapshotTest {
    private static final List<MutableEvent> EVENTS = Corridor.events(400);

    private static PipelineContext context(MemoryStore store) {
        return Corridor.operators(new PipelineContext())
                .operator(new SumOperator("sum"))
                .ringCapacity(64)
                .outputRingCapacity(32)
                .maxBatchCount(16)
                .store(store);
    }

    private static Pipeline start(PipelineContext context) {
        Pipeline pipeline = Pipeline.create(context);
        pipeline.start();
        return pipeline;
    }

    private static void publish(Pipeline pipeline, List<MutableEvent> events) {
        for (MutableEvent event : events) {
            long ticket = pipeline.publisher().publish(event);
            while (ticket == Publisher.BACK_PRESSURED) {
                idle(pipeline);
                ticket = pipeline.publisher().publish(event);
            }
            assertTrue(ticket >= 0, () -> "fault=" + pipeline.fault());
        }
    }

    private static void idle(Pipeline pipeline) {
        if (pipeline.threadPlan() != ThreadPlan.INVOKED || pipeline.doWork() == 0) {
            Thread.yield();
        }
    }

    private static void drain(Pipeline pipeline) {
        assertTrue(pipeline.awaitDrained(TIMEOUT_NS), () -> String.valueOf(pipeline.fault()));
    }

    /** Takes one and waits until it counts. */
    private static long snapshot(Pipeline pipeline) {
        long before = pipeline.snapshotSequence();
        assertTrue(pipeline.requestSnapshot());
        pipeline.publisher().onIdle(EVENTS.get(0).timestampNs());
        long beganNs = System.nanoTime();
        while (pipeline.snapshotSequence() == before) {
            idle(pipeline);
            assertNull(pipeline.fault());
            assertTrue(System.nanoTime() - beganNs < TIMEOUT_NS);
        }
        return pipeline.snapshotSequence();
    }

    private static List<String> outputs(MemoryStore store) {
        return store.outbox.records.stream().map(Corridor::describe).toList();
    }

    private static Stream<Arguments> plansAndGates() {
        List<Arguments> all = new ArrayList<>();
        for (ThreadPlan plan : ThreadPlan.values()) {
            for (Level gate : Level.values()) {
                if (plan != ThreadPlan.AUTO) {
                    all.add(Arguments.of(plan, gate));
                }
            }
        }
        return all.stream();
    }

    /** The journal of the run with snapshots, from the beginning, in a pipeline that keeps none. */
    private static void assertSameAsFullReplay(MemoryStore store, long stateHash) {
        MemoryStore replayed = new MemoryStore();
        replayed.journal.records.addAll(store.journal.records);
        try (Pipeline pipeline = start(context(replayed).threadPlan(ThreadPlan.INVOKED))) {
            assertEquals(outputs(replayed), outputs(store));
            assertEquals(pipeline.stateHash(), stateHash);
        }
    }

    @ParameterizedTest
    @MethodSource("plansAndGates")
    void shouldGiveTheSameOutputsAndStateWhenEachStartBeginsFromASnapshot(ThreadPlan plan, Level gate) {
        MemoryStore store = new MemoryStore().withSnapshots();
        assertNotNull(store.snapshots);
        int every = 37;
        long stateHash = 0;
        for (int from = 0; from < EVENTS.size(); from += every) {
            try (Pipeline pipeline = start(context(store).threadPlan(plan).gate(gate))) {
                assertEquals(
                        store.snapshots.written.isEmpty() ? -1 : store.snapshots.written.lastKey(),
                        pipeline.snapshotSequence());
                int middle = Math.min(EVENTS.size(), from + every / 2);
                publish(pipeline, EVENTS.subList(from, middle));
                snapshot(pipeline);
                publish(pipeline, EVENTS.subList(middle, Math.min(EVENTS.size(), from + every)));
                drain(pipeline);
                stateHash = pipeline.stateHash();
            }
        }

        assertEquals(11, store.snapshots.written.size());
        assertEquals(List.of(), store.snapshots.passedOver());
        assertSameAsFullReplay(store, stateHash);
    }

    @Test
    void shouldReplayOnlyTheTailWhenASnapshotIsThere() {
        MemoryStore store = new MemoryStore().withSnapshots();
        try (Pipeline pipeline = start(context(store))) {
            publish(pipeline, EVENTS.subList(0, 100));
            snapshot(pipeline);
            publish(pipeline, EVENTS.subList(100, 110));
            drain(pipeline);
        }

        try (Pipeline pipeline = start(context(store))) {
            assertEquals(10, pipeline.recoveredCount());
        }
    }

    @Test
    void shouldKnowTheIdsFromBeforeTheSnapshot() {
        MemoryStore store = new MemoryStore().withSnapshots();
        try (Pipeline pipeline = start(context(store))) {
            publish(pipeline, EVENTS.subList(0, 50));
            snapshot(pipeline);
        }
        int journaled = store.journal.records.size();

        try (Pipeline pipeline = start(context(store))) {
            publish(pipeline, EVENTS.subList(0, 50));
            drain(pipeline);
        }
        assertEquals(journaled, store.journal.records.size());
    }

    @Test
    void shouldPutTheCutAtTheEndOfAFrame() {
        MemoryStore store = new MemoryStore().withSnapshots();
        try (Pipeline pipeline =
                start(context(store).threadPlan(ThreadPlan.INVOKED).maxBatchCount(512))) {
            publish(pipeline, EVENTS.subList(0, 20));
            assertTrue(pipeline.requestSnapshot());
            publish(pipeline, EVENTS.subList(20, 40));
            drain(pipeline);
            Event cut = store.journal.records.stream()
                    .filter(record -> record.hasAny(Event.SNAPSHOT))
                    .findFirst()
                    .orElseThrow();
            assertTrue(
                    store.journal.frameEnds.contains(cut.sequence()),
                    () -> "frames end at " + store.journal.frameEnds + ", cut=" + cut.sequence());
        }
    }

    @Test
    void shouldCountOnlyWhenJournalAndOutboxAreSyncedThroughIt() {
        MemoryStore store = new MemoryStore().withSnapshots();
        assertNotNull(store.snapshots);
        List<String> wrong = new ArrayList<>();
        store.snapshots.beforeWrite = () -> {
            if (store.journal.durableCount < store.journal.records.size()) {
                wrong.add("journal: synced=" + store.journal.durableCount);
            }
            if (store.outbox.durableCount < store.outbox.records.size()) {
                wrong.add("outbox: synced=" + store.outbox.durableCount);
            }
        };
        try (Pipeline pipeline = start(context(store).threadPlan(ThreadPlan.INVOKED))) {
            publish(pipeline, EVENTS.subList(0, 60));
            snapshot(pipeline);
            Snapshot snapshot = store.snapshots.written.lastEntry().getValue();
            assertEquals(store.outbox.records.size(), snapshot.outputPlace());
            assertEquals(store.outbox.last().idHi(), snapshot.lastOutputIdHi());
            assertEquals(store.outbox.last().idLo(), snapshot.lastOutputIdLo());
        }

        assertEquals(List.of(), wrong);
    }

    @Test
    void shouldTakeTheStateHashOfThePipelineWithIt() {
        MemoryStore store = new MemoryStore().withSnapshots();
        assertNotNull(store.snapshots);
        try (Pipeline pipeline = start(context(store))) {
            publish(pipeline, EVENTS.subList(0, 60));
            snapshot(pipeline);
            StateImage state = store.snapshots.written.lastEntry().getValue().state();
            assertEquals(pipeline.stateHash(), state.stateHash());
        }
    }

    @Test
    void shouldTakeOneByItselfWhenSoManyRecordsHaveCome() {
        MemoryStore store = new MemoryStore().withSnapshots();
        assertNotNull(store.snapshots);
        try (Pipeline pipeline =
                start(context(store).threadPlan(ThreadPlan.INVOKED).snapshots(new SnapshotPolicy(100, 0, 0)))) {
            publish(pipeline, EVENTS);
            drain(pipeline);
        }
        assertTrue(store.snapshots.written.size() >= 2, () -> "written=" + store.snapshots.written.keySet());
    }

    @Test
    void shouldGoOnWithoutASnapshotThatCannotBeWritten() {
        MemoryStore store = new MemoryStore().withSnapshots();
        assertNotNull(store.snapshots);
        store.snapshots.failure = new IllegalStateException("no room");
        try (Pipeline pipeline = start(context(store).threadPlan(ThreadPlan.INVOKED))) {
            publish(pipeline, EVENTS.subList(0, 60));
            assertTrue(pipeline.requestSnapshot());
            publish(pipeline, EVENTS.subList(60, 100));
            drain(pipeline);
            while (pipeline.counters().counter(PipelineCounter.SNAPSHOTS_FAILED).get() == 0) {
                pipeline.doWork();
            }
            store.snapshots.failure = null;
            snapshot(pipeline);
            assertEquals(1, store.snapshots.written.size());
        }
    }

    @Test
    void shouldFallBackToTheOlderSnapshotWhenStateDoesNotFit() {
        MemoryStore store = new MemoryStore().withSnapshots();
        assertNotNull(store.snapshots);
        long first;
        long stateHash;
        try (Pipeline pipeline = start(context(store))) {
            publish(pipeline, EVENTS.subList(0, 60));
            first = snapshot(pipeline);
            publish(pipeline, EVENTS.subList(60, 120));
            snapshot(pipeline);
            publish(pipeline, EVENTS.subList(120, 130));
            drain(pipeline);
            stateHash = pipeline.stateHash();
        }
        StateImage newest = store.snapshots.written.lastEntry().getValue().state();
        StateImage.Section sum = newest.find("operator/sum");
        assertNotNull(sum);
        sum.state().putLong(1);

        try (Pipeline pipeline = start(context(store))) {
            assertEquals(first, pipeline.snapshotSequence());
            assertEquals(stateHash, pipeline.stateHash());
            assertEquals(1, store.snapshots.passedOver().size());
        }
        assertSameAsFullReplay(store, stateHash);
    }

    @Test
    void shouldReplayEverythingWhenNoSnapshotHasTheOperator() {
        MemoryStore store = new MemoryStore().withSnapshots();
        assertNotNull(store.snapshots);
        try (Pipeline pipeline = start(context(store))) {
            publish(pipeline, EVENTS.subList(0, 60));
            snapshot(pipeline);
        }

        try (Pipeline pipeline =
                start(context(store).operator(new SumOperator("another")).threadPlan(ThreadPlan.INVOKED))) {
            assertEquals(61, pipeline.recoveredCount());
            assertTrue(store.snapshots.passedOver().get(0).contains("operator/another"));
        }
    }

    @Test
    void shouldRefuseASecondSnapshotWhileOneIsUnderWay() {
        MemoryStore store = new MemoryStore().withSnapshots();
        try (Pipeline pipeline = start(context(store).threadPlan(ThreadPlan.INVOKED))) {
            assertTrue(pipeline.requestSnapshot());
            assertFalse(pipeline.requestSnapshot());
        }
    }

    @Test
    void shouldRefuseSnapshotsWithoutAPlaceForThem() {
        try (Pipeline pipeline = start(context(new MemoryStore()))) {
            assertFalse(pipeline.requestSnapshot());
        }
    }
}
