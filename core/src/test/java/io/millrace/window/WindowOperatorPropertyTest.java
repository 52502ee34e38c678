package io.millrace.window;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.TestSeed;
import io.millrace.event.MutableEvent;
import io.millrace.workload.Arrival;
import io.millrace.workload.OperatorDriver;
import io.millrace.workload.RecordedOutputs;
import io.millrace.workload.Snapshots;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random windows, disorder, jumps of time and sweep budgets. {@code -Dmillrace.test.seed=N} begins with that case. */
class WindowOperatorPropertyTest {
    private static final int CASE_COUNT = 400;
    private static final long SEED = TestSeed.of(WindowOperatorPropertyTest.class);
    private static final int EVENT_COUNT = 250;

    @Test
    void shouldAgreeWithTheOracle() {
        forEachSeed(seed -> {
            Case window = new Case(TestSeed.random(seed));
            List<String> records = window.run(0, 0);

            assertSame(window.expectedRows(), rows(records));
            assertEndsDoNotGoBack(records);
            assertEquals(window.oracle.tooLateCount, window.operator.tooLateCount());
            assertEquals(window.openRowCount(), window.operator.openWindowCount());
            assertEquals(window.openRowCount() == 0, window.operator.keyCount() == 0);
            assertEquals(window.openRowCount() == 0, window.operator.paneCount() == 0);
        });
    }

    @Test
    void shouldGiveTheSameBytesWhenRestoredOnTheWay() {
        forEachSeed(seed -> {
            Case straight = new Case(TestSeed.random(seed));
            List<String> records = straight.run(0, 0);

            int interval = 1 + Math.floorMod(seed, 7);
            Case restored = new Case(TestSeed.random(seed));
            assertSame(records, restored.run(interval, 0));
            assertEquals(straight.operator.stateHash(), restored.operator.stateHash());
        });
    }

    @Test
    void shouldGiveTheSameBytesWhenTouchedAhead() {
        forEachSeed(seed -> {
            Case straight = new Case(TestSeed.random(seed));
            List<String> records = straight.run(0, 0);

            Case touched = new Case(TestSeed.random(seed));
            assertSame(records, touched.run(0, 5));
            assertEquals(straight.operator.stateHash(), touched.operator.stateHash());
        });
    }

    @Test
    void shouldGiveTheSameRowsWhateverTheSweepBudget() {
        forEachSeed(seed -> {
            Case little = new Case(TestSeed.random(seed), 1);
            Case much = new Case(TestSeed.random(seed), 1000);

            assertSame(rows(little.run(0, 0)), rows(much.run(0, 0)));
        });
    }

    @Test
    void shouldGiveTheSameRowsWithoutColumns() {
        forEachSeed(seed -> {
            Case columns = new Case(new Random(seed));
            Case chains = new Case(new Random(seed));
            chains.operator = new WindowOperator(chains.spec, 0);

            assertSame(columns.run(0, 0), chains.run(0, 0));
            assertEquals(columns.operator.paneCount(), chains.operator.paneCount());
            assertEquals(columns.operator.openWindowCount(), chains.operator.openWindowCount());
        });
    }

