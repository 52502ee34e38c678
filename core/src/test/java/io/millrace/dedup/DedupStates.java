package io.millrace.dedup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.state.BufferStateReader;
import io.millrace.state.BufferStateWriter;
import io.millrace.state.StateException;

/** Saves and loads in tests of this package. */
final class DedupStates {
    private DedupStates() {}

    static BufferStateWriter saved(Dedup dedup) {
        BufferStateWriter writer = new BufferStateWriter(256);
        dedup.save(writer);
        return writer;
    }

    /** {@return target, which now holds the state of source} */
    static <T extends Dedup> T copied(T source, T target) {
        BufferStateReader reader = saved(source).reader();
        target.load(reader);
        reader.expectEnd();
        assertEquals(source.stateHash(), target.stateHash());
        return target;
    }

    static void assertRefused(String message, Dedup dedup, BufferStateWriter saved) {
        StateException e = assertThrows(StateException.class, () -> dedup.load(saved.reader()));

        assertEquals(message, e.getMessage());
    }
}
