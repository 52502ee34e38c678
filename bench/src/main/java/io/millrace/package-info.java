/** jcstress tests of what {@code io.millrace} shares between threads. */
@NullMarked
package io.millrace;

import org.jspecify.annotations.NullMarked;
