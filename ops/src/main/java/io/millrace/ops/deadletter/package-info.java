/**
 * {@code millrace dlq}: dead letters, and what is to become of them. Begin with
 * {@link io.millrace.ops.deadletter.DeadLetterCommand}.
 */
@NullMarked
package io.millrace.ops.deadletter;

import org.jspecify.annotations.NullMarked;
