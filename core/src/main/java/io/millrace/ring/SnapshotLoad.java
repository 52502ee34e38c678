package io.millrace.ring;

import io.millrace.state.StateImage;

/**
 * Loads the newest snapshot that fits, at the start of a pipeline. One that does not fit is passed over: the next older
 * one is tried, and if there is none, all is left at its beginning.
 */
final class SnapshotLoad {
    private final SnapshotStore store;
    private final ChainState state;
    private final OperatorRoster roster;
    private final ChainHistory history;
    private final long nextSequence;
    private final StateImage beginning = new StateImage();

    /** @param nextSequence behind the journal's last record */
    SnapshotLoad(
            SnapshotStore store, ChainState state, OperatorRoster roster, ChainHistory history, long nextSequence) {
        this.store = store;
        this.state = state;
        this.roster = roster;
        this.history = history;
        this.nextSequence = nextSequence;
    }

    /** {@return the sequence of the snapshot, -1 if none was loaded} */
    long run() {
        roster.activateAll();
        state.save(beginning);
        roster.follow(history, nextSequence);
        Snapshot snapshot = store.newestBefore(Long.MAX_VALUE);
        while (snapshot != null) {
            try {
                state.load(snapshot, history);
                return snapshot.sequence();
            } catch (RuntimeException e) {
                roster.rules().clear();
                roster.activateAll();
                state.load(beginning);
                roster.follow(history, nextSequence);
                store.onPassedOver(snapshot, e);
            }
            snapshot = store.newestBefore(snapshot.sequence());
        }
        return -1;
    }
}
