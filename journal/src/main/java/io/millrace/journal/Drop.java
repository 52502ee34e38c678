package io.millrace.journal;

import java.nio.file.Path;

/**
 * Bytes that a recovery leaves out; a copy of them goes to quarantine, the file stays as it is.
 *
 * @param offset in the file, in bytes
 * @param length in bytes, at least 0
 * @param reason for people
 */
record Drop(Path file, long offset, long length, String reason) {}
