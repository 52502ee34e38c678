package io.millrace.window;

/** What a row says of an {@link AggregateFunction}'s cells. */
@FunctionalInterface
public interface CellResult {
    /**
     * {@return the result: a long, {@link io.millrace.expression.LongExpression#NULL} for null; or the bits of a
     * double,
     * those of NaN for null} Must not change the cells.
     */
    long of(long[] cells, int at);
}
