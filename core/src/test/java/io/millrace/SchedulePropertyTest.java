package io.millrace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * All stages of a pipeline polled by one thread in an order that a seed gives, with snapshots and crashes: what comes
 * out is what an unbroken run gives. A failing seed is printed; {@code -Dmillrace.test.seed=SEED
 * -Dmillrace.test.seeds=1} repeats it.
 */
final class SchedulePropertyTest {
    private static final long FIRST_SEED = TestSeed.of(SchedulePropertyTest.class);
    private static final int SEED_COUNT = Integer.getInteger("millrace.test.seeds", 2_000);

    private static final int RULE_SEED_COUNT = Integer.getInteger("millrace.test.seeds", 400);

    private long outputCount;
    private int ruleChangeCount;
    private int snapshotStartCount;

    @Test
    void shouldGiveTheOutputsOfAnUnbrokenRunInWhateverOrderStagesRun() {
        int crashCount = 0;
        snapshotStartCount = 0;
        outputCount = 0;
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEED_COUNT; seed++) {
            crashCount += check(seed, false);
        }

        assertTrue(SEED_COUNT < 100 || crashCount > SEED_COUNT / 2, "crashes=" + crashCount);
        assertTrue(SEED_COUNT < 100 || snapshotStartCount > SEED_COUNT / 8, "snapshots=" + snapshotStartCount);
        assertTrue(outputCount > 100L * SEED_COUNT, "outputs=" + outputCount);
    }

    @Test
    void shouldDoSoWithRulesThatComeChangeAndGo() {
        int crashCount = 0;
        for (long seed = FIRST_SEED; seed < FIRST_SEED + RULE_SEED_COUNT; seed++) {
            crashCount += check(seed, true);
        }

        assertTrue(RULE_SEED_COUNT < 100 || crashCount > RULE_SEED_COUNT / 2, "crashes=" + crashCount);
        assertTrue(
                RULE_SEED_COUNT < 100 || snapshotStartCount > RULE_SEED_COUNT / 8, "snapshots=" + snapshotStartCount);
        assertTrue(ruleChangeCount > RULE_SEED_COUNT, "changes=" + ruleChangeCount);
    }

    private int check(long seed, boolean isWithRules) {
        String message = "seed=" + seed;
        ScheduledRun run = new ScheduledRun(seed, isWithRules);
        try {
            run.run();
            assertNull(run.fault(), message);
            assertEquals(run.expectedOutcomes(), run.outcomes(), message);
            assertEquals(run.acceptedByModel(), run.journaledInput(), message);
            UnbrokenRun unbroken = new UnbrokenRun(run.journal());
            assertSame(unbroken.outputs(run.isEpochKept()), run.outputs(), message);
            assertEquals(unbroken.stateHash(), run.stateHash(), message);
        } catch (RuntimeException e) {
            throw new AssertionError(message, e);
        }
        outputCount += run.outputs().size();
        ruleChangeCount += run.ruleChangeCount();
        snapshotStartCount += run.snapshotStartCount();
        return run.crashCount();
    }

    /** Both lists whole would be thousands of characters. */
    private static void assertSame(List<String> expected, List<String> actual, String message) {
        for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
            assertEquals(expected.get(i), actual.get(i), message + ", output=" + i);
        }
        assertEquals(expected.size(), actual.size(), message);
    }
}
