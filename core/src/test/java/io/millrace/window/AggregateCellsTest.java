package io.millrace.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.TestSeed;
import io.millrace.event.HeaderField;
import io.millrace.event.MutableEvent;
import io.millrace.workload.Arrival;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Cells against exact answers, added to one by one and merged from parts in any order. */
class AggregateCellsTest {
    private static final long SEED = TestSeed.of(AggregateCellsTest.class);

    private final MutableEvent event = MutableEvent.allocate(0);
    private final Random random = new Random(SEED);

    private MutableEvent event(long value) {
        return Arrival.of(0, 1, 0, value).to(event);
    }

    /** {@return cells of a window of these values in so many panes, merged in a random order} */
    private long[] cells(AggregateFunction function, long[] values, int paneCount) {
        int width = function.cellCount();
        long[] panes = new long[paneCount * width];
        Arrays.fill(panes, -3);
        for (int i = 0; i < paneCount; i++) {
            function.init(panes, i * width);
        }
        for (long value : values) {
            function.add(panes, random.nextInt(paneCount) * width, event(value));
        }
        long[] merged = new long[width + 2];
        Arrays.fill(merged, 77);
        function.init(merged, 1);
        int first = random.nextInt(paneCount);
        for (int i = 0; i < paneCount; i++) {
            function.merge(merged, 1, panes, (first + i) % paneCount * width);
        }
        assertEquals(77, merged[0]);
        assertEquals(77, merged[width + 1]);
        return merged;
    }

    private static long[] values(int count, LongSupplier next) {
        return LongStream.generate(next).limit(count).toArray();
    }

    private static Input value() {
        return Input.of(HeaderField.ID_LO);
    }

    @Test
    void shouldCountDistinctValuesExactlyUpToTheBound() {
        for (int exact : new int[] {1, 2, 3, 64, 100}) {
            DistinctCells distinct = new DistinctCells(value(), exact, 11);
            for (int i = 0; i <= exact; i++) {
                int count = i;
                long[] values = values(5 * count, () -> random.nextInt(count) * 7L - 7);
                long[] cells = cells(distinct, values, 4);
                assertEquals(Arrays.stream(values).distinct().count(), distinct.result(cells, 1), "exact=" + exact);
                assertEquals(0, DistinctCells.isEstimated(cells, 1));
            }
        }
    }

    @Test
    void shouldTellAllValuesApartWhileExact() {
        DistinctCells distinct = new DistinctCells(value(), 200, 4);
        long[] values = values(200, () -> random.nextInt(150) - 75);
        values[0] = 0;
        values[1] = Long.MAX_VALUE;
        values[2] = Long.MIN_VALUE + 1;
        values[3] = -1;

        long[] cells = cells(distinct, values, 3);

        assertEquals(Arrays.stream(values).distinct().count(), distinct.result(cells, 1));
    }

    @Test
    void shouldEstimateDistinctValuesWithinTheStatedError() {
        for (int bits : new int[] {8, 11, 14}) {
            DistinctCells distinct = new DistinctCells(value(), 32, bits);
            double error = 1.04 / Math.sqrt(1 << bits);
            double squares = 0;
            int runs = 0;
            for (int count : new int[] {33, 100, 1_000, 5_000, 20_000, 100_000}) {
                for (int run = 0; run < 4; run++) {
                    long base = random.nextLong();
                    long[] values = new long[count];
                    for (int i = 0; i < count; i++) {
                        values[i] = base + i;
                    }
                    long[] cells = cells(distinct, values, 5);
                    double off = distinct.result(cells, 1) / (double) count - 1;
                    assertEquals(1, DistinctCells.isEstimated(cells, 1));
                    assertTrue(Math.abs(off) < 5 * error, "bits=" + bits + ", count=" + count + ", off=" + off);
                    squares += off * off;
                    runs++;
                }
            }
            assertTrue(Math.sqrt(squares / runs) < 1.5 * error, "bits=" + bits);
        }
    }

