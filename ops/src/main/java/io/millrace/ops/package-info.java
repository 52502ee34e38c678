/** The millrace command: configuration, text formats, ingress, egress and metrics around a pipeline. */
@NullMarked
package io.millrace.ops;

import org.jspecify.annotations.NullMarked;
