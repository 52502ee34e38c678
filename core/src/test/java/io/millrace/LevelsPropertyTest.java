package io.millrace;

import static io.millrace.PipelineTest.TIMEOUT_NS;
import static io.millrace.PipelineTest.TYPE;
import static io.millrace.PipelineTest.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ring.Level;
import io.millrace.ring.Outcome;
import io.millrace.ring.SyncPolicy;
import io.millrace.ring.ThreadPlan;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Nothing that was said to have reached a level is lost by what the level is to survive: gates, policies and plans
 * drawn by a seed, over a store that fails at a drawn sync or commit and then loses its tail, as a killed process would
 * (what was not committed) or a power cut (what was not synced). A failing seed is printed;
 * {@code -Dmillrace.test.seed=SEED -Dmillrace.test.seeds=1} repeats it.
 */
final class LevelsPropertyTest {
    private static final long FIRST_SEED = TestSeed.of(LevelsPropertyTest.class);
    private static final int SEED_COUNT = Integer.getInteger("millrace.test.seeds", 300);
    private static final int EVENT_COUNT = 60;

    private int failedCount;
    private long syncedCount;

    @Test
    void shouldLoseNothingThatHadReachedALevelThatSurvives() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEED_COUNT; seed++) {
            try {
                new Run(seed).run();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed=" + seed + ": " + e.getMessage(), e);
            }
        }
        // Threads decide how many commits and syncs a run comes to: only that the two ends were seen is asked for.
        assertTrue(SEED_COUNT < 100 || failedCount > 0, "failed=" + failedCount);
        assertTrue(SEED_COUNT < 100 || syncedCount > 0, "synced=" + syncedCount);
    }

    /** One pipeline's life, death, and next life. */
    private final class Run {
        private final SplittableRandom random;
        private final MemoryStore store = new MemoryStore();
        private final ThreadPlan plan;
        private final SyncPolicy policy;
        private final Level gate;
        private final int maxBatchCount;
        private final AtomicLong journaled = new AtomicLong(-1);
        private final AtomicLong synced = new AtomicLong(-1);
        private final AtomicLong delivered = new AtomicLong(-1);
        private int syncsLeft;
        private int commitsLeft;

        Run(long seed) {
            random = new SplittableRandom(seed);
            plan = draw(ThreadPlan.FUSED, ThreadPlan.SPLIT, ThreadPlan.PIPELINED, ThreadPlan.INVOKED);
            gate = draw(Level.JOURNALED, Level.SYNCED);
            policy = draw(SyncPolicy.interval(1_000_000), SyncPolicy.GROUP, SyncPolicy.PER_BATCH, SyncPolicy.NONE);
            maxBatchCount = 1 + random.nextInt(12);
            syncsLeft = random.nextInt(2 * EVENT_COUNT);
            commitsLeft = random.nextInt(4 * EVENT_COUNT);
        }

        @SafeVarargs
        private <T> T draw(T... from) {
            return from[random.nextInt(from.length)];
        }

        private PipelineContext context() {
            boolean isNeverSynced = policy.equals(SyncPolicy.NONE) && gate == Level.SYNCED;
            return new PipelineContext()
                    .ringCapacity(16)
                    .maxBatchCount(maxBatchCount)
                    .gate(gate)
                    .syncPolicy(isNeverSynced ? SyncPolicy.GROUP : policy)
                    .operator(new SumOperator("sum"))
                    .store(store);
        }

        void run() {
            store.journal.beforeSync = () -> failAt(--syncsLeft, "sync");
            store.journal.beforeCommit = () -> failAt(--commitsLeft, "commit");
            try (Pipeline pipeline = Pipeline.create(context().threadPlan(plan).waitStrategy("block"))) {
                listen(pipeline);
                pipeline.start();
                publishAll(pipeline);
                failedCount += pipeline.fault() == null ? 0 : 1;
            }
            syncedCount += synced.get() >= 0 ? 1 : 0;
            check();
            loseTailAndStartAgain();
        }

        private void failAt(int left, String what) {
            if (left < 0) {
                throw new IllegalStateException("cannot " + what);
            }
        }

        private void listen(Pipeline pipeline) {
            pipeline.onLevel(Level.JOURNALED, (ticket, sequence) -> journaled.set(sequence));
            pipeline.onLevel(Level.SYNCED, (ticket, sequence) -> synced.set(sequence));
            pipeline.subscribe(TYPE, "events", e -> delivered.set(e.sequence()));
            pipeline.subscribe(SumOperator.TYPE, "sums", e -> delivered.set(e.idLo()));
        }

        private void publishAll(Pipeline pipeline) {
            for (int id = 0; id < EVENT_COUNT && pipeline.fault() == null; id++) {
                long ticket = pipeline.publisher().publish(event(id, 1));
                while (ticket == Publisher.BACK_PRESSURED) {
                    poll(pipeline);
                    ticket = pipeline.publisher().publish(event(id, 1));
                }
                if (ticket >= 0 && random.nextInt(8) == 0) {
                    await(pipeline, ticket, draw(Level.JOURNALED, Level.SYNCED));
                }
                if (random.nextInt(3) == 0) {
                    poll(pipeline);
                }
            }
        }

        private void poll(Pipeline pipeline) {
            if (plan == ThreadPlan.INVOKED) {
                pipeline.doWork();
            } else {
                Thread.yield();
            }
        }

        /** A synchronous acknowledgement counts like one that a listener was told. */
        private void await(Pipeline pipeline, long ticket, Level level) {
            long outcome = pipeline.awaitLevel(ticket, level, TIMEOUT_NS);
            assertTrue(Outcome.isAccepted(outcome) || outcome == Outcome.FAILED, () -> Outcome.describe(outcome));
            if (outcome == Outcome.FAILED) {
                assertNotNull(pipeline.fault());
            } else {
                int count = level == Level.SYNCED ? store.journal.durableCount : store.journal.committedCount();
                assertTrue(Outcome.sequence(outcome) < count, level + " of " + outcome + " with " + count);
            }
        }

        private void check() {
            int committed = store.journal.committedCount();
            int durable = store.journal.durableCount;
            String what = plan + ", " + policy + ", gate " + gate + ", committed=" + committed + ", durable=" + durable;
            boolean isPerBatch = context().syncPolicy().equals(SyncPolicy.PER_BATCH);
            assertTrue(journaled.get() < (isPerBatch ? durable : committed), "journaled=" + journaled + ": " + what);
            assertTrue(synced.get() < durable, "synced=" + synced + ": " + what);
            boolean isGatedBySync = gate == Level.SYNCED || isPerBatch;
            assertTrue(delivered.get() < (isGatedBySync ? durable : committed), "delivered=" + delivered + ": " + what);
            assertTrue(!isPerBatch || committed - durable <= maxBatchCount, what);
        }

        private void loseTailAndStartAgain() {
            int durable = store.journal.durableCount;
            int kept = durable + random.nextInt(store.journal.committedCount() - durable + 1);
            store.loseTail(kept, random.nextInt(store.outbox.records.size() + 1));
            store.journal.beforeSync = () -> {};
            store.journal.beforeCommit = () -> {};
            try (Pipeline pipeline = Pipeline.create(context().threadPlan(ThreadPlan.INVOKED))) {
                pipeline.start();
                assertEquals(kept, pipeline.recoveredCount());
                long ticket = pipeline.publisher().publish(event(1_000, 1));
                assertEquals(kept, Outcome.sequence(pipeline.awaitLevel(ticket, Level.SYNCED, TIMEOUT_NS)));
            }
            List<Long> sequences = store.journal.records.stream()
                    .map(record -> record.sequence())
                    .toList();
            assertEquals(kept + 1, sequences.size());
            assertEquals(kept, sequences.get(kept));
        }
    }
}
