/** Keyed tables and how the state of a stage is saved, loaded and hashed. */
@NullMarked
package io.millrace.state;

import org.jspecify.annotations.NullMarked;
