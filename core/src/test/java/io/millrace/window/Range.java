package io.millrace.window;

import io.millrace.event.Event;
import io.millrace.expression.LongExpression;

/** Smallest and greatest value of a pane: the least function of one's own that has to be merged. */
record Range(LongExpression input) implements AggregateFunction {
    @Override
    public int cellCount() {
        return 2;
    }

    @Override
    public void init(long[] cells, int at) {
        cells[at] = Long.MAX_VALUE;
        cells[at + 1] = Long.MIN_VALUE;
    }

    @Override
    public void add(long[] cells, int at, Event event) {
        long value = input.evaluate(event);
        cells[at] = Math.min(cells[at], value);
        cells[at + 1] = Math.max(cells[at + 1], value);
    }

    @Override
    public void merge(long[] cells, int at, long[] from, int fromAt) {
        cells[at] = Math.min(cells[at], from[fromAt]);
        cells[at + 1] = Math.max(cells[at + 1], from[fromAt + 1]);
    }
}
