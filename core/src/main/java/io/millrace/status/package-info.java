/** Counters and the distinct error log, in buffers that the owner hands in. */
@NullMarked
package io.millrace.status;

import org.jspecify.annotations.NullMarked;
