package io.millrace.pattern;

import static io.millrace.pattern.EventPattern.count;
import static io.millrace.pattern.EventPattern.distinct;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.TestSeed;
import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.window.Watermark;
import io.millrace.workload.Arrival;
import io.millrace.workload.OperatorDriver;
import io.millrace.workload.RecordedOutputs;
import io.millrace.workload.Snapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random thresholds, disorder and jumps of time. {@code -Dmillrace.test.seed=N} begins with that case. */
class ThresholdOperatorPropertyTest {
    private static final int CASE_COUNT = 400;
    private static final long SEED = TestSeed.of(ThresholdOperatorPropertyTest.class);
    private static final int EVENT_COUNT = 300;

    @Test
    void shouldAgreeWithTheOracle() {
        long[] matchCount = new long[1];
        forEachSeed(seed -> {
            Case pattern = new Case(new Random(seed));
            List<String> records = pattern.run(0, 0);

            assertSame(pattern.oracle.found(), found(records));
            assertEquals(pattern.oracle.lateCount, pattern.operator.lateCount());
            assertEquals(0, pattern.operator.forgottenCount());
            matchCount[0] += records.size();
        });
        assertTrue(matchCount[0] > CASE_COUNT, "cases must not be all silent");
    }

    @Test
    void shouldGiveTheSameBytesWhenRestoredOnTheWay() {
        forEachSeed(seed -> {
            Case straight = new Case(new Random(seed));
            List<String> records = straight.run(0, 0);

            Case restored = new Case(new Random(seed));
            assertSame(records, restored.run(1 + Math.floorMod(seed, 7), 3));
            assertEquals(straight.operator.stateHash(), restored.operator.stateHash());
        });
    }

    private interface Check {
        void accept(long seed);
    }

    private static void forEachSeed(Check check) {
        for (long seed = SEED; seed < SEED + CASE_COUNT; seed++) {
            try {
                check.accept(seed);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed=" + seed, e);
            }
        }
    }

    private static <T> void assertSame(List<T> expected, List<T> actual) {
        for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
            assertEquals(expected.get(i), actual.get(i), "at " + i);
        }
        assertEquals(expected.size(), actual.size());
    }

    private static List<ThresholdOracle.Found> found(List<String> records) {
        List<ThresholdOracle.Found> found = new ArrayList<>();
        Match match = new Match();
        for (MutableEvent output : RecordedOutputs.events(records)) {
            match.wrap(output);
            assertEquals(output.timestampNs(), match.endNs());
            assertEquals(output.sequence(), match.lastSequence());
            assertEquals(~match.lastSequence(), match.lastIdHi());
            found.add(new ThresholdOracle.Found(
                    output.key(),
                    match.startNs(),
                    match.endNs(),
                    match.number(),
                    match.count(),
                    match.distinct(),
                    match.firstSequence(),
                    match.lastSequence()));
        }
        return found;
    }

    /** One pattern, one feed, and what comes of it. */
    private static final class Case {
        private final Random random;
        private final EventPattern pattern;
        private final long outOfOrdernessNs;
        private final int keyCount;
        private final int valueCount;
        private final int stepNs;
        private final ThresholdOracle oracle;
        private ThresholdOperator operator;
        private long timeNs;

        Case(Random random) {
            this.random = random;
            int minCount = 1 + random.nextInt(6);
            int minDistinct = 1 + random.nextInt(minCount);
            int withinNs = 1 + random.nextInt(40);
            MatchMode mode = MatchMode.values()[random.nextInt(3)];
            this.pattern = EventPattern.named("random")
                    .where(count(Arrival.TYPE).ge(minCount))
                    .where(distinct(Arrival.VALUE).gt(minDistinct - 1))
                    .within(withinNs, NANOSECONDS)
                    .mode(mode)
                    .maxKeys(16)
                    .maxEvents(512)
                    .build();
            this.outOfOrdernessNs = random.nextInt(3) * 10L;
            this.keyCount = 1 + random.nextInt(8);
            this.valueCount = 1 + random.nextInt(6);
            this.stepNs = 1 + random.nextInt(6);
            this.timeNs = random.nextInt(2000) - 1000;
            this.oracle = new ThresholdOracle(minCount, minDistinct, withinNs, mode);
            this.operator = new ThresholdOperator(pattern);
        }

        /** Runs the feed, with a restore each so many records and a touch of each event so often, 0 for never. */
        List<String> run(int restoreInterval, int touchCount) {
            List<String> records = new ArrayList<>();
            RecordedOutputs outputs = RecordedOutputs.into(records);
            Watermark watermark = new Watermark(outOfOrdernessNs, false);
            OperatorDriver driver = new OperatorDriver(operator, watermark, outputs);
            MutableEvent event = MutableEvent.allocate(0);
            for (int sequence = 0; sequence < EVENT_COUNT; sequence++) {
                if (restoreInterval > 0 && sequence % restoreInterval == 0) {
                    operator = Snapshots.copy(operator, new ThresholdOperator(pattern));
                    driver = new OperatorDriver(operator, watermark, outputs);
                }
                Arrival arrival = next(sequence);
                for (int i = 0; i < touchCount; i++) {
                    operator.touch(new Event[] {arrival.to(event)}, 1);
                }
                driver.onEvent(arrival.to(event));
                if (arrival.typeId() == Arrival.TYPE.id()) {
                    oracle.add(arrival, watermark.watermarkNs());
                }
            }
            return records;
        }

        private Arrival next(int sequence) {
            timeNs += random.nextInt(40) == 0 ? random.nextInt(100) : random.nextInt(stepNs);
            long behindNs = random.nextInt(8) == 0 ? random.nextInt(15) : 0;
            int typeId = random.nextInt(10) == 0 ? Arrival.OTHER_TYPE.id() : Arrival.TYPE.id();
            int key = random.nextInt(keyCount) - 3;
            return new Arrival(sequence, typeId, key, timeNs - behindNs, random.nextInt(valueCount));
        }
    }
}
