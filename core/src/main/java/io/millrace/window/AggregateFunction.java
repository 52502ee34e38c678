package io.millrace.window;

import io.millrace.event.Event;

/**
 * How an aggregate is kept: in a fixed number of cells, longs in a slab that holds those of many keys and panes.
 * What a
 * pane holds of an aggregate are its cells and nothing else; the function itself has no state.
 *
 * <pre>{@code
 *   record Range(LongExpression input) implements AggregateFunction {     // greatest less least
 *       public int cellCount() { return 2; }
 *       public void init(long[] cells, int at) { cells[at] = Long.MAX_VALUE; cells[at + 1] = Long.MIN_VALUE; }
 *       public void add(long[] cells, int at, Event event) {
 *           long value = input.evaluate(event);
 *           cells[at] = Math.min(cells[at], value);
 *           cells[at + 1] = Math.max(cells[at + 1], value);
 *       }
 *       public void merge(long[] cells, int at, long[] from, int fromAt) {
 *           cells[at] = Math.min(cells[at], from[fromAt]);
 *           cells[at + 1] = Math.max(cells[at + 1], from[fromAt + 1]);
 *       }
 *   }
 *   Aggregate range = Aggregate.own("range", new Range(amount), FieldType.INT64, (cells, at) -> cells[at + 1] -
 * cells[at]);
 * }</pre>
 *
 * <p>A window is the merge of its panes, in any order and any grouping, so merging must give the same then. There is
 * no
 * opposite of it: values leave with their pane, nothing is subtracted.
 *
 * <p><b>Threading</b>: the thread of APPLY. <b>Allocation</b>: must be none. <b>Failure</b>: an exception halts the
 * pipeline. Must depend on its arguments alone, no clock and no chance, for else a replay differs. Equal functions
 * (by
 * {@code equals}) share their cells.
 */
public interface AggregateFunction {
    /** {@return how many cells it takes, 1 to {@link AggregateSpec#MAX_CELLS}, always the same} */
    int cellCount();

    /** Makes cells of any content those of no event. */
    void init(long[] cells, int at);

    /** Adds an event to cells. One whose input is null it leaves out. */
    void add(long[] cells, int at, Event event);

    /** Adds what other cells hold, which do not change; the two do not overlap. */
    void merge(long[] cells, int at, long[] from, int fromAt);
}
