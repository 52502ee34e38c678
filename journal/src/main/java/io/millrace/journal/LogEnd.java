package io.millrace.journal;

/**
 * What the file {@code open} says of a log.
 *
 * @param isClosed whether {@code point} is the end of the log, on the disk whole; if not it is where the start began
 * @param start the newest one that the log has
 * @param point its {@code previousCrc} is the CRC of the last frame, or of the start frame if there is none behind it
 * @param bootId of the boot in which the start wrote
 */
record LogEnd(boolean isClosed, int start, ChainPoint point, String bootId) {}
