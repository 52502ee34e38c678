package io.millrace.journal;

import java.nio.channels.FileChannel;

/**
 * A segment whose disk space is there.
 *
 * @param segment number within the start
 * @param channel of the file, open since before Chronicle renamed it, so that no error of a later write-back is missed
 */
record ReservedSegment(int segment, FileChannel channel) {}
