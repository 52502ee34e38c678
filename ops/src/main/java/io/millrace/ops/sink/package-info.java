/**
 * {@code millrace sink}: how far the readers of a data directory are, and putting one elsewhere. Begin with
 * {@link io.millrace.ops.sink.SinkCommand}.
 */
@NullMarked
package io.millrace.ops.sink;

import org.jspecify.annotations.NullMarked;
