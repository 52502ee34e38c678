package io.millrace.window;

import io.millrace.event.Event;
import io.millrace.expression.LongExpression;

/** Aggregates that need one to four cells. Null is {@link LongExpression#NULL} or NaN, in and out. */
final class NumberCells {
    private static final long NULL = LongExpression.NULL;
    private static final long NAN = Double.doubleToRawLongBits(Double.NaN);

    private NumberCells() {}

    /** Events, whatever they hold: count. */
    record Events() implements AggregateFunction {
        @Override
        public int cellCount() {
            return 1;
        }

        @Override
        public void init(long[] cells, int at) {
            cells[at] = 0;
        }

        @Override
        public void add(long[] cells, int at, Event event) {
            cells[at]++;
        }

        @Override
        public void merge(long[] cells, int at, long[] from, int fromAt) {
            cells[at] += from[fromAt];
        }
    }

    /** Count of values, sum modulo 2^64. */
    record LongTotals(Input input, LongExpression values) implements AggregateFunction {
        LongTotals(Input input) {
            this(input, input.longs());
        }

        @Override
        public int cellCount() {
            return 2;
        }

        @Override
        public void init(long[] cells, int at) {
            cells[at] = 0;
            cells[at + 1] = 0;
        }

        @Override
        public void add(long[] cells, int at, Event event) {
            long value = values.evaluate(event);
            if (value != NULL) {
                cells[at]++;
                cells[at + 1] += value;
            }
        }

        @Override
        public void merge(long[] cells, int at, long[] from, int fromAt) {
            cells[at] += from[fromAt];
            cells[at + 1] += from[fromAt + 1];
        }

        static long sum(long[] cells, int at) {
            return cells[at] == 0 ? NULL : cells[at + 1];
        }

        static long avg(long[] cells, int at) {
            return bits((double) cells[at + 1] / cells[at]);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof LongTotals totals && totals.input.equals(input);
        }

        @Override
        public int hashCode() {
            return input.hashCode();
        }
    }

    /** Count of values, sum. */
    record DoubleTotals(Input input) implements AggregateFunction {
        @Override
        public int cellCount() {
            return 2;
        }

        @Override
        public void init(long[] cells, int at) {
            cells[at] = 0;
            cells[at + 1] = 0;
        }

        @Override
        public void add(long[] cells, int at, Event event) {
            double value = input.doubles().evaluate(event);
            if (!Double.isNaN(value)) {
                cells[at]++;
                cells[at + 1] = bits(value(cells[at + 1]) + value);
            }
        }

        @Override
        public void merge(long[] cells, int at, long[] from, int fromAt) {
            cells[at] += from[fromAt];
            cells[at + 1] = bits(value(cells[at + 1]) + value(from[fromAt + 1]));
        }

        static long sum(long[] cells, int at) {
            return cells[at] == 0 ? NAN : cells[at + 1];
        }

        static long avg(long[] cells, int at) {
            return bits(value(cells[at + 1]) / cells[at]);
        }
    }

    /** The least or the greatest value: null as long as there is none. */
    record LongExtreme(Input input, boolean isGreatest) implements AggregateFunction {
        @Override
        public int cellCount() {
            return 1;
        }

        @Override
        public void init(long[] cells, int at) {
            cells[at] = NULL;
        }

        @Override
        public void add(long[] cells, int at, Event event) {
            take(cells, at, input.longs().evaluate(event));
        }

        @Override
        public void merge(long[] cells, int at, long[] from, int fromAt) {
            take(cells, at, from[fromAt]);
        }

        private void take(long[] cells, int at, long value) {
            long held = cells[at];
            if (value != NULL && (held == NULL || (isGreatest ? value > held : value < held))) {
                cells[at] = value;
            }
        }

        static long result(long[] cells, int at) {
            return cells[at];
        }
    }

    /** The least or the greatest value: NaN as long as there is none. Zero is above minus zero. */
    record DoubleExtreme(Input input, boolean isGreatest) implements AggregateFunction {
        @Override
        public int cellCount() {
            return 1;
        }

        @Override
        public void init(long[] cells, int at) {
            cells[at] = NAN;
        }

        @Override
        public void add(long[] cells, int at, Event event) {
            take(cells, at, input.doubles().evaluate(event));
        }

        @Override
        public void merge(long[] cells, int at, long[] from, int fromAt) {
            take(cells, at, value(from[fromAt]));
        }

        private void take(long[] cells, int at, double value) {
            if (!Double.isNaN(value)) {
                double held = value(cells[at]);
                if (Double.isNaN(held)) {
                    cells[at] = bits(value);
                } else {
                    cells[at] = bits(isGreatest ? Math.max(held, value) : Math.min(held, value));
                }
            }
        }
    }

