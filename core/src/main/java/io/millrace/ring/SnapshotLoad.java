package io.millrace.ring;

import io.millrace.state.StateImage;

/**
 * Loads the newest snapshot that fits, at the start of a pipeline. One that does not fit is passed over: the next older
 * one is tried, and if there is none, all is left at its beginning.
 */
final class SnapshotLoad {
    private final SnapshotStore store;
    private final ChainState state;
    private final StateImage beginning = new StateImage();

    SnapshotLoad(SnapshotStore store, ChainState state) {
        this.store = store;
        this.state = state;
    }

    /** {@return the sequence of the snapshot, -1 if none was loaded} */
    long run() {
        state.save(beginning);
        Snapshot snapshot = store.newestBefore(Long.MAX_VALUE);
        while (snapshot != null) {
            try {
                state.load(snapshot);
                return snapshot.sequence();
            } catch (RuntimeException e) {
                state.load(beginning);
                store.onPassedOver(snapshot, e);
            }
            snapshot = store.newestBefore(snapshot.sequence());
        }
        return -1;
    }
}
