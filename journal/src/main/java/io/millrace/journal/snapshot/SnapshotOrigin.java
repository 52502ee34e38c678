package io.millrace.journal.snapshot;

/**
 * Which journal a snapshot belongs to, and where in it.
 *
 * @param journalIdHi of the journal, as in its start frames
 * @param journalIdLo see {@code journalIdHi}
 * @param start that took it
 * @param frameFirstSequence first sequence of the frame that holds the snapshot's own
 * @param frameCrc CRC of that frame: a journal whose frame has another one went another way
 */
public record SnapshotOrigin(long journalIdHi, long journalIdLo, int start, long frameFirstSequence, int frameCrc) {}
