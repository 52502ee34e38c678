package io.millrace.ring;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where snapshots are kept. <b>Threading</b>: one thread at a time.
 */
public interface SnapshotStore {
    /**
     * Writes a snapshot, which counts when this returns. The journal is on the disk through its sequence and the outbox
     * through its place.
     *
     * @param snapshot whose state may change again afterwards
     */
    void write(Snapshot snapshot);

    /**
     * {@return the newest snapshot before a sequence that can be read, and that journal and outbox both still reach;
     * null if there is none}
     */
    @Nullable
    Snapshot newestBefore(long sequence);

    /** Hears that a snapshot was passed over because its state does not fit the pipeline. */
    void onPassedOver(Snapshot snapshot, RuntimeException reason);

    /** {@return snapshots that were newer than the one used and could not be, each with the reason; in words} */
    List<String> passedOver();
}
