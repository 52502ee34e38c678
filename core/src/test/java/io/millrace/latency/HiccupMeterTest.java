package io.millrace.latency;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.AllocatedBytes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class HiccupMeterTest {
    private static final long INTERVAL_NS = 1_000_000;
    private static final long SLACK_NS = 60_000;

    private final Deque<Long> sleepsNs = new ArrayDeque<>();
    private long nowNs;
    private final HiccupMeter meter = new HiccupMeter(INTERVAL_NS, () -> nowNs, this::sleep);

    @Test
    void shouldRecordByHowMuchASleepExceedsTheShortest() {
        measure(INTERVAL_NS + SLACK_NS, INTERVAL_NS + SLACK_NS, INTERVAL_NS + SLACK_NS + 300_000);

        Histogram pauses = meter.recorder().totalHistogram(null);
        assertEquals(3, pauses.getTotalCount());
        assertEquals(2, pauses.getCountAtValue(0));
        assertEquals(1, pauses.getCountAtValue(300_000));
    }

    @Test
    void shouldRecordTheSleepsThatALongPauseHides() {
        measure(INTERVAL_NS, INTERVAL_NS + 3_500_000);

        Histogram pauses = meter.recorder().totalHistogram(null);
        assertEquals(1 + 3, pauses.getTotalCount());
        for (long pauseNs : List.of(3_500_000L, 2_500_000L, 1_500_000L)) {
            assertEquals(1, pauses.getCountAtValue(pauseNs), "pauseNs=" + pauseNs);
        }
    }

    @Test
    void shouldSleepOnWhenWokenEarly() {
        measure(400_000, 600_000, INTERVAL_NS + 5_000);

        Histogram pauses = meter.recorder().totalHistogram(null);
        assertEquals(2, pauses.getTotalCount());
        assertEquals(5_000, pauses.getMaxValue(), 5);
    }

    @Test
    void shouldAllocateNothingWhenMeasuring() {
        HiccupMeter real = new HiccupMeter(1, System::nanoTime, durationNs -> {});
        assertTrue(AllocatedBytes.of(() -> real.recorder().totalHistogram(null)) > 0, "positive control");

        long bytes = AllocatedBytes.of(() -> {
            for (int i = 0; i < 10_000; i++) {
                real.measure();
            }
        });

        assertEquals(0, bytes);
    }

    @Test
    void shouldMeasureFromStartToClose() {
        HiccupMeter real = new HiccupMeter(100_000);
        try (real) {
            real.start();
            while (real.recorder().totalHistogram(null).getTotalCount() < 5) {
                Thread.onSpinWait();
            }
            assertTrue(threadIsAlive());
        }

        assertFalse(threadIsAlive());
    }

    @Test
    void shouldRefuseToStartTwice() {
        try (HiccupMeter real = new HiccupMeter().start()) {
            assertEquals(
                    "cannot start hiccup meter: started=true (expected: false); make a new one",
                    assertThrows(IllegalStateException.class, real::start).getMessage());
        }
    }

    @Test
    void shouldRefuseAnIntervalOfNothing() {
        assertEquals(
                "cannot build hiccup meter: intervalNs=0 (expected: greater than 0); take 1000000",
                assertThrows(IllegalArgumentException.class, () -> new HiccupMeter(0))
                        .getMessage());
    }

    private void measure(long... durationsNs) {
        for (long durationNs : durationsNs) {
            sleepsNs.add(durationNs);
        }
        while (!sleepsNs.isEmpty()) {
            meter.measure();
        }
    }

    private void sleep(long durationNs) {
        nowNs += sleepsNs.remove();
    }

    private static boolean threadIsAlive() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals(HiccupMeter.TAG));
    }
}
