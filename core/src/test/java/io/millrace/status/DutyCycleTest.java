package io.millrace.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.AllocatedBytes;
import org.agrona.concurrent.status.AtomicCounter;
import org.junit.jupiter.api.Test;

class DutyCycleTest {
    private final AtomicCounter counter = Counters.allocate().counter(PipelineCounter.ADMIT_CYCLE_MAX_NS);
    private final DutyCycle cycle = new DutyCycle(counter);

    @Test
    void shouldKeepTheLongest() {
        cycle.record(1_000, 1_500);
        cycle.record(1_500, 3_500);
        cycle.record(3_500, 3_600);

        assertEquals(2_000, counter.get());
    }

    @Test
    void shouldIgnoreAClockThatWentBack() {
        cycle.record(1_000, 900);

        assertEquals(0, counter.get());
    }

    @Test
    void shouldLeaveTheCounterAloneWhenACycleIsNotTheLongest() {
        cycle.record(0, 10);
        counter.set(5);

        cycle.record(0, 10);

        assertEquals(5, counter.get());
    }

    @Test
    void shouldGoOnFromWhatTheCounterHolds() {
        cycle.record(0, 100);
        DutyCycle next = new DutyCycle(counter);

        next.record(0, 50);

        assertEquals(100, counter.get());
    }

    @Test
    void shouldAllocateNothing() {
        assertTrue(AllocatedBytes.of(Counters::allocate) > 0, "positive control");

        long bytes = AllocatedBytes.of(() -> {
            for (int i = 0; i < 10_000; i++) {
                cycle.record(0, i);
            }
        });

        assertEquals(0, bytes);
    }
}
