package io.millrace;

import static io.millrace.PipelineTest.TIMEOUT_NS;
import static io.millrace.pattern.EventPattern.count;
import static io.millrace.pattern.EventPattern.distinct;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.event.MutableEvent;
import io.millrace.event.SystemTypes;
import io.millrace.pattern.EventPattern;
import io.millrace.pattern.MatchMode;
import io.millrace.pattern.Pattern;
import io.millrace.pattern.PatternLimits;
import io.millrace.pattern.PatternMatch;
import io.millrace.pattern.PatternOperator;
import io.millrace.pattern.ThresholdOperator;
import io.millrace.ring.ThreadPlan;
import io.millrace.status.PipelineCounter;
import io.millrace.window.Aggregate;
import io.millrace.window.AggregateOperator;
import io.millrace.window.AggregateSpec;
import io.millrace.window.LateEvent;
import io.millrace.window.LatePolicy;
import io.millrace.window.ReorderBuffer;
import io.millrace.window.ReorderSpec;
import io.millrace.window.Window;
import io.millrace.window.WindowOperator;
import io.millrace.window.WindowSpec;
import io.millrace.workload.Arrival;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Sources that are apart, fall silent and come back, events out of order and late, ticks, overflowing buffers: what a
 * pipeline gives live, a replay gives again, whatever the batches, and from a snapshot after each so many records.
 */
final class EventTimePropertyTest {
    private static final int CASE_COUNT = 4;
    private static final int STEP_COUNT = 250;

    private final long seed = TestSeed.of(EventTimePropertyTest.class);

    @Test
    void shouldGiveTheSameInAReplayWhateverTheBatchesAndSnapshots() {
        Sum sum = new Sum();
        for (long caseSeed = seed; caseSeed < seed + CASE_COUNT; caseSeed++) {
            try {
                check(caseSeed, sum);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("replay with -Dmillrace.test.seed=" + caseSeed, e);
            }
        }
        sum.assertAllHappened();
    }

    private void check(long caseSeed, Sum sum) {
        Live live = new Live(caseSeed);
        live.run();
        sum.add(live);
        for (int maxBatchCount : new int[] {1, 7, 512}) {
            assertSame(live, maxBatchCount, 0);
        }
        for (int interval : new int[] {1, 2 + Math.floorMod(caseSeed, 9)}) {
            assertSame(live, 3, interval);
        }
    }

    private static void assertSame(Live live, int maxBatchCount, int restoreInterval) {
        new RestoredReplay(() -> context(live.caseSeed).maxBatchCount(maxBatchCount), live.store, restoreInterval)
                .assertSame(live.stateHash);
    }

    /** The settings that decide what comes out, drawn from a seed. */
    private static PipelineContext context(long caseSeed) {
        Random random = TestSeed.random(caseSeed);
        PipelineContext context = new PipelineContext()
                .maxPayloadLength(8)
                .ringCapacity(32)
                .outputRingCapacity(1024)
                .outOfOrdernessNs(random.nextInt(3) * 10L)
                .maxSources(1 + random.nextInt(3) * 2)
                .idleAdvance(random.nextBoolean())
                .reorderCapacity(random.nextBoolean() ? 3 : 200);
        LatePolicy late = random.nextBoolean() ? LatePolicy.SIDE_OUTPUT : LatePolicy.DROP;
        LatePolicy update = LatePolicy.update(random.nextInt(30), NANOSECONDS).withSideOutput();
        int slideNs = 1 + random.nextInt(4);
        return context.operator(aggregates("sessions", Window.session(3L + random.nextInt(9), NANOSECONDS), update))
                .operator(aggregates("hops", Window.hopping(4L * slideNs, NANOSECONDS, slideNs, NANOSECONDS), update))
                .operator(aggregates("counts", Window.count(3, 2), late))
                .operator(aggregates("last", Window.sliding(10, NANOSECONDS), late))
                .operator(window("windows", slideNs))
                .operator(new ReorderBuffer(
                        window("windows in order", slideNs), new ReorderSpec(1 + random.nextInt(20), 8, late)))
                .operator(new ThresholdOperator(EventPattern.named("threshold")
                        .where(count(Arrival.TYPE).ge(2 + random.nextInt(3)))
                        .where(distinct(Arrival.VALUE).ge(2))
                        .within(10L + random.nextInt(20), NANOSECONDS)
                        .mode(MatchMode.values()[random.nextInt(3)])
                        .maxKeys(8)
                        .maxEvents(256)
                        .build()))
                .operator(new PatternOperator(Pattern.begin("a")
                        .where("idLo == 0")
                        .followedBy("b")
                        .where("idLo == 1")
                        .notFollowedBy("n")
                        .where("idLo == 2")
                        .within(5L + random.nextInt(20), NANOSECONDS)
                        .limits(PatternLimits.defaults()
                                .maxKeys(8)
                                .maxRunsPerKey(16)
                                .maxRuns(64)
                                .maxNodes(256)
                                .maxEventsPerMatch(64)
                                .maxWaitingMatches(32)
                                .maxOutputsPerStep(4))
                        .named("pattern")
                        .build()));
    }

    private static AggregateOperator aggregates(String name, Window window, LatePolicy late) {
        AggregateSpec.Builder settings = AggregateSpec.named(name)
                .over(Arrival.TYPE)
                .window(window)
                .aggregate(Aggregate.count("events"), Aggregate.sum("total").of(Arrival.VALUE))
                .late(late)
                .maxKeys(5);
        // State is made anew at each restore: little of it.
        return AggregateOperator.of((window.kind() == Window.Kind.COUNT ? settings : settings.maxPanes(256)).build());
    }

