/**
 * Snapshot files: how they look, how they are written so that a crash leaves either none or a whole one, and which of
 * them are kept. Begin with {@link io.millrace.journal.snapshot.SnapshotDirectory}. One thread writes; anybody may
 * read.
 *
 * <pre>
 *   DIRECTORY/snapshots/0000000000000004711.snapshot        the state after sequence 4711
 *   DIRECTORY/snapshots/0000000000000004812.snapshot.tmp    being written, or left by a crash
 * </pre>
 */
@NullMarked
package io.millrace.journal.snapshot;

import org.jspecify.annotations.NullMarked;