    /**
     * The first or the last value in the order of (event time, sequence), whatever the order of arrival: time,
     * sequence,
     * value; then whether there is one.
     */
    record Edge(Input input, boolean isLast) implements AggregateFunction {
        private static final int TIME = 0;
        private static final int SEQUENCE = 1;
        private static final int VALUE = 2;
        private static final int PRESENT = 3;

        @Override
        public int cellCount() {
            return 4;
        }

        @Override
        public void init(long[] cells, int at) {
            cells[at + TIME] = 0;
            cells[at + SEQUENCE] = 0;
            cells[at + VALUE] = input.isDouble() ? NAN : NULL;
            cells[at + PRESENT] = 0;
        }

        @Override
        public void add(long[] cells, int at, Event event) {
            long value = input.isDouble()
                    ? bits(input.doubles().evaluate(event))
                    : input.longs().evaluate(event);
            if (value != (input.isDouble() ? NAN : NULL)) {
                take(cells, at, event.timestampNs(), event.sequence(), value);
            }
        }

        @Override
        public void merge(long[] cells, int at, long[] from, int fromAt) {
            if (from[fromAt + PRESENT] != 0) {
                take(cells, at, from[fromAt + TIME], from[fromAt + SEQUENCE], from[fromAt + VALUE]);
            }
        }

        private void take(long[] cells, int at, long time, long sequence, long value) {
            if (cells[at + PRESENT] == 0 || isNearer(cells, at, time, sequence)) {
                cells[at + TIME] = time;
                cells[at + SEQUENCE] = sequence;
                cells[at + VALUE] = value;
                cells[at + PRESENT] = 1;
            }
        }

        /** Of one time and sequence, which are outputs of one step, the one that came first is first. */
        private boolean isNearer(long[] cells, int at, long time, long sequence) {
            long heldTime = cells[at + TIME];
            long heldSequence = cells[at + SEQUENCE];
            boolean isBefore = time < heldTime || (time == heldTime && sequence < heldSequence);
            return isLast ? !isBefore : isBefore;
        }

        static long result(long[] cells, int at) {
            return cells[at + VALUE];
        }
    }

    /**
     * Count, mean, sum of squared distances from the mean: nothing is ever subtracted that was added before.
     *
     * <p><b>Source</b>: Chan, Golub, LeVeque, "Updating Formulae and a Pairwise Algorithm for Computing Sample
     * Variances", 1979; Welford 1962 for one value.
     */
    record Deviation(Input input) implements AggregateFunction {
        @Override
        public int cellCount() {
            return 3;
        }

        @Override
        public void init(long[] cells, int at) {
            cells[at] = 0;
            cells[at + 1] = 0;
            cells[at + 2] = 0;
        }

        @Override
        public void add(long[] cells, int at, Event event) {
            double value = evaluate(event);
            if (!Double.isNaN(value)) {
                long count = ++cells[at];
                double mean = value(cells[at + 1]);
                double distance = value - mean;
                double newMean = mean + distance / count;
                cells[at + 1] = bits(newMean);
                cells[at + 2] = bits(value(cells[at + 2]) + distance * (value - newMean));
            }
        }

        private double evaluate(Event event) {
            if (input.isDouble()) {
                return input.doubles().evaluate(event);
            }
            long value = input.longs().evaluate(event);
            return value == NULL ? Double.NaN : value;
        }

        @Override
        public void merge(long[] cells, int at, long[] from, int fromAt) {
            long otherCount = from[fromAt];
            if (otherCount == 0) {
                return;
            }
            long held = cells[at];
            double count = (double) held + otherCount;
            double distance = value(from[fromAt + 1]) - value(cells[at + 1]);
            double squares = value(cells[at + 2]) + value(from[fromAt + 2]);
            cells[at] = held + otherCount;
            cells[at + 1] = bits(value(cells[at + 1]) + distance * (otherCount / count));
            cells[at + 2] = bits(squares + distance * distance * (held * (otherCount / count)));
        }

        /** Of the sample: divided by count - 1, null of one value. */
        static long sample(long[] cells, int at) {
            return cells[at] < 2 ? NAN : bits(Math.sqrt(value(cells[at + 2]) / (cells[at] - 1)));
        }

        /** Of all there is: divided by count. */
        static long population(long[] cells, int at) {
            return cells[at] < 1 ? NAN : bits(Math.sqrt(value(cells[at + 2]) / cells[at]));
        }
    }

    static long count(long[] cells, int at) {
        return cells[at];
    }

    private static double value(long bits) {
        return Double.longBitsToDouble(bits);
    }

    /** With one NaN only, so that equal states are equal bits. */
    private static long bits(double value) {
        return Double.doubleToLongBits(value);
    }
}