    @Test
    void shouldGiveTheSameCountsAndSumsWithoutExtremes() {
        forEachSeed(seed -> {
            Case with = new Case(new Random(seed));
            Case without = new Case(new Random(seed), 0, false);
            List<WindowOracle.Row> expected = new ArrayList<>();
            for (WindowOracle.Row row : rows(with.run(0, 0))) {
                expected.add(new WindowOracle.Row(
                        row.endNs(), row.key(), row.count(), row.sum(), WindowResult.NULL, WindowResult.NULL));
            }

            assertSame(expected, rows(without.run(1 + (int) (seed % 7), 0)));
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

    private static List<WindowOracle.Row> rows(List<String> records) {
        List<WindowOracle.Row> rows = new ArrayList<>();
        WindowResult result = new WindowResult();
        for (MutableEvent output : RecordedOutputs.events(records)) {
            result.wrap(output);
            assertEquals(result.endNs(), output.timestampNs());
            assertEquals((double) result.sum() / result.count(), result.avg());
            rows.add(new WindowOracle.Row(
                    result.endNs(), output.key(), result.count(), result.sum(), result.min(), result.max()));
        }
        return sorted(rows);
    }

    private static List<WindowOracle.Row> sorted(List<WindowOracle.Row> rows) {
        rows.sort(Comparator.comparingLong(WindowOracle.Row::endNs).thenComparingLong(WindowOracle.Row::key));
        return rows;
    }

    private static <T> void assertSame(List<T> expected, List<T> actual) {
        for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
            assertEquals(expected.get(i), actual.get(i), "at " + i);
        }
        assertEquals(expected.size(), actual.size());
    }

    private static void assertEndsDoNotGoBack(List<String> records) {
        long lastNs = Long.MIN_VALUE;
        for (MutableEvent output : RecordedOutputs.events(records)) {
            assertTrue(output.timestampNs() >= lastNs);
            lastNs = output.timestampNs();
        }
    }

    /** One window, one feed, and what comes of it. */
    private static final class Case {
        private final Random random;
        private final WindowSpec spec;
        private final long outOfOrdernessNs;
        private final int keyCount;
        private final int jumpOdds;
        private final boolean isEnded;
        private final WindowOracle oracle;
        private WindowOperator operator;
        private long timeNs;
        private long watermarkNs = Long.MIN_VALUE;

        Case(Random random) {
            this(random, 0);
        }

        Case(Random random, int fixedSweepBudget) {
            this(random, fixedSweepBudget, true);
        }

        Case(Random random, int fixedSweepBudget, boolean hasExtremes) {
            this.random = random;
            int slide = 1 + random.nextInt(6);
            int size = slide + random.nextInt(12);
            int sweepBudget = new int[] {1, 2, 5, 64}[random.nextInt(4)];
            WindowSpec.Builder builder = WindowSpec.named("random")
                    .over(Arrival.TYPE)
                    .value(Arrival.VALUE)
                    .size(size, NANOSECONDS)
                    .slide(slide, NANOSECONDS)
                    .offset(random.nextInt(20) - 10, NANOSECONDS)
                    .maxKeys(16)
                    .sweepBudget(fixedSweepBudget > 0 ? fixedSweepBudget : sweepBudget);
            this.spec = (hasExtremes ? builder : builder.withoutExtremes()).build();
            this.outOfOrdernessNs = new int[] {0, 0, 3, 20}[random.nextInt(4)];
            this.keyCount = 1 + random.nextInt(12);
            this.jumpOdds = 2 + random.nextInt(60);
            this.isEnded = random.nextBoolean();
            this.timeNs = random.nextInt(2000) - 1000;
            this.oracle = new WindowOracle(spec.sizeNs(), spec.slideNs(), spec.offsetNs());
            this.operator = new WindowOperator(spec);
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
                    operator = Snapshots.copy(operator, new WindowOperator(spec));
                    driver = new OperatorDriver(operator, watermark, outputs);
                }
                Arrival arrival = next(sequence);
                for (int i = 0; i < touchCount; i++) {
                    operator.touch(arrival.to(event));
                }
                driver.onEvent(arrival.to(event));
                watermarkNs = watermark.watermarkNs();
                if (arrival.typeId() == Arrival.TYPE.id()) {
                    oracle.add(arrival, watermarkNs);
                }
            }
            watermarkNs = isEnded ? Long.MAX_VALUE : watermarkNs;
            driver.onTick(EVENT_COUNT, watermarkNs);
            return records;
        }

        private Arrival next(int sequence) {
            timeNs += random.nextInt(jumpOdds) == 0 ? random.nextInt(300) : random.nextInt(3);
            if (random.nextInt(200) == 0) {
                timeNs += 1_000_000_000_000L;
            }
            long behindNs = random.nextInt(3) == 0 ? random.nextInt(30) : 0;
            int typeId = random.nextInt(10) == 0 ? Arrival.OTHER_TYPE.id() : Arrival.TYPE.id();
            long value = random.nextInt(10) == 0 ? random.nextLong() : random.nextInt(100) - 50;
            return new Arrival(sequence, typeId, random.nextInt(keyCount) - 3, timeNs - behindNs, value);
        }

        List<WindowOracle.Row> expectedRows() {
            long toNs = watermarkNs == Long.MAX_VALUE ? watermarkNs : watermarkNs + 1;
            return sorted(oracle.rows(Long.MIN_VALUE, toNs));
        }

        int openRowCount() {
            return watermarkNs == Long.MAX_VALUE
                    ? 0
                    : oracle.rows(watermarkNs + 1, Long.MAX_VALUE).size();
        }
    }
}
