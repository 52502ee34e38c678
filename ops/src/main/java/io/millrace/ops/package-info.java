/**
 * The millrace command: reads a configuration and runs a pipeline on an input. Begin with
 * {@link io.millrace.ops.MillraceCommand}; one thread, but for the pipeline's own and those of sinks and logs.
 *
 * <pre>
 *   RunCommand --&gt; RunSession
 *     Inputs --rows--&gt; RowPublisher --events--&gt; Pipeline --&gt; Tally (subscribers)
 *                          |                       |-------&gt; Journal: outbox --&gt; SinkThread --&gt; JsonLinesSink
 *                          '--&gt; BadRows            '-------&gt; LatencyLog
 *     Figures --&gt; RunSummary --&gt; SummaryText or command.Json
 * </pre>
 */
@NullMarked
package io.millrace.ops;

import org.jspecify.annotations.NullMarked;
