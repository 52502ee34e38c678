package io.millrace.window;

import io.millrace.event.Event;
import io.millrace.expression.LongExpression;
import java.util.Arrays;

/**
 * Counts of values in buckets that grow with the values, from which any quantile is read with a relative error of at
 * most
 * 2^-(precisionBits + 1).
 *
 * <pre>
 *   cells    count | low, high | negative buckets, greatest magnitude first | zero | positive ...
 *                     of the       32 bits each, two in a cell, each doubling of
 *                     cells used   magnitude cut into 2^precisionBits equal ones
 * </pre>
 *
 * <p>The bucket of a value is read off the bits of its double: exponent and first bits of the mantissa. Magnitudes
 * below {@code least} are zero, those above the range count as its end. A long that is alone in its bucket is
 * exact. The quantile q of n values is the one at place ceil(q n) of their order, at least the first.
 *
 * <p>Apache DataSketches' KLL and REQ sketches choose by chance, and all of its quantile sketches are objects that
 * grow; see
 * {@link DistinctCells}. Counts of fixed buckets merge in any order to the same, and only ever add up.
 *
 * <p><b>Allocation</b>: none. <b>Complexity</b>: adding O(1), merging and asking O(cells between low and high).
 * <b>Failure</b>: a count stays at 2^32 - 1. <b>Source</b>: Masson, Rim, Lee, "DDSketch", VLDB 2019, with the
 * mapping that
 * interpolates the logarithm linearly, so without logarithms, which differ between machines in the last bit.
 */
record QuantileCells(Input input, int precisionBits, double least, double min, double max)
        implements AggregateFunction {
    static final int PRECISION_BITS_DEFAULT = 5;
    static final int PRECISION_BITS_LIMIT = 10;
    static final double MIN_DEFAULT = -0x1p31;
    static final double MAX_DEFAULT = 0x1p40;
    static final double LEAST_DOUBLE_DEFAULT = 0x1p-10;

    private static final int COUNT = 0;
    private static final int LOW = 1;
    private static final int HIGH = 2;
    private static final int BUCKETS = 3;
    private static final int MANTISSA_BITS = 52;
    private static final long COUNT_LIMIT = 0xFFFF_FFFFL;

    /** {@return 0 below {@code least}, then 1, 2 ... for each bucket of magnitude} */
    private int step(double magnitude) {
        if (magnitude < least) {
            return 0;
        }
        int shift = MANTISSA_BITS - precisionBits;
        return (int) ((bits(magnitude) >>> shift) - (bits(least) >>> shift)) + 1;
    }

    /** {@return the least magnitude of a step above 0} */
    private double begin(int step) {
        int shift = MANTISSA_BITS - precisionBits;
        return Math.max(least, Double.longBitsToDouble(((bits(least) >>> shift) + step - 1) << shift));
    }

    private int negativeCount() {
        return min < 0 ? step(-min) : 0;
    }

    private int bucketCount() {
        return negativeCount() + 1 + (max > 0 ? step(max) : 0);
    }

    @Override
    public int cellCount() {
        return BUCKETS + (bucketCount() + 1) / 2;
    }

    @Override
    public void init(long[] cells, int at) {
        Arrays.fill(cells, at, at + cellCount(), 0);
        cells[at + LOW] = Integer.MAX_VALUE;
    }

    @Override
    public void add(long[] cells, int at, Event event) {
        double value;
        if (input.isDouble()) {
            value = input.doubles().evaluate(event);
        } else {
            long number = input.longs().evaluate(event);
            value = number == LongExpression.NULL ? Double.NaN : number;
        }
        if (!Double.isNaN(value)) {
            int bucket = bucketOf(Math.max(min, Math.min(max, value)));
            int cell = bucket >>> 1;
            widen(cells, at, cell, cell);
            cells[at + COUNT]++;
            cells[at + BUCKETS + cell] = plus(cells[at + BUCKETS + cell], 1L << ((bucket & 1) << 5));
        }
    }

    private int bucketOf(double value) {
        int zero = negativeCount();
        return value < 0 ? zero - step(-value) : zero + step(value);
    }

    private static void widen(long[] cells, int at, long low, long high) {
        cells[at + LOW] = Math.min(cells[at + LOW], low);
        cells[at + HIGH] = Math.max(cells[at + HIGH], high);
    }

    @Override
    public void merge(long[] cells, int at, long[] from, int fromAt) {
        if (from[fromAt + COUNT] == 0) {
            return;
        }
        cells[at + COUNT] += from[fromAt + COUNT];
        widen(cells, at, from[fromAt + LOW], from[fromAt + HIGH]);
        int high = (int) from[fromAt + HIGH];
        for (int i = (int) from[fromAt + LOW]; i <= high; i++) {
            long other = from[fromAt + BUCKETS + i];
            if (other != 0) {
                cells[at + BUCKETS + i] = plus(cells[at + BUCKETS + i], other);
            }
        }
    }

    /** Adds two counts at a time, each up to the limit. */
    private static long plus(long left, long right) {
        long low = Math.min(COUNT_LIMIT, (left & COUNT_LIMIT) + (right & COUNT_LIMIT));
        long high = Math.min(COUNT_LIMIT, (left >>> 32) + (right >>> 32));
        return high << 32 | low;
    }

    /** {@return the value of that quantile, null or NaN if there are no values} */
    long result(long[] cells, int at, double quantile) {
        if (cells[at + COUNT] == 0) {
            return input.isDouble() ? Double.doubleToLongBits(Double.NaN) : LongExpression.NULL;
        }
        long place = Math.max(1, (long) Math.ceil(quantile * cells[at + COUNT]));
        int bucket = bucketAt(cells, at, place);
        double value = valueOf(bucket - negativeCount());
        return input.isDouble() ? Double.doubleToLongBits(value) : Math.round(value);
    }

    private static int bucketAt(long[] cells, int at, long place) {
        int high = (int) cells[at + HIGH];
        int last = 0;
        long left = place;
        for (int i = (int) cells[at + LOW]; i <= high; i++) {
            long pair = cells[at + BUCKETS + i];
            if (pair != 0) {
                long low = pair & COUNT_LIMIT;
                if (low >= left) {
                    return 2 * i;
                }
                last = 2 * i + (pair >>> 32 == 0 ? 0 : 1);
                left -= low + (pair >>> 32);
                if (left <= 0) {
                    return 2 * i + 1;
                }
            }
        }
        return last;
    }

    /** {@return the middle of a bucket; of longs the only one in it, if it is} */
    private double valueOf(int signedStep) {
        int step = Math.abs(signedStep);
        if (step == 0) {
            return 0;
        }
        double begin = begin(step);
        double end = begin(step + 1);
        double value = (begin + end) / 2;
        if (!input.isDouble()) {
            double first = Math.ceil(begin);
            value = first + 1 >= end ? first : value;
        }
        return Math.max(min, Math.min(max, signedStep < 0 ? -value : value));
    }

    private static long bits(double value) {
        return Double.doubleToRawLongBits(value);
    }
}
