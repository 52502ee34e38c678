package io.millrace.ring;

/** How safe an event is, from weak to strong. */
public enum Level {
    /** In the ring: lost if the process dies. */
    PUBLISHED,
    /** In the journal's page cache: survives the process, not the machine. */
    JOURNALED,
    /** {@code fdatasync} returned after it: survives a power cut if the drive keeps its word. */
    SYNCED
}
