package io.millrace.window;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
import org.junit.jupiter.api.Test;

/**
 * Every kind of window over random streams: disorder, lateness, late policy, duplicates, sweep budget, restored on the
 * way. The rows are those of {@link NaiveWindows}, with every aggregate computed from the list of events.
 */
class NaiveWindowsPropertyTest {
    private static final long FIRST_SEED = TestSeed.of(NaiveWindowsPropertyTest.class);
    private static final int SEED_COUNT = Integer.getInteger("millrace.test.seeds", 400);
    private static final int EVENT_COUNT_MAX = 120;

    @Test
    void shouldGiveTheRowsOfTheJudge() {
        long rowCount = 0;
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEED_COUNT; seed++) {
            Trial trial = new Trial(TestSeed.random(seed));
            List<String> records = trial.run(0);
            List<String> expected = trial.expected();
            rowCount += expected.size();
            assertEquals(expected, trial.rows(records), "seed=" + seed + ", " + trial.spec);
        }
        System.out.println("seeds=" + SEED_COUNT + ", rows=" + rowCount);
        assertTrue(rowCount > 5L * SEED_COUNT, "rows=" + rowCount);
    }

    @Test
    void shouldPutOutTheSameWhenRestoredOnTheWay() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEED_COUNT / 2; seed++) {
            List<String> straight = new Trial(TestSeed.random(seed)).run(0);
            int interval = 1 + Math.floorMod(seed, 9);
            Trial restored = new Trial(TestSeed.random(seed));
            assertEquals(straight, restored.run(interval), "seed=" + seed + ", " + restored.spec);
        }
    }

    /** One spec and one stream. */
    private static final class Trial {
        private final Random random;
        private final NaiveWindows.Kind kind;
        private final long size;
        private final long slide;
        private final long offset;
        private final long lateness;
        private final long outOfOrderness;
        private final NaiveWindows judge;
        private final AggregateSpec spec;
        private final EventType type;
        private final int sweepBudget;
        private AggregateOperator operator;

        Trial(Random random) {
            this.random = random;
            this.kind = NaiveWindows.Kind.values()[random.nextInt(NaiveWindows.Kind.values().length)];
            boolean isOrdered = kind == NaiveWindows.Kind.COUNT || kind == NaiveWindows.Kind.SLIDE;
            boolean isGrid = kind == NaiveWindows.Kind.HOP || kind == NaiveWindows.Kind.CUMULATE;
            this.slide = 1 + random.nextInt(6);
            this.size =
                    kind == NaiveWindows.Kind.CUMULATE ? slide * (1 + random.nextInt(5)) : slide + random.nextInt(12);
            this.offset = isGrid ? random.nextInt(20) - 10 : 0;
            this.lateness = isOrdered || random.nextBoolean() ? 0 : 1 + random.nextInt(15);
            this.outOfOrderness = isOrdered ? 0 : new int[] {1, 3, 20}[random.nextInt(3)];
            this.sweepBudget = new int[] {1, 2, 5, 64}[random.nextInt(4)];
            this.judge = new NaiveWindows(kind, size, slide, offset, lateness);
            this.spec = AggregateSpec.named("random")
                    .over(Arrival.TYPE)
                    .window(window())
                    .aggregate(
                            Aggregate.count("count"),
                            Aggregate.sum("sum").of(Arrival.VALUE),
                            Aggregate.min("min").of(Arrival.VALUE),
                            Aggregate.max("max").of(Arrival.VALUE),
                            Aggregate.first("first").of(Arrival.VALUE),
                            Aggregate.last("last").of(Arrival.VALUE),
                            Aggregate.distinct("distinct").of(Arrival.VALUE).exactUpTo(64))
                    .late(lateness == 0 ? LatePolicy.DROP : LatePolicy.update(lateness, NANOSECONDS))
                    .maxKeys(16)
                    .maxPanes(4_096)
                    .sweepBudget(sweepBudget)
                    .build();
            this.type = spec.resultType();
            this.operator = AggregateOperator.of(spec);
        }

        private Window window() {
            return switch (kind) {
                case HOP ->
                    Window.hopping(size, NANOSECONDS, slide, NANOSECONDS).offset(offset, NANOSECONDS);
                case CUMULATE ->
                    Window.cumulating(size, NANOSECONDS, slide, NANOSECONDS).offset(offset, NANOSECONDS);
                case SESSION -> Window.session(size, NANOSECONDS);
                case COUNT -> Window.count(size, slide);
                case SLIDE -> Window.sliding(size, NANOSECONDS);
            };
        }

        List<String> run(int restoreInterval) {
            List<String> records = new ArrayList<>();
            RecordedOutputs outputs = RecordedOutputs.into(records);
            Watermark watermark = new Watermark(outOfOrderness, false);
            OperatorDriver driver = new OperatorDriver(operator, watermark, outputs);
            MutableEvent event = MutableEvent.allocate(0);
            int eventCount = 10 + random.nextInt(EVENT_COUNT_MAX);
            long timeNs = random.nextInt(200) - 100;
            Arrival previous = null;
            for (int sequence = 0; sequence < eventCount; sequence++) {
                if (restoreInterval > 0 && sequence % restoreInterval == 0) {
                    operator = Snapshots.copy(operator, AggregateOperator.of(spec));
                    driver = new OperatorDriver(operator, watermark, outputs);
                }
                timeNs += random.nextInt(12) == 0 ? random.nextInt(60) : random.nextInt(4);
                long behindNs = outOfOrderness > 0 && random.nextInt(3) == 0 ? random.nextInt(25) : 0;
                Arrival arrival = Arrival.of(sequence, random.nextInt(4), timeNs - behindNs, random.nextInt(20) - 5);
                if (previous != null && random.nextInt(10) == 0 && outOfOrderness > 0) {
                    arrival = Arrival.of(sequence, previous.key(), previous.timestampNs(), previous.value());
                }
                previous = arrival;
                driver.onEvent(arrival.to(event));
                judge.add(arrival, watermark.watermarkNs());
            }
            if (random.nextBoolean()) {
                judge.advanceTo(Long.MAX_VALUE / 2);
                driver.onTick(eventCount, Long.MAX_VALUE / 2);
            } else {
                // A sweep under way is brought to its end.
                judge.advanceTo(watermark.watermarkNs());
                driver.onTick(eventCount, watermark.watermarkNs());
            }
            return records;
        }

        List<String> expected() {
            List<String> rows = new ArrayList<>();
            for (NaiveWindows.Row row : judge.rows) {
                List<Long> values = row.events().stream().map(Arrival::value).toList();
                rows.add(text(
                        row.key(),
                        kind == NaiveWindows.Kind.COUNT ? 0 : row.start(),
                        kind == NaiveWindows.Kind.COUNT || kind == NaiveWindows.Kind.SLIDE ? 0 : row.end(),
                        row.revision(),
                        values.size(),
                        row.sum(),
                        values.stream().min(Long::compare).orElseThrow(),
                        values.stream().max(Long::compare).orElseThrow(),
                        values.get(0),
                        values.get(values.size() - 1),
                        values.stream().distinct().count()));
            }
            rows.sort(null);
            return rows;
        }

        List<String> rows(List<String> records) {
            List<String> rows = new ArrayList<>();
            for (MutableEvent output : RecordedOutputs.events(records)) {
                rows.add(text(
                        output.key(),
                        kind == NaiveWindows.Kind.COUNT || kind == NaiveWindows.Kind.SLIDE
                                ? startOf(output)
                                : get(output, "startNs"),
                        kind == NaiveWindows.Kind.COUNT || kind == NaiveWindows.Kind.SLIDE ? 0 : get(output, "endNs"),
                        get(output, "revision"),
                        get(output, "count"),
                        get(output, "sum"),
                        get(output, "min"),
                        get(output, "max"),
                        get(output, "first"),
                        get(output, "last"),
                        get(output, "distinct")));
            }
            rows.sort(null);
            return rows;
        }

        private long startOf(MutableEvent output) {
            return kind == NaiveWindows.Kind.COUNT ? 0 : output.timestampNs() - size;
        }

        private long get(MutableEvent output, String field) {
            return type.field(field).getLong(output);
        }

        private static String text(long key, long start, long end, long revision, long... values) {
            StringBuilder text = new StringBuilder("key=" + key + " [" + start + ", " + end + ") r" + revision);
            for (long value : values) {
                text.append(' ').append(value);
            }
            return text.toString();
        }
    }
}
