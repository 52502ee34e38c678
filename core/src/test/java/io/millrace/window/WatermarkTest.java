package io.millrace.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.state.StateException;
import io.millrace.workload.Snapshots;
import org.junit.jupiter.api.Test;

class WatermarkTest {
    @Test
    void shouldStayOneBehindOutOfOrderness() {
        Watermark watermark = new Watermark(10, 0, false);
        assertEquals(Watermark.NONE, watermark.watermarkNs());

        assertEquals(89, watermark.onEvent(100, 0));
        assertEquals(89, watermark.onEvent(95, 0));
        assertEquals(90, watermark.onEvent(101, 0));
        assertEquals(101, watermark.maxTimestampNs());
    }

    @Test
    void shouldCountEventsNotAheadOfWatermarkAsLate() {
        Watermark watermark = new Watermark(10, 0, false);
        watermark.onEvent(100, 0);
        watermark.onEvent(90, 0);
        assertEquals(0, watermark.lateCount());

        watermark.onEvent(89, 0);
        assertEquals(1, watermark.lateCount());
    }

    @Test
    void shouldSaturateInsteadOfOverflowing() {
        Watermark watermark = new Watermark(Long.MAX_VALUE, 0, false);

        assertEquals(Watermark.NONE, watermark.onEvent(Long.MIN_VALUE, 0));
        assertEquals(Watermark.NONE, watermark.onEvent(-1, 0));
        assertEquals(-Long.MAX_VALUE + 4, watermark.onEvent(5, 0));
        assertEquals(-1, watermark.onEvent(Long.MAX_VALUE, 0));
    }

    @Test
    void shouldMoveOnlyToSkewLimitWhenEventIsFromTheFuture() {
        Watermark watermark = new Watermark(0, 50, false);
        assertEquals(149, watermark.onEvent(150, 100));
        assertEquals(0, watermark.skewedCount());

        assertEquals(159, watermark.onEvent(Long.MAX_VALUE, 110));
        assertEquals(1, watermark.skewedCount());
        assertTrue(watermark.isSkewed(161, 110));
        assertFalse(watermark.isSkewed(160, 110));
        assertFalse(watermark.isSkewed(Long.MAX_VALUE, Long.MAX_VALUE - 1), "the limit saturates");
    }

    @Test
    void shouldTakeAnyTimeWhenSkewIsOff() {
        Watermark watermark = new Watermark(0, 0, false);

        assertEquals(Long.MAX_VALUE - 1, watermark.onEvent(Long.MAX_VALUE, 0));
        assertFalse(watermark.isSkewed(Long.MAX_VALUE, 0));
    }

    @Test
    void shouldMoveOnTickOnlyWhenIdleAdvanceIsOn() {
        Watermark still = new Watermark(10, 0, false);
        still.onEvent(100, 0);
        assertEquals(89, still.onTick(1000));

        Watermark moving = new Watermark(10, 0, true);
        moving.onEvent(100, 0);
        assertEquals(989, moving.onTick(1000));
        assertEquals(989, moving.onTick(500));
        assertEquals(989, moving.onEvent(600, 0));
        assertEquals(1, moving.lateCount());
    }

    @Test
    void shouldStayAtEnd() {
        Watermark watermark = new Watermark(10, 0, true);
        watermark.onEvent(100, 0);

        assertEquals(Watermark.END, watermark.onEnd());
        assertEquals(Watermark.END, watermark.onEvent(200, 0));
        assertEquals(Watermark.END, watermark.onTick(300));
        assertEquals(1, watermark.lateCount());
    }

    @Test
    void shouldGoOnFromSavedState() {
        Watermark saved = new Watermark(10, 50, true);
        saved.onEvent(1000, 100);
        saved.onEvent(1, 100);

        Watermark loaded = Snapshots.copy(saved, new Watermark(10, 50, true));
        assertEquals(139, loaded.watermarkNs());
        assertEquals(1, loaded.skewedCount());
        assertEquals(1, loaded.lateCount());
        assertEquals(saved.onEvent(180, 160), loaded.onEvent(180, 160));
    }

    @Test
    void shouldNotLoadStateOfOtherSettings() {
        StateException e = assertThrows(
                StateException.class, () -> Snapshots.copy(new Watermark(10, 0, true), new Watermark(11, 0, true)));
        assertEquals(
                "cannot load watermark: saved outOfOrdernessNs=10 (expected: 11, as configured);"
                        + " configure what it was saved under, or start on an empty data directory",
                e.getMessage());
    }

    @Test
    void shouldRefuseNegativeDurations() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> new Watermark(-1, 0, false));
        assertEquals(
                "cannot build watermark: outOfOrdernessNs=-1 (expected: 0 or more); set a duration in nanoseconds",
                e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new Watermark(0, -1, false));
    }
}
