/** Aggregates events over panes and windows of event time, driven by a watermark. */
@NullMarked
package io.millrace.window;

import org.jspecify.annotations.NullMarked;
