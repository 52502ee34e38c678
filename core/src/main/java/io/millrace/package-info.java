/** The embedded pipeline as its user meets it: build one, publish events into it, subscribe to what comes out. */
@NullMarked
package io.millrace;

import org.jspecify.annotations.NullMarked;
