/** Finds sequences of events that match a pattern, as runs of an automaton. */
@NullMarked
package io.millrace.pattern;

import org.jspecify.annotations.NullMarked;
