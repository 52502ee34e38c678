package io.millrace;

import io.millrace.ring.Snapshot;
import io.millrace.ring.SnapshotStore;
import io.millrace.state.StateImage;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Snapshots of a {@link MemoryStore}, copied; it gives out those that journal and outbox reach. */
public final class MemorySnapshots implements SnapshotStore {
    public final TreeMap<Long, Snapshot> written = new TreeMap<>();
    private final List<String> passedOver = new ArrayList<>();
    public RuntimeException failure;
    Runnable beforeWrite = () -> {};
    private final MemoryStore store;

    MemorySnapshots(MemoryStore store) {
        this.store = store;
    }

    @Override
    public synchronized void write(Snapshot snapshot) {
        beforeWrite.run();
        if (failure != null) {
            throw failure;
        }
        StateImage state = new StateImage();
        for (StateImage.Section section : snapshot.state().sections()) {
            state.add(
                    section.name(),
                    section.configHash(),
                    section.state().buffer(),
                    0,
                    section.state().length());
        }
        written.put(
                snapshot.sequence(),
                new Snapshot(
                        snapshot.sequence(),
                        snapshot.epoch(),
                        snapshot.takenNs(),
                        snapshot.outputPlace(),
                        snapshot.lastOutputIdHi(),
                        snapshot.lastOutputIdLo(),
                        snapshot.layouts(),
                        state));
    }

    @Override
    public synchronized @Nullable Snapshot newestBefore(long sequence) {
        for (Snapshot snapshot :
                written.headMap(sequence, false).descendingMap().values()) {
            if (isReached(snapshot)) {
                return snapshot;
            }
        }
        return null;
    }

    /** {@return whether journal and outbox hold all that the snapshot follows from} */
    boolean isReached(Snapshot snapshot) {
        return snapshot.sequence() < store.nextSequence() && snapshot.outputPlace() <= store.nextOutput();
    }

    @Override
    public void onPassedOver(Snapshot snapshot, RuntimeException reason) {
        passedOver.add(snapshot.sequence() + ": " + reason.getMessage());
    }

    @Override
    public List<String> passedOver() {
        return passedOver;
    }
}
