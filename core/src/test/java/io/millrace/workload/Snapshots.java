package io.millrace.workload;

import io.millrace.state.BufferStateReader;
import io.millrace.state.BufferStateWriter;
import io.millrace.state.Stateful;

/** Moves state from one instance to another by way of bytes. */
public final class Snapshots {
    private Snapshots() {}

    /** Loads what the source saves, all of it, and checks that both then have the same hash. */
    public static <T extends Stateful> T copy(Stateful source, T target) {
        BufferStateWriter writer = new BufferStateWriter(1024);
        source.save(writer);
        BufferStateReader reader = writer.reader();
        target.load(reader);
        reader.expectEnd();
        if (source.stateHash() != target.stateHash()) {
            throw new AssertionError("state hash differs after load: " + source.name());
        }
        return target;
    }
}
