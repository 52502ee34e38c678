/**
 * The commands {@code millrace journal ...}: look at the logs of a data directory, check, copy, thin out and repair
 * them. Begin with {@link io.millrace.ops.journal.JournalCommand}; each runs on one thread and reads without the lock.
 */
@NullMarked
package io.millrace.ops.journal;

import org.jspecify.annotations.NullMarked;
