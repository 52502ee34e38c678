package io.millrace.window;

import io.millrace.event.Event;
import io.millrace.expression.LongExpression;
import io.millrace.state.LongHash;
import java.util.Arrays;

/**
 * How many distinct values there are: exact up to a bound, then estimated by HyperLogLog, in the same cells.
 *
 * <pre>
 *   exact       count  | open-addressed set of hashes, at most half full ... |  0 ...
 *   estimated    -1    | registers of 8 bits, 8 in a cell, 2^indexBits of them ...
 * </pre>
 *
 * <p>The hash is a bijection of 64 bits that makes no value 0, so the set tells all values apart, and turns into
 * registers without their being read again. The standard error of the estimate is 1.04 / sqrt(2^indexBits): 2.3 %
 * with
 * 2^11 registers.
 *
 * <p>Apache DataSketches was looked at and left: its sketches on the heap are objects per key and pane that allocate
 * when they grow or merge, and those over memory of one's own need a library that opens internals of the JVM by
 * flags. Here
 * a pane is a piece of a slab that is saved as it is, and merging allocates nothing.
 *
 * <p><b>Allocation</b>: none. <b>Complexity</b>: adding O(1), but for the one step from exact to estimated; merging
 * and
 * asking O(cells). <b>Source</b>: Flajolet, Fusy, Gandouet, Meunier, "HyperLogLog", 2007; the estimator, which needs
 * no
 * table of corrections, is Ertl's, "New cardinality estimation algorithms for HyperLogLog sketches", 2017, section 3.
 */
record DistinctCells(Input input, int exactCountMax, int indexBits) implements AggregateFunction {
    static final int EXACT_COUNT_DEFAULT = 64;
    static final int EXACT_COUNT_LIMIT = 1 << 14;
    static final int INDEX_BITS_DEFAULT = 11;
    static final int INDEX_BITS_MIN = 4;
    static final int INDEX_BITS_LIMIT = 16;

    private static final int ESTIMATED = -1;
    /** 1 / (2 ln 2). */
    private static final double ALPHA = 0.7213475204444817;

    private int placeCount() {
        return 2 * Integer.highestOneBit(2 * exactCountMax - 1);
    }

    private int registerCellCount() {
        return (1 << indexBits) / Long.BYTES;
    }

    /** The set's hashes have room behind the registers while they turn into those. */
    @Override
    public int cellCount() {
        return 1 + Math.max(placeCount(), registerCellCount() + exactCountMax);
    }

    @Override
    public void init(long[] cells, int at) {
        Arrays.fill(cells, at, at + cellCount(), 0);
    }

    @Override
    public void add(long[] cells, int at, Event event) {
        long value;
        if (input.isDouble()) {
            double number = input.doubles().evaluate(event);
            // Adding zero turns minus zero into zero, which is equal to it.
            value = Double.isNaN(number) ? LongExpression.NULL : Double.doubleToLongBits(number + 0.0);
        } else {
            value = input.longs().evaluate(event);
        }
        if (value != LongExpression.NULL) {
            // Null would be 0.
            addHash(cells, at, LongHash.mix(value ^ LongExpression.NULL));
        }
    }

    private void addHash(long[] cells, int at, long hash) {
        if (cells[at] != ESTIMATED && !addExact(cells, at, hash)) {
            estimate(cells, at);
        }
        if (cells[at] == ESTIMATED) {
            raise(cells, at + 1, hash);
        }
    }

    /** {@return false if there is no room for a new hash} */
    private boolean addExact(long[] cells, int at, long hash) {
        int mask = placeCount() - 1;
        int place = (int) hash & mask;
        while (cells[at + 1 + place] != 0) {
            if (cells[at + 1 + place] == hash) {
                return true;
            }
            place = (place + 1) & mask;
        }
        if (cells[at] == exactCountMax) {
            return false;
        }
        cells[at + 1 + place] = hash;
        cells[at]++;
        return true;
    }

