package io.millrace.dedup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.AllocatedBytes;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DedupAllocationTest {
    private static final int CALL_COUNT = 100_000;

    private long sequence;
    private long sink;
    private final Object[] garbage = new Object[7];

    static Stream<Dedup> dedups() {
        return Stream.of(new LastIds("ids", 10_000), new ProducerWindows("producers", 50, 256));
    }

    @ParameterizedTest
    @MethodSource("dedups")
    void shouldAllocateNothingWhenWarm(Dedup dedup) {
        assertTrue(AllocatedBytes.of(this::useWastefully) >= 16L * CALL_COUNT, "positive control");

        assertEquals(0, AllocatedBytes.of(() -> use(dedup)));
    }

    /** New ids, duplicates, more producers than fit and ids below the window. */
    private void use(Dedup dedup) {
        for (int i = 0; i < CALL_COUNT; i++) {
            long idHi = ProducerWindows.idHi(sequence % 60, 1);
            long idLo = sequence - (i % 10 == 0 ? 60L * (i % 700) : 0);
            sink += dedup.touch(idHi, idLo);
            sink += dedup.admit(idHi, idLo, sequence++);
        }
    }

    private void useWastefully() {
        for (int i = 0; i < CALL_COUNT; i++) {
            garbage[i % garbage.length] = new byte[16];
        }
    }
}
