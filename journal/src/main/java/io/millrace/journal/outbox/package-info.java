/**
 * Sinks: readers of the outbox, each with a thread and a checkpoint of its own, so that a slow one holds up nobody.
 * Begin with {@link io.millrace.journal.outbox.SinkRunner}.
 *
 * <pre>
 *   EMIT --&gt; outbox/START/*.cq4 --&gt; FrameReader --&gt; SinkRunner --&gt; Sink
 *                                                       |
 *                                                       '--&gt; outbox/NAME.checkpoint
 * </pre>
 */
@NullMarked
package io.millrace.journal.outbox;

import org.jspecify.annotations.NullMarked;
