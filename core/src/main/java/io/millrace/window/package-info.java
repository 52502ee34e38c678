/**
 * Aggregates events over panes and windows of event time, driven by a watermark. Begin with {@link
 * io.millrace.window.AggregateSpec} and {@link io.millrace.window.AggregateOperator}; {@link
 * io.millrace.window.WindowSpec} and {@link io.millrace.window.WindowOperator} are the special case of one integer
 * field that
 * keeps running totals. All of it runs on the thread of APPLY.
 *
 * <pre>
 *   size 60 s, slide 20 s: pane = gcd(60, 20) = 20 s; one update per event, whatever the overlap
 *
 *                    closed | watermark W         open
 *   event time  0    20    40    60    80   100   120
 *   panes       | 2   | 1   |  3  |     |  1  |     |        values of one key
 *   windows     [--- 6 values ----)                          end  60: emitted when W &gt;= 60 s - 1 ns
 *                     [--- 4 values ----)                    end  80
 *                           [--- 4 values ----)              end 100
 *                                 [---- 1 value ----)        end 120
 *
 *   event ----&gt; its pane ----&gt; WindowOperator: running count and sum of its key's next window
 *   W passes an end ----&gt; sweep over the live keys, a budget per record:
 *                           WindowOperator: row out, then subtract the pane that leaves, add those that come in
 *                           AggregateOperator: merge the panes of the window, row out
 * </pre>
 *
 * <p>A window is {@code [start, end)}, aligned to the epoch and an offset; an event at exactly {@code end} is of the
 * next one, but of a session, which it lengthens. An event out of order goes to its own pane while any window of it is
 * open, and is too late after that.
 */
@NullMarked
package io.millrace.window;

import org.jspecify.annotations.NullMarked;
