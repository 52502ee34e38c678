package io.millrace.window;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.TestSeed;
import io.millrace.event.EventType;
import io.millrace.event.MutableEvent;
import io.millrace.workload.Arrival;
import io.millrace.workload.OperatorDriver;
import io.millrace.workload.RecordedOutputs;
import io.millrace.workload.Snapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Counts and sums that run must be those merged from all panes, which a maximum beside them asks for. */
class RunningCellsPropertyTest {
    private static final int CASE_COUNT = 300;
    private static final int EVENT_COUNT = 250;
    private static final long SEED = TestSeed.of(RunningCellsPropertyTest.class);

    @Test
    void shouldGiveTheRowsThatAllPanesGive() {
        for (long seed = SEED; seed < SEED + CASE_COUNT; seed++) {
            AggregateSpec running = spec(new Random(seed), false);
            AggregateSpec merged = spec(new Random(seed), true);
            assertTrue(running.isRunning());
            assertFalse(merged.isRunning());

            List<String> expected = rows(merged, run(merged, seed, 0));
            assertEquals(expected, rows(running, run(running, seed, 0)), "seed=" + seed);
            assertEquals(expected, rows(running, run(running, seed, 1 + (int) (seed % 5))), "restored, seed=" + seed);
        }
    }

    private static AggregateSpec spec(Random random, boolean hasMax) {
        int slide = 1 + random.nextInt(6);
        int size = random.nextInt(8) == 0 ? 70 * slide : slide + random.nextInt(12);
        int step = 1 + random.nextInt(4);
        Window window = random.nextInt(3) == 0
                ? Window.cumulating(step * (1L + random.nextInt(5)), NANOSECONDS, step, NANOSECONDS)
                : Window.hopping(size, NANOSECONDS, slide, NANOSECONDS);
        AggregateSpec.Builder builder = AggregateSpec.named("random")
                .over(Arrival.TYPE)
                .window(window)
                .aggregate(Aggregate.count("n"), Aggregate.sum("sum").of(Arrival.VALUE))
                .aggregate(Aggregate.avg("avg").of(Arrival.VALUE))
                .maxKeys(16)
                .maxPanes(4_096)
                .sweepBudget(new int[] {1, 2, 5, 64}[random.nextInt(4)]);
        if (hasMax) {
            builder.aggregate(Aggregate.max("max").of(Arrival.VALUE));
        }
        return builder.build();
    }

    private static List<String> run(AggregateSpec spec, long seed, int restoreInterval) {
        Random random = new Random(seed * 31);
        Watermark watermark = new Watermark(new int[] {0, 0, 3, 20}[random.nextInt(4)], false);
        List<String> records = new ArrayList<>();
        RecordedOutputs outputs = RecordedOutputs.into(records);
        AggregateOperator operator = AggregateOperator.of(spec);
        OperatorDriver driver = new OperatorDriver(operator, watermark, outputs);
        MutableEvent event = MutableEvent.allocate(0);
        long timeNs = random.nextInt(2000) - 1000;
        for (int sequence = 0; sequence < EVENT_COUNT; sequence++) {
            if (restoreInterval > 0 && sequence % restoreInterval == 0) {
                operator = Snapshots.copy(operator, AggregateOperator.of(spec));
                driver = new OperatorDriver(operator, watermark, outputs);
            }
            timeNs += random.nextInt(30) == 0 ? random.nextInt(300) : random.nextInt(3);
            long behindNs = random.nextInt(3) == 0 ? random.nextInt(30) : 0;
            long value = random.nextInt(10) == 0 ? random.nextLong() : random.nextInt(100) - 50;
            int key = random.nextInt(12);
            driver.onEvent(new Arrival(sequence, Arrival.TYPE.id(), key, timeNs - behindNs, value).to(event));
        }
        driver.onEnd(EVENT_COUNT);
        return records;
    }

    private static List<String> rows(AggregateSpec spec, List<String> records) {
        EventType type = spec.resultType();
        return RecordedOutputs.events(records).stream()
                .map(row -> row.key() + " " + row.timestampNs() + " "
                        + type.field("startNs").getLong(row) + " "
                        + type.field("n").getLong(row) + " "
                        + type.field("sum").getLong(row) + " "
                        + type.field("avg").getDouble(row))
                .collect(Collectors.toList());
    }
}
