/**
 * What every command needs: statuses, failures that are told to the user, JSON, signals; and what those need that look
 * at a data directory, in use or not. A command prints results to standard output and everything else to standard
 * error; it runs on one thread.
 *
 * <pre>
 *   DataOptions (--data, -c) --&gt; DataDirectory: path, event types by KeptConfig, Holder
 *   LogOption (--log), RangeOptions (--from, --to, ...) --&gt; RecordFilter
 *                                 RecordScan --&gt; RecordPrinter: RecordText or RecordJson
 *   EventId, KeyText, FieldTest, TimeText: what users write
 * </pre>
 */
@NullMarked
package io.millrace.ops.command;

import org.jspecify.annotations.NullMarked;
