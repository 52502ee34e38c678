package io.millrace;

import static io.millrace.PipelineTest.TIMEOUT_NS;
import static io.millrace.PipelineTest.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ring.Level;
import io.millrace.ring.Outcome;
import io.millrace.ring.SyncPolicy;
import io.millrace.ring.ThreadPlan;
import io.millrace.status.Counters;
import io.millrace.status.PipelineCounter;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is told of a level's progress, where, and what becomes of what it throws. */
final class LevelListenerTest {
    private final MemoryStore store = new MemoryStore();

    private PipelineContext context(ThreadPlan plan) {
        return new PipelineContext()
                .name("levels")
                .threadPlan(plan)
                .waitStrategy("block")
                .ringCapacity(16)
                .syncPolicy(SyncPolicy.GROUP)
                .store(store);
    }

    private static void publish(Pipeline pipeline, int count) {
        for (int i = 0; i < count; i++) {
            assertTrue(pipeline.publisher().publish(event(i, i), ClaimPolicy.park(TIMEOUT_NS)) >= 0);
        }
        assertTrue(pipeline.awaitDrained(TIMEOUT_NS), () -> String.valueOf(pipeline.fault()));
    }

    @Test
    void shouldTellEachLevelOnTheThreadThatMovesIt() {
        Map<Level, Set<String>> threads = new EnumMap<>(Level.class);
        Map<Level, AtomicLong> last = new EnumMap<>(Level.class);
        try (Pipeline pipeline = Pipeline.create(context(ThreadPlan.PIPELINED))) {
            for (Level level : Level.values()) {
                threads.put(level, ConcurrentHashMap.newKeySet());
                last.put(level, new AtomicLong(-1));
                pipeline.onLevel(level, (ticket, sequence) -> {
                    threads.get(level).add(Thread.currentThread().getName());
                    assertTrue(ticket > last.get(level).getAndSet(ticket));
                    assertTrue(sequence >= ticket);
                });
            }
            pipeline.start();
            publish(pipeline, 100);
            assertEquals(99, pipeline.awaitLevel(99, Level.SYNCED, TIMEOUT_NS));
        }
        assertEquals(
                Map.of(
                        Level.PUBLISHED, Set.of("admit-levels"),
                        Level.JOURNALED, Set.of("journal-levels"),
                        Level.SYNCED, Set.of("sync-levels")),
                threads);
        last.values().forEach(ticket -> assertEquals(99, ticket.get()));
    }

    @ParameterizedTest
    @EnumSource(names = {"FUSED", "SPLIT", "PIPELINED", "INVOKED"})
    void shouldContainWhatAListenerThrowsAndCallItAgain(ThreadPlan plan) {
        AtomicLong last = new AtomicLong();
        Pipeline pipeline = Pipeline.create(context(plan));
        try (pipeline) {
            pipeline.onLevel(Level.JOURNALED, (ticket, sequence) -> {
                last.set(ticket);
                throw new IllegalStateException("listener");
            });
            pipeline.start();
            for (int i = 0; i < 3; i++) {
                pipeline.publisher().publish(event(i, i));
                assertTrue(pipeline.awaitDrained(TIMEOUT_NS));
            }
        }
        assertEquals(2, last.get());
        assertNull(pipeline.fault());
        assertEquals(3, pipeline.counters().value(PipelineCounter.LISTENER_ERRORS));
        assertEquals(3, pipeline.errorLog().errorCount());
    }

