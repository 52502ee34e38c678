package io.millrace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/**
 * All stages of a pipeline polled by one thread in an order that a seed gives, with snapshots and crashes: what comes
 * out is what an unbroken run gives. A failing seed is printed; {@code -Dmillrace.test.seed=SEED
 * -Dmillrace.test.seeds=1} repeats it.
 */
final class SchedulePropertyTest {
    private static final long FIRST_SEED = TestSeed.of(SchedulePropertyTest.class);
    private static final int SEED_COUNT = Integer.getInteger("millrace.test.seeds", 2_000);

    private long outputCount;
    private int snapshotStartCount;

    @Test
    void shouldGiveTheOutputsOfAnUnbrokenRunInWhateverOrderStagesRun() {
        int crashCount = 0;
        snapshotStartCount = 0;
        outputCount = 0;
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEED_COUNT; seed++) {
            crashCount += check(seed);
        }

        assertTrue(SEED_COUNT < 100 || crashCount > SEED_COUNT / 2, "crashes=" + crashCount);
        assertTrue(SEED_COUNT < 100 || snapshotStartCount > SEED_COUNT / 8, "snapshots=" + snapshotStartCount);
        assertTrue(outputCount > 100L * SEED_COUNT, "outputs=" + outputCount);
    }

    private int check(long seed) {
        String message = "seed=" + seed;
        ScheduledRun run = new ScheduledRun(seed);
        try {
            run.run();
            assertNull(run.fault(), message);
            assertEquals(run.expectedOutcomes(), run.outcomes(), message);
            assertEquals(run.acceptedByModel(), run.journaledInput(), message);
            UnbrokenRun unbroken = new UnbrokenRun(run.journal());
            assertEquals(unbroken.outputs(run.isEpochKept()), run.outputs(), message);
            assertEquals(unbroken.stateHash(), run.stateHash(), message);
        } catch (RuntimeException e) {
            throw new AssertionError(message, e);
        }
        outputCount += run.outputs().size();
        snapshotStartCount += run.snapshotStartCount();
        return run.crashCount();
    }
}
