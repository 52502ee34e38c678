/** The journal of accepted events: frames appended to Chronicle segments, the raw frame reader and recovery. */
@NullMarked
package io.millrace.journal;

import org.jspecify.annotations.NullMarked;
