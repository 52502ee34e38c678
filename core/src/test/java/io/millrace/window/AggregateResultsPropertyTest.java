package io.millrace.window;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.TestSeed;
import io.millrace.event.Event;
import io.millrace.event.EventType;
import io.millrace.event.FieldType;
import io.millrace.event.MutableEvent;
import io.millrace.workload.Arrival;
import io.millrace.workload.OperatorDriver;
import io.millrace.workload.RecordedOutputs;
import io.millrace.workload.Snapshots;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every aggregate over windows whose rows are merged from parts, against what the list of the window's events says:
 * sums of money to the cent, sketches within their stated errors, a function of one's own; restored on the way.
 */
class AggregateResultsPropertyTest {
    private static final long SEED = TestSeed.of(AggregateResultsPropertyTest.class);
    private static final int CASE_COUNT = 6;
    private static final int EVENT_COUNT = 600;
    private static final int EXACT_UP_TO = 4;
    private static final int REGISTER_BITS = 8;
    private static final int QUANTILE_BITS = 3;

    private static final Window[] WINDOWS = {
        Window.hopping(400, NANOSECONDS, 50, NANOSECONDS),
        Window.cumulating(400, NANOSECONDS, 80, NANOSECONDS),
        Window.session(4, NANOSECONDS),
        Window.count(90, 30),
        Window.sliding(150, NANOSECONDS)
    };

    private enum Judged {
        HOP(NaiveWindows.Kind.HOP),
        CUMULATE(NaiveWindows.Kind.CUMULATE),
        SESSION(NaiveWindows.Kind.SESSION),
        COUNT(NaiveWindows.Kind.COUNT),
        SLIDE(NaiveWindows.Kind.SLIDE);

        private final NaiveWindows.Kind kind;

        Judged(NaiveWindows.Kind kind) {
            this.kind = kind;
        }

        private Window window() {
            return WINDOWS[ordinal()];
        }
    }

    @ParameterizedTest
    @EnumSource(Judged.class)
    void shouldGiveWhatTheListOfEventsSays(Judged judged) {
        Totals totals = new Totals();
        for (long seed = SEED; seed < SEED + CASE_COUNT; seed++) {
            List<Arrival> arrivals = arrivals(TestSeed.random(seed), judged);
            List<String> straight = run(judged, arrivals, 0);
            assertEquals(straight, run(judged, arrivals, 1 + Math.floorMod(seed, 50)), "seed=" + seed);
            check(judged, arrivals, straight, totals);
        }
        assertTrue(totals.rowCount > 10 * CASE_COUNT, "rows=" + totals.rowCount);
        assertTrue(totals.estimateCount > CASE_COUNT, "estimates=" + totals.estimateCount);
        double standardError = 1.04 / Math.sqrt(1 << REGISTER_BITS);
        assertTrue(
                Math.sqrt(totals.squaresOff / totals.estimateCount) < 1.5 * standardError,
                () -> "distinct is off by " + Math.sqrt(totals.squaresOff / totals.estimateCount));
    }

    /** Of values few and many, small and large, of both signs. */
    private static List<Arrival> arrivals(Random random, Judged judged) {
        List<Arrival> arrivals = new ArrayList<>();
        boolean isOrdered = judged == Judged.COUNT || judged == Judged.SLIDE;
        long timeNs = 0;
        int magnitude = 1 + random.nextInt(40);
        for (int i = 0; i < EVENT_COUNT; i++) {
            timeNs += random.nextInt(60) == 0 ? 30 : random.nextInt(3);
            long behindNs = isOrdered ? 0 : random.nextInt(4);
            long value = (random.nextLong() >> random.nextInt(64)) % (1L << magnitude);
            arrivals.add(Arrival.of(i, random.nextInt(2), timeNs - behindNs, value));
        }
        return arrivals;
    }

    private static AggregateSpec spec(Judged judged) {
        AggregateSpec.Builder settings = AggregateSpec.named("all")
                .over(Arrival.TYPE)
                .window(judged.window())
                .aggregate(
                        Aggregate.count("n"),
                        Aggregate.count("even").of(event -> event.idLo() % 2 == 0 ? 1 : Long.MIN_VALUE),
                        Aggregate.sum("cents").of(Arrival.VALUE),
                        Aggregate.sum("doubles").ofDoubles(event -> event.idLo() / 4.0),
                        Aggregate.min("least").ofDoubles(event -> event.idLo() / 4.0),
                        Aggregate.avg("mean").of(Arrival.VALUE),
                        Aggregate.stddevPopulation("deviation").of(Arrival.VALUE),
                        Aggregate.first("first").of(Arrival.VALUE),
                        Aggregate.last("last").of(Arrival.VALUE),
                        Aggregate.distinct("distinct")
                                .of(Arrival.VALUE)
                                .exactUpTo(EXACT_UP_TO)
                                .precision(REGISTER_BITS),
                        Aggregate.distinctIsEstimated("isEstimated")
                                .of(Arrival.VALUE)
                                .exactUpTo(EXACT_UP_TO)
                                .precision(REGISTER_BITS),
                        Aggregate.quantile("p10", 0.1).of(Arrival.VALUE).precision(QUANTILE_BITS),
                        Aggregate.quantile("p99", 0.99).of(Arrival.VALUE).precision(QUANTILE_BITS),
                        Aggregate.own(
                                "span",
                                new Range(Event::idLo),
                                FieldType.INT64,
                                (cells, at) -> cells[at + 1] - cells[at]))
                .maxKeys(4);
        return (judged == Judged.COUNT ? settings : settings.maxPanes(700)).build();
    }

