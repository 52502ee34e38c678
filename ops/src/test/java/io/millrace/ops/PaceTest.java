package io.millrace.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaceTest {
    private long nowNs = 5_000;

    private final Pace pace = new Pace(() -> nowNs, 1_000_000);

    @Test
    void shouldPlanFromTheStartWhateverBecameOfTheEventsBefore() {
        assertEquals(0, pace.dueInNs());
        pace.sent();
        assertEquals(1_000, pace.dueInNs());

        nowNs += 3_500;
        pace.sent();
        assertEquals(-1_500, pace.dueInNs());
        pace.sent();
        assertEquals(-500, pace.dueInNs());
        pace.sent();
        assertEquals(500, pace.dueInNs());
    }

    @Test
    void shouldNotDriftWhenTheIntervalIsNoWholeNumberOfNanoseconds() {
        Pace thirds = new Pace(() -> nowNs, 3);
        for (int i = 0; i < 3_000_000; i++) {
            thirds.sent();
        }

        assertEquals(1_000_000_000_000_000L, thirds.dueInNs());
    }

    @Test
    void shouldNotWaitForAnEventThatIsDue() {
        assertTrue(pace.awaitDue());
        pace.sent();
        assertFalse(pace.awaitDue());
        nowNs += 1_000;
        assertTrue(pace.awaitDue());
    }

    @ParameterizedTest
    @CsvSource({"5000/s, 5000", "1, 1", "1_000_000/s, 1000000", "fast, 0", "-1, 0", "0, 0", "1/min, 0", "'', 0"})
    void shouldReadRates(String text, long ratePerSecond) {
        assertEquals(ratePerSecond, Pace.parse(text));
    }
}
