/** Keeps outputs in frames of their own until each sink has read them past its checkpoint. */
@NullMarked
package io.millrace.journal.outbox;

import org.jspecify.annotations.NullMarked;
