/**
 * What could not be processed: events that a handler gave up on, and rows of input that are no events. Begin with
 * {@link io.millrace.journal.deadletter.DeadLetterQueue}.
 */
@NullMarked
package io.millrace.journal.deadletter;

import org.jspecify.annotations.NullMarked;
