/**
 * Text to events and back: CSV and JSON lines by the schema of an event type. {@link io.millrace.ops.format.RowReader}
 * reads rows by an {@link io.millrace.ops.format.EventMapping}, {@link io.millrace.ops.format.EventJson} writes events.
 * One thread per object.
 *
 * <pre>
 *   bytes -> CsvRows or JsonRows -> Row (cells) -> RowEncoder -> MutableEvent
 *                      |                              |
 *                      '----------> RowError <--------'
 * </pre>
 */
@NullMarked
package io.millrace.ops.format;

import org.jspecify.annotations.NullMarked;
