/**
 * The journal of accepted events: frames appended to Chronicle segments, the raw frame reader and recovery. Begin with
 * {@link io.millrace.journal.Journal}.
 *
 * <pre>
 *                 append, commit                     one excerpt per frame
 *   JOURNAL ----------------------> FrameLog ---------------------------------> journal/00000003/19700101-00F.cq4
 *   EMIT    ----------------------> FrameLog ---------------------------------> outbox/00000003/19700101-00F.cq4
 *                                      ^                                            |
 *                 next segment reserved|                     plain bounded reads    |
 *   millrace-housekeeping -------------'                                            v
 *                                              recovery, replay, sinks, tools  <- FrameReader
 *
 *   directory/
 *     millrace.lock                pid, start time, host and command of the process that owns the directory
 *     journal/START/               one directory per start, numbers of eight digits that only grow
 *       start.frame                where this start continues: sequence and CRC of the last frame kept, epoch
 *       19700101-00F.cq4           segment 0, segment 1 is 19700101-01F.cq4 and so on
 *       19700101-01F.precreated    the segment reserved next
 *       metadata.cq4t              Chronicle's own
 *     outbox/START/                the same for outputs
 *     deadletters/START/           the same for dead letters
 *     quarantine/                  copies of what recoveries dropped
 * </pre>
 *
 * <p>A start never writes to the files of another one. Threads: one appends to a log, any may force it, one
 * housekeeping thread per {@link io.millrace.journal.Journal} reserves segments.
 */
@NullMarked
package io.millrace.journal;

import org.jspecify.annotations.NullMarked;
