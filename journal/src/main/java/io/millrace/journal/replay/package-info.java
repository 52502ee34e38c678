/**
 * Runs accepted records again: any range of them, at any pace, under the configuration that they were accepted with or
 * under another one. Begin with {@link io.millrace.journal.replay.ReplaySession}.
 *
 * <pre>
 *   journal/START/*.cq4 --&gt; FrameReader --&gt; ReplaySession --&gt; Replayer --&gt; outputs to a handler, or nowhere
 *                                                                  |
 *   outbox/START/*.cq4 ---&gt; FrameReader --&gt; ReplayComparison &lt;-----+----&gt; WhatIf, two sessions side by side
 * </pre>
 *
 * <p>No effect is muted by a flag: a replay has no journal, no outbox, no subscribers and no sinks to write to.
 * Sessions take no lock and work on a journal that is being written.
 */
@NullMarked
package io.millrace.journal.replay;

import org.jspecify.annotations.NullMarked;
