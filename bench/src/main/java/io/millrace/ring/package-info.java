/**
 * jcstress tests of what {@code io.millrace.ring} shares between threads; in this package, as it shows none of it.
 */
@NullMarked
package io.millrace.ring;

import org.jspecify.annotations.NullMarked;
