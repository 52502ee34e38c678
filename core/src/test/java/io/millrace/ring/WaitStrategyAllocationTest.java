package io.millrace.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.AllocatedBytes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WaitStrategyAllocationTest {
    private static final int GAP_COUNT = 150;
    private static final int STEP_COUNT = 12;

    private Object sink = "";

    @ParameterizedTest
    @MethodSource("names")
    void shouldAllocateNothing(String name) {
        WaitStrategy wait = WaitStrategy.named(name, 1);
        assertTrue(AllocatedBytes.of(this::allocate) >= 16 * GAP_COUNT, "positive control");

        assertEquals(0, AllocatedBytes.of(() -> useAll(wait)));
    }

    private static void useAll(WaitStrategy wait) {
        for (int gap = 0; gap < GAP_COUNT; gap++) {
            for (int step = 0; step < STEP_COUNT; step++) {
                wait.idle();
            }
            wait.signal();
            wait.onWork();
        }
    }

    private void allocate() {
        for (int i = 0; i < GAP_COUNT; i++) {
            sink = new Object[] {sink.getClass()};
        }
    }

    private static Iterable<String> names() {
        return WaitStrategy.names();
    }
}
