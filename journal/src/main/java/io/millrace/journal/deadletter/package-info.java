/** Keeps the events that a handler gave up on, with the handler, the error and the attempts. */
@NullMarked
package io.millrace.journal.deadletter;

import org.jspecify.annotations.NullMarked;
