package io.millrace.window;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SweepPaceTest {
    private final SweepPace pace = new SweepPace(64);

    @Test
    void shouldDoAllAtOnceThatTheBudgetAllows() {
        records(1_000_000);
        pace.begin(64);
        assertEquals(64, pace.budget());
    }

    @Test
    void shouldBeOverInAQuarterOfTheRecordsBetweenBoundaries() {
        records(1_000);
        pace.begin(5_000);
        assertEquals(21, pace.budget());
        assertEquals(239, 5_000 / pace.budget() + 1, "records of 1,000");
    }

    @Test
    void shouldDoFourKeysAtLeastAndTheBudgetAtMost() {
        records(1_000_000);
        pace.begin(65);
        assertEquals(4, pace.budget());
        pace.begin(65);
        assertEquals(64, pace.budget(), "no record since");

        SweepPace little = new SweepPace(2);
        little.onRecord();
        little.begin(3);
        assertEquals(2, little.budget());
    }

    private void records(int count) {
        for (int i = 0; i < count; i++) {
            pace.onRecord();
        }
    }
}
