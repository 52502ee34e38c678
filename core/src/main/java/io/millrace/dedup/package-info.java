/** Recognises events seen before, by producer windows or by the exact last ids. */
@NullMarked
package io.millrace.dedup;

import org.jspecify.annotations.NullMarked;
