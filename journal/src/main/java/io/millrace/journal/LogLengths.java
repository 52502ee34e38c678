package io.millrace.journal;

/**
 * Sizes of a log, in bytes.
 *
 * @param segmentLength where a segment ends; a multiple of {@code blockLength}
 * @param blockLength what Chronicle maps at a time, a power of two
 * @param frameLength the longest frame, a multiple of 8
 */
record LogLengths(long segmentLength, int blockLength, int frameLength) {}