    private static List<String> run(Judged judged, List<Arrival> arrivals, int restoreInterval) {
        AggregateSpec spec = spec(judged);
        AggregateOperator operator = AggregateOperator.of(spec);
        List<String> records = new ArrayList<>();
        RecordedOutputs outputs = RecordedOutputs.into(records);
        Watermark watermark = new Watermark(judged == Judged.COUNT || judged == Judged.SLIDE ? 0 : 6, false);
        OperatorDriver driver = new OperatorDriver(operator, watermark, outputs);
        MutableEvent event = MutableEvent.allocate(0);
        for (Arrival arrival : arrivals) {
            if (restoreInterval > 0 && arrival.sequence() % restoreInterval == 0) {
                operator = Snapshots.copy(operator, AggregateOperator.of(spec));
                driver = new OperatorDriver(operator, watermark, outputs);
            }
            driver.onEvent(arrival.to(event));
        }
        driver.onEnd(arrivals.size());
        return records;
    }

    private static void check(Judged judged, List<Arrival> arrivals, List<String> records, Totals totals) {
        Window window = judged.window();
        NaiveWindows naive = new NaiveWindows(judged.kind, window.size(), window.slide(), 0, 0);
        arrivals.forEach(arrival -> naive.add(arrival, Long.MIN_VALUE));
        naive.advanceTo(Long.MAX_VALUE / 2);
        EventType type = spec(judged).resultType();
        Map<String, List<Event>> found = new HashMap<>();
        for (MutableEvent row : RecordedOutputs.events(records)) {
            found.computeIfAbsent(
                            row.key() + " " + type.field("n").getLong(row) + " "
                                    + type.field("startNs").getLong(row) + " " + row.timestampNs(),
                            key -> new ArrayList<>())
                    .add(row);
        }
        assertEquals(naive.rows.size(), records.size());
        for (NaiveWindows.Row row : naive.rows) {
            long startNs = judged == Judged.SLIDE ? row.start() + 1 : row.start();
            String key = row.key() + " " + row.events().size() + " " + startNs + " " + row.end();
            List<Event> rows = found.get(key);
            assertTrue(rows != null && !rows.isEmpty(), () -> key + " in " + found.keySet());
            check(type, rows.remove(0), row.events(), totals);
        }
    }

    private static void check(EventType type, Event row, List<Arrival> events, Totals totals) {
        long[] values = events.stream().mapToLong(Arrival::value).toArray();
        long[] sorted = values.clone();
        Arrays.sort(sorted);
        int n = values.length;
        BigDecimal sum = BigDecimal.ZERO;
        BigDecimal squares = BigDecimal.ZERO;
        for (long value : values) {
            sum = sum.add(BigDecimal.valueOf(value));
            squares = squares.add(BigDecimal.valueOf(value).pow(2));
        }
        BigDecimal ofN = BigDecimal.valueOf(n);
        double variance = squares.multiply(ofN).subtract(sum.pow(2)).doubleValue() / ((double) n * n);
        double scale = Math.max(Math.abs(sorted[0]), Math.abs(sorted[n - 1])) + 1.0;

        assertEquals(n, longOf(type, row, "n"));
        assertEquals(events.stream().filter(event -> event.value() % 2 == 0).count(), longOf(type, row, "even"));
        assertEquals(sum.longValueExact(), longOf(type, row, "cents"));
        assertEquals(sum.doubleValue() / 4, doubleOf(type, row, "doubles"), 1e-12 * scale * n);
        assertEquals(sorted[0] / 4.0, doubleOf(type, row, "least"));
        assertEquals(sum.doubleValue() / n, doubleOf(type, row, "mean"), 1e-12 * scale);
        assertEquals(Math.sqrt(variance), doubleOf(type, row, "deviation"), 1e-6 * scale);
        assertEquals(values[0], longOf(type, row, "first"));
        assertEquals(values[n - 1], longOf(type, row, "last"));
        assertEquals(sorted[n - 1] - sorted[0], longOf(type, row, "span"));
        assertQuantile(sorted, 0.1, longOf(type, row, "p10"));
        assertQuantile(sorted, 0.99, longOf(type, row, "p99"));
        checkDistinct(events, longOf(type, row, "distinct"), longOf(type, row, "isEstimated") == 1, totals);
        totals.rowCount++;
    }

    private static void checkDistinct(List<Arrival> events, long found, boolean isEstimated, Totals totals) {
        long exact = events.stream().mapToLong(Arrival::value).distinct().count();
        assertEquals(exact > EXACT_UP_TO, isEstimated);
        if (isEstimated) {
            double off = found / (double) exact - 1;
            assertTrue(Math.abs(off) < Math.max(1.01 / exact, 0.4), () -> found + " for " + exact);
            totals.estimateCount++;
            totals.squaresOff += off * off;
        } else {
            assertEquals(exact, found);
        }
    }

    /** As the README says: integers below 2^(bits + 1) exactly, others with a relative error of 2^-(bits + 1). */
    private static void assertQuantile(long[] sorted, double share, long found) {
        long exact = sorted[Math.max(1, (int) Math.ceil(share * sorted.length)) - 1];
        double allowed =
                Math.abs(exact) < 1 << (QUANTILE_BITS + 1) ? 0 : Math.abs(exact) / (double) (1 << (QUANTILE_BITS + 1));
        if (exact > QuantileCells.MIN_DEFAULT) {
            assertTrue(Math.abs(found - exact) <= allowed + 0.5, () -> found + " for " + exact);
        }
    }

    private static long longOf(EventType type, Event row, String field) {
        return type.field(field).getLong(row);
    }

    private static double doubleOf(EventType type, Event row, String field) {
        return type.field(field).getDouble(row);
    }

    private static final class Totals {
        private int rowCount;
        private int estimateCount;
        private double squaresOff;
    }
}
