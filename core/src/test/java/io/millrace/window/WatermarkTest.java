package io.millrace.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.state.StateException;
import io.millrace.workload.Snapshots;
import org.junit.jupiter.api.Test;

class WatermarkTest {
    @Test
    void shouldStayOneBehindOutOfOrderness() {
        Watermark watermark = new Watermark(10, false);
        assertEquals(Watermark.NONE, watermark.watermarkNs());

        assertEquals(89, watermark.onEvent(100));
        assertEquals(89, watermark.onEvent(95));
        assertEquals(90, watermark.onEvent(101));
        assertEquals(101, watermark.maxTimestampNs());
    }

    @Test
    void shouldCountEventsNotAheadOfWatermarkAsLate() {
        Watermark watermark = new Watermark(10, false);
        watermark.onEvent(100);
        watermark.onEvent(90);
        assertEquals(0, watermark.lateCount());

        watermark.onEvent(89);
        assertEquals(1, watermark.lateCount());
    }

    @Test
    void shouldSaturateInsteadOfOverflowing() {
        Watermark watermark = new Watermark(Long.MAX_VALUE, false);

        assertEquals(Watermark.NONE, watermark.onEvent(Long.MIN_VALUE));
        assertEquals(Watermark.NONE, watermark.onEvent(-1));
        assertEquals(-Long.MAX_VALUE + 4, watermark.onEvent(5));
        assertEquals(-1, watermark.onEvent(Long.MAX_VALUE));
    }

    @Test
    void shouldMoveOnTickOnlyWhenIdleAdvanceIsOn() {
        Watermark still = new Watermark(10, false);
        still.onEvent(100);
        assertEquals(89, still.onTick(1000));

        Watermark moving = new Watermark(10, true);
        moving.onEvent(100);
        assertEquals(989, moving.onTick(1000));
        assertEquals(989, moving.onTick(500));
        assertEquals(989, moving.onEvent(600));
        assertEquals(1, moving.lateCount());
    }

    @Test
    void shouldStayAtEnd() {
        Watermark watermark = new Watermark(10, true);
        watermark.onEvent(100);

        assertEquals(Watermark.END, watermark.onEnd());
        assertEquals(Watermark.END, watermark.onEvent(200));
        assertEquals(Watermark.END, watermark.onTick(300));
        assertEquals(1, watermark.lateCount());
    }

    @Test
    void shouldGoOnFromSavedState() {
        Watermark saved = new Watermark(10, true);
        saved.onEvent(150);
        saved.onEvent(1);

        Watermark loaded = Snapshots.copy(saved, new Watermark(10, true));
        assertEquals(139, loaded.watermarkNs());
        assertEquals(1, loaded.lateCount());
        assertEquals(saved.onEvent(180), loaded.onEvent(180));
    }

    @Test
    void shouldNotLoadStateOfOtherSettings() {
        StateException e = assertThrows(
                StateException.class, () -> Snapshots.copy(new Watermark(10, true), new Watermark(11, true)));
        assertEquals(
                "cannot load watermark: saved outOfOrdernessNs=10 (expected: 11, as configured);"
                        + " configure what it was saved under, or start on an empty data directory",
                e.getMessage());
    }

    @Test
    void shouldRefuseNegativeDurations() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> new Watermark(-1, false));
        assertEquals(
                "cannot build watermark: outOfOrdernessNs=-1 (expected: 0 or more); set a duration in nanoseconds",
                e.getMessage());
    }
}
