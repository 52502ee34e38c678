/**
 * Streams: filter, map, key, window, join and look up events, and put out what comes of them. Begin with {@link
 * io.millrace.stream.StreamBuilder}. What is built is one {@link io.millrace.state.Operator}, so all of it runs on the
 * thread of APPLY, allocates nothing after warm-up, and is a function of the accepted records alone.
 *
 * <pre>
 *   from(orderPlaced) --&gt; filter --&gt; map --&gt; keyBy --&gt; window ----&gt; having --&gt; to("revenue")
 *                             \                            \
 *                              '--&gt; split --&gt; to("big")     '----&gt; through(any Operator) --&gt; to("alerts")
 *                                        '--&gt; to("small")
 *   from(payment) ---------&gt; join ---&gt; lookup --&gt; to("paid")
 * </pre>
 *
 * <p>Each stream has an event type, and each step that changes it derives one ({@link io.millrace.event.DerivedType}),
 * so that expressions, the next operator and the tools read it by the names of its fields.
 */
@NullMarked
package io.millrace.stream;

import org.jspecify.annotations.NullMarked;
