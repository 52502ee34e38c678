package io.millrace.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SIGKILL at any time, again and again: what was acknowledged is there, once, with its bytes. */
class KillTest {
    private static final int KILL_COUNT = Faults.count("kills", 1, 60);
    private static final int MAX_DELAY_MS = 400;
    /** Three of four kills wait for some of these too: on a busy machine time alone ends most in the start. */
    private static final int MAX_ACK_COUNT = 1000;

    private static final int SNAPSHOT_INTERVAL = 700;

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
                    "pauseUs=" + random.nextInt(200),
                    "snapshots=" + SNAPSHOT_INTERVAL);
            victim.awaitReady();
            victim.process().waitFor(random.nextInt(MAX_DELAY_MS), TimeUnit.MILLISECONDS);
            if (random.nextInt(4) > 0) {
                victim.awaitAcks(1 + random.nextInt(MAX_ACK_COUNT));
            }
            assertTrue(victim.process().isAlive(), () -> "ended before the kill, seed=" + seed + victim.said());
            victim.kill();

            run.judge("kill " + kill + " of " + name + ", seed=" + seed + ", acked before=" + acked);
        }
        if (mode.equals("pipeline")) {
            assertSameStateWithoutSnapshots(run);
        }
        System.out.println(name + ": " + KILL_COUNT + " kills, " + run.ackedCount(isSynced) + " acknowledged events");
    }

    private void assertSameStateWithoutSnapshots(FaultRun run) throws Exception {
        String fromSnapshot = stateHash(run);
        Path snapshots = directory.resolve("snapshots");
        if (Files.isDirectory(snapshots)) {
            try (Stream<Path> files = Files.list(snapshots)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
        }
        assertEquals(fromSnapshot, stateHash(run), "state from the newest snapshot, and from the first record on");
    }

    private static String stateHash(FaultRun run) throws Exception {
        FaultRun.Victim last = run.start(1, "mode=pipeline", "level=journaled", "count=0");
        assertEquals(0, last.awaitEnd(), last::said);
        return last.said()
                .lines()
                .filter(line -> line.startsWith("hash"))
                .findFirst()
                .orElse("none");
    }
}