    /** Turns the set into registers: its hashes move behind those first. */
    private void estimate(long[] cells, int at) {
        int first = at + 1;
        int end = at + cellCount();
        int moved = end;
        for (int i = first + placeCount() - 1; i >= first; i--) {
            long hash = cells[i];
            cells[i] = 0;
            if (hash != 0) {
                cells[--moved] = hash;
            }
        }
        for (int i = moved; i < end; i++) {
            raise(cells, first, cells[i]);
            cells[i] = 0;
        }
        cells[at] = ESTIMATED;
    }

    private void raise(long[] cells, int registers, long hash) {
        int index = (int) (hash >>> (Long.SIZE - indexBits));
        // The set bit bounds the zeros to those behind the index.
        long rank = Long.numberOfLeadingZeros(hash << indexBits | 1L << (indexBits - 1)) + 1L;
        int cell = registers + (index >>> 3);
        int shift = (index & 7) << 3;
        long held = cells[cell] >>> shift & 0xFF;
        if (rank > held) {
            cells[cell] += (rank - held) << shift;
        }
    }

    @Override
    public void merge(long[] cells, int at, long[] from, int fromAt) {
        if (from[fromAt] == ESTIMATED) {
            if (cells[at] != ESTIMATED) {
                estimate(cells, at);
            }
            mergeRegisters(cells, at + 1, from, fromAt + 1);
        } else if (from[fromAt] > 0) {
            int end = fromAt + 1 + placeCount();
            for (int i = fromAt + 1; i < end; i++) {
                if (from[i] != 0) {
                    addHash(cells, at, from[i]);
                }
            }
        }
    }

    private void mergeRegisters(long[] cells, int registers, long[] from, int fromRegisters) {
        int count = registerCellCount();
        for (int i = 0; i < count; i++) {
            cells[registers + i] = greatestBytes(cells[registers + i], from[fromRegisters + i]);
        }
    }

    /** Byte by byte, all eight at a time; bytes are below 128. */
    private static long greatestBytes(long left, long right) {
        long high = 0x8080808080808080L;
        long isLeft = (((left | high) - right) & high) >>> 7;
        long mask = isLeft * 0xFF;
        return (left & mask) | (right & ~mask);
    }

    /** {@return the count, estimated if {@link #isEstimated}} */
    long result(long[] cells, int at) {
        return cells[at] == ESTIMATED ? estimateOf(cells, at + 1) : cells[at];
    }

    static long isEstimated(long[] cells, int at) {
        return cells[at] == ESTIMATED ? 1 : 0;
    }

    private long estimateOf(long[] cells, int registers) {
        int registerCount = 1 << indexBits;
        int rankMax = Long.SIZE - indexBits + 1;
        int zeroCount = 0;
        int fullCount = 0;
        double sum = 0;
        for (int i = 0; i < registerCount; i++) {
            int rank = (int) (cells[registers + (i >>> 3)] >>> ((i & 7) << 3)) & 0xFF;
            if (rank == 0) {
                zeroCount++;
            } else if (rank == rankMax) {
                fullCount++;
            } else {
                sum += Double.longBitsToDouble((1023L - rank) << 52);
            }
        }
        double count = registerCount;
        sum += count * tau(1 - fullCount / count) * Double.longBitsToDouble((1023L - (rankMax - 1)) << 52);
        sum += count * sigma(zeroCount / count);
        return Math.round(ALPHA * count * count / sum);
    }

    private static double sigma(double x) {
        double power = x;
        double weight = 1;
        double sum = x;
        double last;
        do {
            last = sum;
            power *= power;
            sum += power * weight;
            weight += weight;
        } while (sum != last);
        return sum;
    }

    private static double tau(double x) {
        if (x == 0 || x == 1) {
            return 0;
        }
        double root = x;
        double weight = 1;
        double sum = 1 - x;
        double last;
        do {
            last = sum;
            root = Math.sqrt(root);
            weight *= 0.5;
            sum -= (1 - root) * (1 - root) * weight;
        } while (sum != last);
        return sum / 3;
    }
}
