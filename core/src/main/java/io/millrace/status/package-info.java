/**
 * Counters and the distinct error log, in buffers that the owner hands in.
 *
 * <pre>
 *   stage threads --- setRelease, incrementRelease ---> values buffer  --- CountersReader ---> any thread, any process
 *   any thread    --- onError ------------------------> error buffer   --- ErrorLog.read ----> any thread, any process
 * </pre>
 *
 * <p>{@link io.millrace.status.PipelineCounter} says what is counted, {@link io.millrace.status.Counters} lays it out.
 */
@NullMarked
package io.millrace.status;

import org.jspecify.annotations.NullMarked;
