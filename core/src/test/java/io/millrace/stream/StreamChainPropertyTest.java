package io.millrace.stream;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.TestSeed;
import io.millrace.event.EventType;
import io.millrace.event.MutableEvent;
import io.millrace.event.Schema;
import io.millrace.window.WindowOperator;
import io.millrace.window.WindowResult;
import io.millrace.window.WindowSpec;
import io.millrace.workload.Arrival;
import io.millrace.workload.RecordedOutputs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A window over the rows of a window, with budgets so small that rows have to wait, against maps. */
class StreamChainPropertyTest {
    private static final long SEED = TestSeed.of(StreamChainPropertyTest.class);
    private static final int CASE_COUNT = 150;
    private static final int EVENT_COUNT = 150;
    private static final EventType ROW = Schema.outputs().types().get(0);

    @Test
    void shouldAgreeWithTheOracle() {
        int rowCount = 0;
        for (long seed = SEED; seed < SEED + CASE_COUNT; seed++) {
            Case one = new Case(seed);
            StreamRun run = one.run(0);
            List<String> expected = one.expected();
            List<String> found = found(run.records);
            expected.sort(null);
            found.sort(null);
            assertEquals(String.join("\n", expected), String.join("\n", found), "seed=" + seed);
            rowCount += expected.size();
        }
        assertTrue(rowCount > 5 * CASE_COUNT, "rows=" + rowCount);
    }

    @Test
    void shouldGiveTheSameBytesWhenRestoredOnTheWay() {
        for (long seed = SEED; seed < SEED + CASE_COUNT / 3; seed++) {
            StreamRun straight = new Case(seed).run(0);
            StreamRun restored = new Case(seed).run(1 + Math.floorMod(seed, 3));
            assertEquals(straight.records, restored.records, "seed=" + seed);
            assertEquals(straight.stateHash(), restored.stateHash(), "seed=" + seed);
        }
    }

    private static List<String> found(List<String> records) {
        List<String> found = new ArrayList<>();
        WindowResult row = new WindowResult();
        for (MutableEvent output : RecordedOutputs.events(records)) {
            if (output.typeId() == WindowResult.TYPE_ID) {
                row.wrap(output);
                found.add(output.key() + " " + row.endNs() + ' ' + row.count() + ' ' + row.sum());
            }
        }
        return found;
    }

    private static final class Case {
        private final Random random;
        private final long sizeNs;
        private final long slideNs;
        private final long outerSizeNs;
        private final long outerSlideNs;
        private final long outOfOrdernessNs;
        private final int budget;
        private final int keyCount;
        /** Of the windows of the first kind: sum by end and key. */
        private final Map<Long, Map<Long, Long>> inner = new TreeMap<>();

        private long timeNs;

        Case(long seed) {
            random = TestSeed.random(seed);
            slideNs = 1 + random.nextInt(6);
            sizeNs = slideNs * (1 + random.nextInt(3));
            outerSlideNs = 1 + random.nextInt(10);
            outerSizeNs = outerSlideNs * (1 + random.nextInt(3));
            outOfOrdernessNs = random.nextInt(2) * 4L;
            budget = 1 + random.nextInt(3);
            keyCount = 1 + random.nextInt(8);
        }

        private StreamOperator operator() {
            WindowSpec first = WindowSpec.named("first")
                    .over(Arrival.TYPE)
                    .value(Arrival.VALUE)
                    .size(sizeNs, NANOSECONDS)
                    .slide(slideNs, NANOSECONDS)
                    .sweepBudget(budget)
                    .maxKeys(32)
                    .build();
            WindowSpec second = WindowSpec.named("second")
                    .over(ROW)
                    .value(ROW.field("sum"))
                    .size(outerSizeNs, NANOSECONDS)
                    .slide(outerSlideNs, NANOSECONDS)
                    .sweepBudget(budget)
                    .maxKeys(32)
                    .build();
            StreamBuilder builder = StreamBuilder.named("chain");
            EventStream rows = builder.from(Arrival.TYPE).through(new WindowOperator(first), ROW);
            rows.map("sum", "sum").to("first");
            rows.having("sum % 3 != 0")
                    .keyBy(event -> Math.floorMod(event.key(), 2))
                    .through(new WindowOperator(second), ROW)
                    .through(new Passed(), StreamEvents.PAYMENT);
            return builder.build();
        }

        StreamRun run(int restoreInterval) {
            StreamRun run = new StreamRun(this::operator, outOfOrdernessNs, restoreInterval);
            MutableEvent event = MutableEvent.allocate(0);
            timeNs = 1_000;
            for (int sequence = 0; sequence < EVENT_COUNT; sequence++) {
                timeNs += random.nextInt(20) == 0 ? 40 : random.nextInt(3);
                long timestampNs = timeNs - random.nextInt((int) outOfOrdernessNs + 1);
                long key = random.nextInt(keyCount);
                long value = random.nextInt(50);
                run.onEvent(Arrival.of(sequence, key, timestampNs, value).to(event));
                add(key, timestampNs, value);
            }
            run.onTick(EVENT_COUNT);
            run.onEnd(EVENT_COUNT + 1);
            return run;
        }

        private void add(long key, long timestampNs, long value) {
            long lastEnd = Math.floorDiv(timestampNs, slideNs) * slideNs + sizeNs;
            for (long end = lastEnd; end > timestampNs; end -= slideNs) {
                inner.computeIfAbsent(end, one -> new TreeMap<>()).merge(key, value, Long::sum);
            }
        }

        List<String> expected() {
            Map<String, long[]> outer = new HashMap<>();
            inner.forEach((end, sums) -> sums.forEach((key, sum) -> {
                if (sum % 3 != 0) {
                    long lastEnd = Math.floorDiv(end, outerSlideNs) * outerSlideNs + outerSizeNs;
                    for (long outerEnd = lastEnd; outerEnd > end; outerEnd -= outerSlideNs) {
                        long[] row = outer.computeIfAbsent(key % 2 + " " + outerEnd, one -> new long[2]);
                        row[0]++;
                        row[1] += sum;
                    }
                }
            }));
            List<String> expected = new ArrayList<>();
            outer.forEach((window, row) -> expected.add(window + ' ' + row[0] + ' ' + row[1]));
            return expected;
        }
    }
}
