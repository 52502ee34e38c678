package io.millrace.journal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SIGKILL at any time, again and again: what was acknowledged is there, once, with its bytes. */
class KillTest {
    private static final int KILL_COUNT = Faults.count("kills", 1, 60);
    private static final int MAX_DELAY_MS = 400;

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"log,journaled", "log,synced", "pipeline,journaled", "pipeline,synced"})
    void shouldKeepWhatWasAcknowledgedWhenKilled(String mode, String level) throws Exception {
        String name = "KillTest " + mode + ' ' + level;
        long seed = Faults.seed(name);
        Random random = new Random(seed);
        FaultRun run = new FaultRun(directory, 200);
        boolean isSynced = level.equals("synced");
        for (int kill = 0; kill < KILL_COUNT; kill++) {
            long producer = mode.equals("log") ? 1 + kill : 1;
            long acked = run.ackedCount(isSynced);
            FaultRun.Victim victim = run.start(
                    producer,
                    "mode=" + mode,
                    "level=" + level,
                    "from=" + run.nextCounter(producer),
                    "batch=" + (1 + random.nextInt(20)),
                    "pauseUs=" + random.nextInt(200));
            victim.awaitReady();
            victim.process().waitFor(random.nextInt(MAX_DELAY_MS), TimeUnit.MILLISECONDS);
            if (random.nextInt(4) > 0) {
                victim.awaitAcks(1);
            }
            assertTrue(victim.process().isAlive(), () -> "ended before the kill, seed=" + seed + victim.said());
            victim.kill();

            run.judge("kill " + kill + " of " + name + ", seed=" + seed + ", acked before=" + acked);
        }
        System.out.println(name + ": " + KILL_COUNT + " kills, " + run.ackedCount(isSynced) + " acknowledged events");
    }
}
