package io.millrace.journal.snapshot;

import io.millrace.event.TypeLayout;
import java.util.List;

/**
 * What a snapshot file says of itself before the state.
 *
 * @param fileLength in bytes
 * @param sequence of the last record that the state knows
 * @param epoch of the run that took it
 * @param takenNs in nanoseconds since the epoch
 * @param outputPlace place in the outbox behind the last output of the records up to {@code sequence}; -1 if none was
 *     kept
 * @param lastOutputIdHi identity of that output; meaningful if {@code lastOutputIdLo} is not -1
 * @param lastOutputIdLo sequence of its cause, -1 if there was none
 * @param stateHash over all state
 * @param layouts of the event types
 * @param parts of the state in their order
 */
public record SnapshotHeader(
        long fileLength,
        SnapshotOrigin origin,
        long sequence,
        int epoch,
        long takenNs,
        long outputPlace,
        long lastOutputIdHi,
        long lastOutputIdLo,
        long stateHash,
        List<TypeLayout> layouts,
        List<Part> parts) {
    /**
     * State of one part.
     *
     * @param configHash of the settings it was saved under, 0 if nobody told one
     * @param length in bytes
     */
    public record Part(String name, long configHash, int length) {}
}