    @Test
    void shouldCountTheSameHoweverItIsMerged() {
        DistinctCells distinct = new DistinctCells(value(), 16, 8);
        long[] values = values(3_000, () -> random.nextInt(1_000));

        long[] once = cells(distinct, values, 1);
        long[] merged = cells(distinct, values, 50);

        assertEquals(distinct.result(once, 1), distinct.result(merged, 1));
    }

    @Test
    void shouldFindQuantilesWithinTheStatedError() {
        for (int bits : new int[] {1, 5, 7, 10}) {
            QuantileCells quantiles = new QuantileCells(value(), bits, 1, -0x1p31, 0x1p40);
            double error = 1.0 / (1 << (bits + 1));
            long[][] feeds = {
                values(2_000, () -> random.nextInt(64) - 32),
                values(2_000, () -> (long) (1_000_000 * random.nextGaussian())),
                values(2_000, () -> 1L << random.nextInt(40)),
                {5},
                {0, 0, 0},
                {-7, 9}
            };
            for (long[] values : feeds) {
                long[] cells = cells(quantiles, values, 7);
                long[] sorted = values.clone();
                Arrays.sort(sorted);
                for (double quantile : new double[] {0, 0.01, 0.25, 0.5, 0.9, 0.999, 1}) {
                    long exact = sorted[Math.max(1, (int) Math.ceil(quantile * values.length)) - 1];
                    long result = quantiles.result(cells, 1, quantile);
                    double allowed = Math.abs(exact) < 1 << (bits + 1) ? 0 : Math.abs(exact) * error + 0.5;
                    assertTrue(
                            Math.abs(result - exact) <= allowed,
                            "bits=" + bits + ", quantile=" + quantile + ", exact=" + exact + ", result=" + result);
                }
            }
        }
    }

    @Test
    void shouldTakeValuesOutsideForTheEndsOfTheRange() {
        QuantileCells quantiles = new QuantileCells(value(), 5, 1, -10, 50);

        long[] cells = cells(quantiles, new long[] {-1_000, 20, 1_000_000}, 2);

        assertEquals(-10, quantiles.result(cells, 1, 0));
        assertEquals(20, quantiles.result(cells, 1, 0.5));
        assertEquals(50, quantiles.result(cells, 1, 1));
    }

    @Test
    void shouldFindTheDeviationOfValuesFarFromZero() {
        NumberCells.Deviation deviation = new NumberCells.Deviation(value());
        long[] values = values(1_000, () -> 1_000_000_000_000L + random.nextInt(10));

        long[] cells = cells(deviation, values, 13);

        BigDecimal sum = BigDecimal.ZERO;
        for (long each : values) {
            sum = sum.add(BigDecimal.valueOf(each));
        }
        BigDecimal mean = sum.divide(BigDecimal.valueOf(values.length), MathContext.DECIMAL128);
        BigDecimal squares = BigDecimal.ZERO;
        for (long each : values) {
            squares = squares.add(BigDecimal.valueOf(each).subtract(mean).pow(2));
        }
        double expected = Math.sqrt(squares.doubleValue() / (values.length - 1));
        assertEquals(expected, Double.longBitsToDouble(NumberCells.Deviation.sample(cells, 1)), 1e-3 * expected);
    }

    @Test
    void shouldSumExactlyUpToTheRangeOfLong() {
        NumberCells.LongTotals totals = new NumberCells.LongTotals(value());

        long[] cells = cells(totals, new long[] {Long.MAX_VALUE, -5, Long.MIN_VALUE + 1, 12}, 3);

        assertEquals(7, NumberCells.LongTotals.sum(cells, 1));
        assertEquals(4, NumberCells.count(cells, 1));
    }

    @Test
    void shouldNotTakeMinusZeroForAnotherValue() {
        DistinctCells distinct = new DistinctCells(Input.ofDoubles(each -> each.idLo() == 1 ? -0.0 : 0.0), 4, 4);

        assertEquals(1, distinct.result(cells(distinct, new long[] {1, 2}, 1), 1));
    }
}
