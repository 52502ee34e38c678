/**
 * The embedded pipeline as its user meets it: build one from a {@link io.millrace.PipelineContext}, publish events into
 * it, subscribe to what comes out. Begin with {@link io.millrace.Pipeline}.
 *
 * <pre>
 *   Publisher (the one writer)              ConcurrentPublisher: many threads, a front ring, one sequencer
 *       | claim / commit: ticket
 *       v
 *   ring of slots -------------------------------------------------------.
 *       |                                                                |
 *       v                                                                |
 *   ADMIT    validate, dedup, give the gapless journal sequence          |  a slot is free when EMIT
 *       |    (duplicates and rejects are marked and go no further)       |  has passed it
 *       +---------------------------.                                    |
 *       v                           v                                    |
 *   JOURNAL  one frame per batch  APPLY  windows, patterns, handlers     |
 *       |                           |    output ring, bounded            |
 *       '-----------.   .-----------'                                    |
 *                   v   v                                                |
 *   EMIT     an output leaves when its cause has passed the gate --------'
 *       |---&gt; subscribers in the process
 *       '---&gt; outbox ---&gt; sinks, each with its own checkpoint
 * </pre>
 *
 * <p>A <i>ticket</i> is the position in the ring in this run, a <i>sequence</i> the gapless number of an accepted event
 * in the journal; they are never mixed. How far each stage is: {@code published >= admitted >= max(journaled,
 * applied)}, {@code journaled >= synced}, {@code emitted <= min(gate, applied)}.
 *
 * <p><b>Threading</b>: one thread publishes; the stages run on threads of the pipeline as the plan says.
 */
@NullMarked
package io.millrace;

import org.jspecify.annotations.NullMarked;