    private static WindowOperator window(String name, int slideNs) {
        return new WindowOperator(WindowSpec.named(name)
                .over(Arrival.TYPE)
                .value(Arrival.VALUE)
                .size(4L * slideNs, NANOSECONDS)
                .slide(slideNs, NANOSECONDS)
                .maxKeys(5)
                .sweepBudget(2)
                .build());
    }

    /** A pipeline that is fed at random. */
    private static final class Live {
        private final long caseSeed;
        private final Random random;
        private final MemoryStore store = new MemoryStore();
        private final MutableEvent event = MutableEvent.allocate(8);
        private final long[] timesNs = new long[4];
        private long nowNs = 1_000;
        private long stateHash;
        private long lateCount;
        private long forcedCount;
        private long heldCount;
        private long untrackedCount;

        Live(long caseSeed) {
            this.caseSeed = caseSeed;
            this.random = TestSeed.random(~caseSeed);
        }

        void run() {
            PipelineContext context = context(caseSeed)
                    .threadPlan(ThreadPlan.INVOKED)
                    .store(store)
                    .epochClock(() -> nowNs);
            try (Pipeline pipeline = Pipeline.create(context)) {
                pipeline.start();
                Arrays.fill(timesNs, nowNs);
                for (int i = 0; i < STEP_COUNT; i++) {
                    step(pipeline, i);
                }
                assertTrue(pipeline.awaitDrained(TIMEOUT_NS));
                stateHash = pipeline.stateHash();
                lateCount = pipeline.watermark().lateCount();
                forcedCount = pipeline.counters()
                        .counter(PipelineCounter.REORDER_FORCED)
                        .get();
                heldCount = pipeline.counters()
                        .counter(PipelineCounter.REORDER_HELD)
                        .get();
                untrackedCount = pipeline.counters()
                        .counter(PipelineCounter.EVENTS_UNTRACKED)
                        .get();
            }
        }

        private void step(Pipeline pipeline, int i) {
            nowNs += random.nextInt(4);
            int sourceId = random.nextInt(timesNs.length);
            switch (random.nextInt(25)) {
                case 0 -> pipeline.publisher().idle(sourceId);
                case 1 -> pipeline.requestIdle(sourceId);
                case 2 -> pipeline.publisher().active(sourceId);
                case 3 -> {
                    assertTrue(pipeline.awaitDrained(TIMEOUT_NS));
                    nowNs += random.nextInt(30);
                    pipeline.publisher().onIdle(nowNs);
                }
                case 4 -> endNowAndThen(pipeline);
                default -> publish(pipeline, i, sourceId);
            }
            if (random.nextInt(3) == 0) {
                pipeline.doWork();
            }
        }

        private void endNowAndThen(Pipeline pipeline) {
            if (random.nextInt(40) == 0) {
                pipeline.publisher().end();
            }
        }

        private void publish(Pipeline pipeline, int i, int sourceId) {
            timesNs[sourceId] = Math.max(timesNs[sourceId] + random.nextInt(3), nowNs - 20 - random.nextInt(40));
            long behindNs = random.nextInt(4) == 0 ? random.nextInt(30) : 0;
            int typeId = random.nextInt(10) == 0 ? Arrival.OTHER_TYPE.id() : Arrival.TYPE.id();
            new Arrival(i, typeId, random.nextInt(3), timesNs[sourceId] - behindNs, random.nextInt(3)).to(event);
            event.sourceId(sourceId);
            while (pipeline.publisher().publish(event) < 0) {
                pipeline.doWork();
            }
        }
    }

    /** What happened in all cases together: a test of nothing would pass too. */
    private static final class Sum {
        private long lateCount;
        private long forcedCount;
        private long heldCount;
        private long untrackedCount;
        private long tickCount;
        private long markerCount;
        private long lateOutputCount;
        private long patternMatchCount;
        private long outputCount;

        void add(Live live) {
            lateCount += live.lateCount;
            forcedCount += live.forcedCount;
            heldCount += live.heldCount;
            untrackedCount += live.untrackedCount;
            tickCount += count(live.store.journal, SystemTypes.TICK);
            markerCount += count(live.store.journal, SystemTypes.SOURCE_IDLE)
                    + count(live.store.journal, SystemTypes.SOURCE_ACTIVE);
            lateOutputCount += count(live.store.outbox, LateEvent.TYPE_ID);
            patternMatchCount += count(live.store.outbox, PatternMatch.TYPE_ID);
            outputCount += live.store.outbox.records.size();
        }

        private static long count(MemoryStore.MemoryLog log, int typeId) {
            return log.records.stream()
                    .filter(record -> record.typeId() == typeId)
                    .count();
        }

        void assertAllHappened() {
            assertTrue(lateCount > 100, () -> "late=" + lateCount);
            assertTrue(forcedCount > 10, () -> "forced=" + forcedCount);
            assertTrue(heldCount > 100, () -> "held=" + heldCount);
            assertTrue(untrackedCount > 0, () -> "untracked=" + untrackedCount);
            assertTrue(tickCount > 0, () -> "ticks=" + tickCount);
            assertTrue(markerCount > 100, () -> "markers=" + markerCount);
            assertTrue(lateOutputCount > 10, () -> "lateOutputs=" + lateOutputCount);
            assertTrue(patternMatchCount > 10, () -> "patternMatches=" + patternMatchCount);
            assertTrue(outputCount > 1_000, () -> "outputs=" + outputCount);
        }
    }
}