    @ParameterizedTest
    @EnumSource(names = {"FUSED", "SPLIT", "PIPELINED"})
    void shouldHaltOnAnErrorOfAListener(ThreadPlan plan) {
        try (Pipeline pipeline = Pipeline.create(context(plan))) {
            pipeline.onLevel(Level.SYNCED, (ticket, sequence) -> {
                throw new StackOverflowError("deep");
            });
            pipeline.start();
            long ticket = pipeline.publisher().publish(event(1, 1));
            pipeline.awaitLevel(ticket, Level.SYNCED, TIMEOUT_NS);

            assertEquals(Outcome.FAILED, pipeline.awaitLevel(ticket + 1, Level.PUBLISHED, TIMEOUT_NS));
            assertEquals(
                    "pipeline halted: stage=SYNC: StackOverflowError: deep",
                    pipeline.fault().message());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FUSED", "SPLIT", "PIPELINED", "INVOKED"})
    void shouldRefuseToWaitOrPublishInAListener(ThreadPlan plan) {
        AtomicLong awaited = new AtomicLong();
        AtomicLong published = new AtomicLong();
        try (Pipeline pipeline = Pipeline.create(context(plan))) {
            pipeline.onLevel(Level.SYNCED, (ticket, sequence) -> {
                awaited.set(pipeline.awaitLevel(1_000, Level.SYNCED, TIMEOUT_NS));
                published.set(
                        plan == ThreadPlan.INVOKED
                                ? Publisher.NOT_WRITER
                                : pipeline.publisher().publish(event(9, 9)));
            });
            pipeline.start();
            long ticket = pipeline.publisher().publish(event(1, 1));
            pipeline.awaitLevel(ticket, Level.SYNCED, TIMEOUT_NS);
        }
        assertEquals(Outcome.WOULD_DEADLOCK, awaited.get());
        assertEquals(Publisher.NOT_WRITER, published.get());
    }

    @ParameterizedTest
    @EnumSource(names = {"FUSED", "SPLIT", "PIPELINED", "INVOKED"})
    void shouldTellNothingMoreAfterAFault(ThreadPlan plan) {
        AtomicLong synced = new AtomicLong(-1);
        AtomicLong toldAfter = new AtomicLong();
        try (Pipeline pipeline = Pipeline.create(context(plan))) {
            pipeline.onLevel(Level.SYNCED, (ticket, sequence) -> {
                toldAfter.addAndGet(pipeline.fault() == null ? 0 : 1);
                synced.set(ticket);
            });
            pipeline.start();
            publish(pipeline, 1);
            assertEquals(0, pipeline.awaitLevel(0, Level.SYNCED, TIMEOUT_NS));
            store.journal.beforeSync = () -> {
                throw new IllegalStateException("disk");
            };
            pipeline.publisher().publish(event(2, 2));

            assertEquals(Outcome.FAILED, pipeline.awaitLevel(1, Level.SYNCED, TIMEOUT_NS));
            assertFalse(pipeline.awaitDrained(TIMEOUT_NS));
            assertEquals(
                    "pipeline halted: stage=SYNC: IllegalStateException: disk",
                    pipeline.fault().message());
        }
        assertEquals(0, synced.get());
        assertEquals(0, toldAfter.get());
    }

    @Test
    void shouldShowTheSyncedCursorToOtherProcesses() {
        UnsafeBuffer values = new UnsafeBuffer(ByteBuffer.allocateDirect(Counters.valuesLength()));
        UnsafeBuffer metaData = new UnsafeBuffer(ByteBuffer.allocateDirect(Counters.metaDataLength()));
        try (Pipeline pipeline = Pipeline.create(context(ThreadPlan.FUSED).counters(new Counters(metaData, values)))) {
            pipeline.start();
            publish(pipeline, 10);
            pipeline.publisher().publish(event(1, 1));
            pipeline.publisher().claim(1);
            pipeline.publisher().abort();
            assertEquals(Outcome.ABORTED, pipeline.awaitLevel(11, Level.SYNCED, TIMEOUT_NS));
        }

        Map<Integer, Long> byTypeId = new HashMap<>();
        CountersReader reader = new CountersReader(metaData, values);
        reader.forEach((counterId, typeId, key, label) -> byTypeId.put(typeId, reader.getCounterValue(counterId)));
        assertEquals(11, byTypeId.get(PipelineCounter.CURSOR_SYNCED.typeId()));
        assertEquals(10, byTypeId.get(PipelineCounter.SEQUENCE_SYNCED.typeId()));
        assertEquals(11, byTypeId.get(PipelineCounter.CURSOR_JOURNALED.typeId()));
        assertEquals(10, byTypeId.get(PipelineCounter.SEQUENCE_JOURNALED.typeId()));
    }

    @Test
    void shouldSayWhyThereIsNothingToListenTo() {
        Pipeline pipeline = Pipeline.create(new PipelineContext().name("levels"));
        assertEquals(
                "cannot listen: level=SYNCED: the pipeline has no store (expected: PUBLISHED); give it a journal",
                assertThrows(IllegalArgumentException.class, () -> pipeline.onLevel(Level.SYNCED, (t, s) -> {}))
                        .getMessage());
        pipeline.start();
        assertEquals(
                "cannot listen: pipeline=levels is started or closed (expected: before start)",
                assertThrows(IllegalStateException.class, () -> pipeline.onLevel(Level.PUBLISHED, (t, s) -> {}))
                        .getMessage());
        pipeline.close();
    }
}
