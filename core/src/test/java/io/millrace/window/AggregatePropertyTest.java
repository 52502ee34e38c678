package io.millrace.window;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.TestSeed;
import io.millrace.event.Event;
import io.millrace.event.EventType;
import io.millrace.event.MutableEvent;
import io.millrace.workload.Arrival;
import io.millrace.workload.OperatorDriver;
import io.millrace.workload.RecordedOutputs;
import io.millrace.workload.Snapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * All kinds of windows, random in size, disorder, lateness, jumps of time and sweep budgets, against an oracle. {@code
 * -Dmillrace.test.seed=N} begins with that case.
 */
class AggregatePropertyTest {
    private static final long SEED = TestSeed.of(AggregatePropertyTest.class);
    private static final int CASE_COUNT = Integer.getInteger("millrace.test.seeds", 18);
    private static final int EVENT_COUNT = 150;

    /** What a case is about. */
    enum Shape {
        ONE_WINDOW,
        SEVERAL_WINDOWS,
        LONG_WINDOWS,
        SESSION,
        COUNT,
        SLIDING
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void shouldAgreeWithTheOracle(Shape shape) {
        forEachSeed(shape, seed -> {
            Case window = new Case(shape, seed, 0);
            List<String> records = window.run(0);

            assertSame(sorted(window.oracle.rows), sorted(rows(window.spec, records)));
            assertEquals(window.oracle.tooLateCount, window.operator.tooLateCount());
            assertEquals(0, window.operator.refusedPaneCount());
            assertEquals(window.oracle.openCount(), window.operator.openWindowCount());
            assertEquals(window.oracle.rows.size(), window.operator.rowCount());
            if (window.isEnded && shape != Shape.COUNT) {
                assertEquals(0, window.operator.keyCount());
                assertEquals(0, window.operator.paneCount());
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void shouldGiveTheSameBytesWhenRestoredOnTheWay(Shape shape) {
        forEachSeed(shape, seed -> {
            Case straight = new Case(shape, seed, 0);
            List<String> records = straight.run(0);

            Case restored = new Case(shape, seed, 0);
            assertSame(records, restored.run(shape == Shape.LONG_WINDOWS ? 29 : 1 + Math.floorMod(seed, 7)));
            assertEquals(straight.operator.stateHash(), restored.operator.stateHash());
        });
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void shouldGiveTheSameRowsWhateverTheSweepBudget(Shape shape) {
        forEachSeed(shape, seed -> {
            Case little = new Case(shape, seed, 1);
            Case much = new Case(shape, seed, 1000);

            assertSame(sorted(rows(little.spec, little.run(0))), sorted(rows(much.spec, much.run(0))));
        });
    }

    @ParameterizedTest
    @EnumSource(
            value = Shape.class,
            names = {"ONE_WINDOW", "SEVERAL_WINDOWS", "LONG_WINDOWS"})
    void shouldNotGoBackInTime(Shape shape) {
        forEachSeed(shape, seed -> {
            Case window = new Case(shape, seed, 0);
            long lastNs = Long.MIN_VALUE;
            for (MutableEvent row : RecordedOutputs.events(window.run(0))) {
                if (!window.spec.late().isUpdate()) {
                    assertTrue(row.timestampNs() >= lastNs);
                    lastNs = row.timestampNs();
                }
            }
        });
    }

    private interface Check {
        void accept(long seed);
    }

    private static void forEachSeed(Shape shape, Check check) {
        // A late event in long windows makes a hundred rows and more.
        int count = shape == Shape.LONG_WINDOWS ? (CASE_COUNT + 5) / 6 : CASE_COUNT;
        for (long seed = SEED; seed < SEED + count; seed++) {
            try {
                check.accept(seed);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed=" + seed, e);
            }
        }
    }

    private static List<String> rows(AggregateSpec spec, List<String> records) {
        List<String> rows = new ArrayList<>();
        EventType type = spec.resultType();
        for (MutableEvent row : RecordedOutputs.events(records)) {
            assertTrue(type.isValid(row));
            int window = spec.windows().size() == 1 ? 0 : (int) longOf(type, row, "window");
            long endNs = longOf(type, row, "endNs");
            rows.add(AggregateOracle.text(
                            window, longOf(type, row, "startNs"), endNs, row.key(), (int) longOf(type, row, "revision"))
                    + AggregateOracle.text(
                            longOf(type, row, "count"),
                            longOf(type, row, "sum"),
                            longOf(type, row, "min"),
                            longOf(type, row, "max"),
                            type.field("avg").getDouble(row))
                    + AggregateOracle.text(
                            longOf(type, row, "first"),
                            longOf(type, row, "last"),
                            type.field("stddev").getDouble(row),
                            longOf(type, row, "distinct"),
                            longOf(type, row, "median")));
            boolean isOfEvent = spec.windows().get(0).kind() == Window.Kind.SLIDING;
            assertTrue(spec.windows().get(0).kind() == Window.Kind.COUNT
                    || row.timestampNs() == endNs - (isOfEvent ? 1 : 0));
        }
        return rows;
    }

    private static long longOf(EventType type, Event row, String field) {
        return type.field(field).getLong(row);
    }

    private static List<String> sorted(List<String> rows) {
        return rows.stream().sorted().toList();
    }

    private static <T> void assertSame(List<T> expected, List<T> actual) {
        for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
            assertEquals(expected.get(i), actual.get(i), "at " + i);
        }
        assertEquals(expected.size(), actual.size());
    }

    /** One window, one feed, and what comes of it. */
    private static final class Case {
        private final Random random;
        private final AggregateSpec spec;
        private final AggregateOracle oracle;
        private final long outOfOrdernessNs;
        private final int keyCount;
        private final int jumpOdds;
        private final boolean isEnded;
        private AggregateOperator operator;
        private long timeNs;

        Case(Shape shape, long seed, int fixedSweepBudget) {
            random = TestSeed.random(seed * 31 + shape.ordinal());
            boolean isLateAllowed = random.nextBoolean() && shape != Shape.COUNT && shape != Shape.SLIDING;
            long latenessNs = isLateAllowed ? 1 + random.nextInt(40) : 0;
            List<Window> windows = new ArrayList<>();
            oracle = oracle(shape, windows, latenessNs);
            int sweepBudget = new int[] {1, 2, 5, 64}[random.nextInt(4)];
            boolean isKeyed = random.nextInt(6) > 0;
            AggregateSpec.Builder builder = AggregateSpec.named("random")
                    .over(Arrival.TYPE)
                    .window(windows.toArray(new Window[0]))
                    .aggregate(aggregates())
                    .late(latenessNs > 0 ? LatePolicy.update(latenessNs, NANOSECONDS) : LatePolicy.DROP)
                    .maxKeys(16)
                    .maxPanes(shape == Shape.LONG_WINDOWS ? 3_000 : 1_000)
                    .sweepBudget(fixedSweepBudget > 0 ? fixedSweepBudget : sweepBudget);
            spec = (isKeyed ? builder : builder.unkeyed()).build();
            operator = AggregateOperator.of(spec);
            outOfOrdernessNs = new int[] {0, 0, 3, 20}[random.nextInt(4)];
            keyCount = isKeyed ? 1 + random.nextInt(12) : 1;
            jumpOdds = 2 + random.nextInt(60);
            isEnded = random.nextBoolean();
            timeNs = random.nextInt(2000) - 1000;
        }

        private AggregateOracle oracle(Shape shape, List<Window> windows, long latenessNs) {
            switch (shape) {
                case SESSION -> {
                    int gap = 1 + random.nextInt(8);
                    windows.add(Window.session(gap, NANOSECONDS));
                    return new AggregateOracle.Sessions(gap, latenessNs);
                }
                case COUNT -> {
                    int slide = 1 + random.nextInt(4);
                    int size = slide + (random.nextBoolean() ? 0 : random.nextInt(5));
                    windows.add(Window.count(size, slide));
                    return new AggregateOracle.Counts(size, slide);
                }
                case SLIDING -> {
                    int size = 1 + random.nextInt(30);
                    windows.add(Window.sliding(size, NANOSECONDS));
                    return new AggregateOracle.Sliding(size);
                }
                case LONG_WINDOWS -> {
                    int slide = 2 + random.nextInt(3);
                    int size = 65 * slide + random.nextInt(80);
                    windows.add(Window.hopping(size, NANOSECONDS, slide, NANOSECONDS));
                    windows.add(Window.cumulating(200, NANOSECONDS, 2, NANOSECONDS));
                    return new AggregateOracle.OnGrid(
                            List.of(new long[] {size, slide, 0, 0}, new long[] {200, 2, 0, 1}), latenessNs);
                }
                default -> {
                    List<long[]> ranges = new ArrayList<>();
                    int count = shape == Shape.ONE_WINDOW ? 1 : 2 + random.nextInt(3);
                    for (int i = 0; i < count; i++) {
                        addWindow(i, windows, ranges);
                    }
                    return new AggregateOracle.OnGrid(ranges, latenessNs);
                }
            }
        }

        /** Sizes differ, so that no window is there twice. */
        private void addWindow(int index, List<Window> windows, List<long[]> ranges) {
            int slide = 1 + random.nextInt(6);
            int offset = random.nextInt(20) - 10;
            if (random.nextInt(3) == 0) {
                int size = slide * (1 + random.nextInt(5)) * (index + 1);
                windows.add(
                        Window.cumulating(size, NANOSECONDS, slide, NANOSECONDS).offset(offset, NANOSECONDS));
                ranges.add(new long[] {size, slide, offset, 1});
            } else {
                int size = slide + 12 * index + random.nextInt(12);
                windows.add(
                        Window.hopping(size, NANOSECONDS, slide, NANOSECONDS).offset(offset, NANOSECONDS));
                ranges.add(new long[] {size, slide, offset, 0});
            }
            for (int i = 0; i < index; i++) {
                if (windows.get(i).toString().equals(windows.get(index).toString())) {
                    windows.remove(index);
                    ranges.remove(index);
                    return;
                }
            }
        }

        private static Aggregate[] aggregates() {
            return new Aggregate[] {
                Aggregate.count("count"),
                Aggregate.sum("sum").of(Arrival.VALUE),
                Aggregate.min("min").of(Arrival.VALUE),
                Aggregate.max("max").of(Arrival.VALUE),
                Aggregate.avg("avg").of(Arrival.VALUE),
                Aggregate.first("first").of(Arrival.VALUE),
                Aggregate.last("last").of(Arrival.VALUE),
                Aggregate.stddev("stddev").of(Arrival.VALUE),
                Aggregate.distinct("distinct").of(Arrival.VALUE).exactUpTo(60).precision(4),
                Aggregate.quantile("median", 0.5).of(Arrival.VALUE).precision(4).between(-31, 31)
            };
        }

        /** Runs the feed, with a restore each so many records, 0 for never. */
        List<String> run(int restoreInterval) {
            List<String> records = new ArrayList<>();
            RecordedOutputs outputs = RecordedOutputs.into(records);
            Watermark watermark = new Watermark(outOfOrdernessNs, false);
            OperatorDriver driver = new OperatorDriver(operator, watermark, outputs);
            MutableEvent event = MutableEvent.allocate(0);
            for (int sequence = 0; sequence < EVENT_COUNT; sequence++) {
                if (restoreInterval > 0 && sequence % restoreInterval == 0) {
                    operator = Snapshots.copy(operator, AggregateOperator.of(spec));
                    driver = new OperatorDriver(operator, watermark, outputs);
                }
                Arrival arrival = next(sequence);
                operator.touch(arrival.to(event));
                driver.onEvent(arrival.to(event));
                long watermarkNs = watermark.watermarkNs();
                oracle.advanceTo(watermarkNs);
                if (arrival.typeId() == Arrival.TYPE.id()) {
                    oracle.add(spec.isKeyed() ? arrival : unkeyed(arrival), watermarkNs);
                }
            }
            long endNs = isEnded ? Long.MAX_VALUE : watermark.watermarkNs();
            driver.onTick(EVENT_COUNT, endNs);
            oracle.advanceTo(endNs);
            return records;
        }

        private static Arrival unkeyed(Arrival arrival) {
            return new Arrival(arrival.sequence(), arrival.typeId(), 0, arrival.timestampNs(), arrival.value());
        }

        private Arrival next(int sequence) {
            timeNs += random.nextInt(jumpOdds) == 0 ? random.nextInt(300) : random.nextInt(3);
            if (random.nextInt(200) == 0) {
                timeNs += 1_000_000_000_000L;
            }
            long behindNs = random.nextInt(3) == 0 ? random.nextInt(30) : 0;
            int typeId = random.nextInt(10) == 0 ? Arrival.OTHER_TYPE.id() : Arrival.TYPE.id();
            return new Arrival(
                    sequence, typeId, random.nextInt(keyCount) - 3, timeNs - behindNs, random.nextInt(60) - 30);
        }
    }
}
