package io.millrace.journal.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.Pipeline;
import io.millrace.PipelineContext;
import io.millrace.journal.Journal;
import io.millrace.journal.replay.ReplayRange.Unit;
import io.millrace.journal.snapshot.SnapshotDirectory;
import io.millrace.ring.SnapshotPolicy;
import io.millrace.ring.ThreadPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots that a second set of stages takes behind the live one. */
final class FollowerTest {
    private static final long EVENT_COUNT = 3_000;
    private static final long TIMEOUT_NS = 20_000_000_000L;

    @TempDir
    private Path directory;

    private static void await(BooleanSupplier condition) {
        long beganNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - beganNs < TIMEOUT_NS, "timed out");
            Thread.onSpinWait();
        }
    }

    private static PipelineContext live() {
        return new PipelineContext()
                .threadPlan(ThreadPlan.FUSED)
                .ringCapacity(256)
                .operator(new Steps.Sum(5));
    }

    private static void publish(Pipeline pipeline, long from, long to) {
        for (long number = from; number < to; number++) {
            while (pipeline.publisher().publish(Steps.event(number)) < 0) {
                Thread.onSpinWait();
            }
        }
    }

    private static Follower follower(Journal journal, AtomicLong emitted) {
        return new Follower(journal, live(), new SnapshotPolicy(500, 0, 0), emitted::get, 1);
    }

    @Test
    void shouldTakeSnapshotsFromWhichAStartGoesOn() {
        long stateHash;
        try (Journal journal = Journal.open(Steps.journal(directory));
                Pipeline pipeline = Pipeline.create(live().store(journal))) {
            pipeline.start();
            AtomicLong any = new AtomicLong(Long.MAX_VALUE);
            try (Follower follower = follower(journal, any)) {
                follower.start();
                publish(pipeline, 0, EVENT_COUNT);
                assertTrue(pipeline.awaitDrained(TIMEOUT_NS));
                await(() -> follower.sequence() == EVENT_COUNT - 1 && follower.snapshotSequence() > EVENT_COUNT - 501);
                assertNull(follower.fault());
            }
            stateHash = pipeline.stateHash();
        }

        try (Journal journal = Journal.open(Steps.journal(directory));
                Pipeline pipeline = Pipeline.create(live().store(journal))) {
            pipeline.start();

            assertTrue(pipeline.recoveredCount() < 500, () -> "recovered=" + pipeline.recoveredCount());
            assertEquals(stateHash, pipeline.stateHash());
            publish(pipeline, EVENT_COUNT, EVENT_COUNT + 100);
            assertTrue(pipeline.awaitDrained(TIMEOUT_NS));
        }
        ReplayComparison compared = ReplayComparison.run(directory, FollowerTest::live, ReplayRange.ALL);
        assertNull(compared.divergence(), () -> String.valueOf(compared.divergence()));
        assertEquals((EVENT_COUNT + 100) / 2, compared.checkedCount());
        assertTrue(compared.stateCount() > 0);
    }

    @Test
    void shouldCountNoSnapshotBeforeItsOutputsAreEmitted() throws Exception {
        try (Journal journal = Journal.open(Steps.journal(directory));
                Pipeline pipeline = Pipeline.create(live().store(journal))) {
            pipeline.start();
            AtomicLong emitted = new AtomicLong(EVENT_COUNT - 2);
            try (Follower follower = follower(journal, emitted)) {
                publish(pipeline, 0, EVENT_COUNT);
                assertTrue(pipeline.awaitDrained(TIMEOUT_NS));
                follower.start();
                await(() -> follower.sequence() == EVENT_COUNT - 1);

                assertEquals(-1, follower.snapshotSequence());
                assertEquals(List.of(), new SnapshotDirectory(directory).sequences());
                emitted.set(EVENT_COUNT - 1);
                await(() -> follower.snapshotSequence() == EVENT_COUNT - 1);
            }
        }

        assertEquals(List.of(EVENT_COUNT - 1), new SnapshotDirectory(directory).sequences());
    }

    @Test
    void shouldTakeSnapshotsThatCountBehindAChangeOfOperators() {
        Steps.run(directory, configured(5), 0, 100);
        try (Journal journal = Journal.open(Steps.journal(directory));
                Pipeline pipeline =
                        Pipeline.create(configured(8).reconfigure(true).store(journal))) {
            pipeline.start();
            try (Follower follower = new Follower(
                    journal, configured(8), new SnapshotPolicy(1, 0, 0), pipeline.emitted()::sequence, 1)) {
                follower.start();
                publish(pipeline, 100, 1000);
                while (follower.snapshotSequence() < 1000 && pipeline.doWork() >= 0) {
                    assertNull(follower.fault());
                }
            }
        }

        try (Journal journal = Journal.open(Steps.journal(directory));
                Pipeline pipeline = Pipeline.create(configured(8).store(journal))) {
            pipeline.start();

            assertEquals(
                    0,
                    pipeline.recoveredCount(),
                    () -> String.valueOf(journal.snapshots().passedOver()));
        }
    }

    private static PipelineContext configured(long threshold) {
        return new PipelineContext()
                .threadPlan(ThreadPlan.INVOKED)
                .ringCapacity(2048)
                .operator(new Steps.Sum(threshold), "threshold=" + threshold);
    }

    @Test
    void shouldReplayARangeFromTheSnapshotBeforeIt() {
        shouldTakeSnapshotsFromWhichAStartGoesOn();
        List<String> fromSnapshot = new ArrayList<>();
        List<String> fromBeginning = new ArrayList<>();
        ReplayRange range = new ReplayRange(Unit.SEQUENCE, EVENT_COUNT, EVENT_COUNT + 99);

        try (ReplaySession session =
                ReplaySession.open(directory, live(), range, output -> fromSnapshot.add(Steps.describe(output)))) {
            session.run(ReplayPace.max());
        }
        try (ReplaySession session = ReplaySession.open(directory, live(), ReplayRange.ALL, output -> {
            if (output.idLo() >= EVENT_COUNT) {
                fromBeginning.add(Steps.describe(output));
            }
        })) {
            session.run(ReplayPace.max());
        }

        assertEquals(50, fromSnapshot.size());
        assertEquals(fromBeginning, fromSnapshot);
    }
}
