package io.millrace.journal;

/**
 * A place in a log at which a reader can begin.
 *
 * @param start number of the start
 * @param segment number within the start, from 0; meaningless if {@code after} is beyond what the start wrote
 * @param documentOffset of the first frame to read, in bytes; 0 is the beginning of the segment
 * @param after what that frame continues
 */
record LogPlace(int start, int segment, long documentOffset, ChainPoint after) {}
