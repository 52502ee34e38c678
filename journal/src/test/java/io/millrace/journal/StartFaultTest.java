package io.millrace.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts that another process, alive or dead, stands in the way of. */
class StartFaultTest {
    private static final int ROUND_COUNT = Faults.count("starts", 1, 10);
    private static final int MAX_ROUND_COUNT = 10;
    /** A second, and the start of a JVM on a busy machine. */
    private static final long MAX_REFUSAL_NS = TimeUnit.SECONDS.toNanos(5);

    @TempDir
    Path directory;

    @Test
    void shouldStartAgainWithTheSameProcessIdAfterAKill() throws Exception {
        Faults.requireRoot("unshare");
        FaultRun run = new FaultRun(directory, 200);
        List<String> unshare = List.of("unshare", "-pf", "--mount-proc", "--kill-child");
        for (int i = 0; i <= ROUND_COUNT; i++) {
            FaultRun.Victim victim = run.start(unshare, 1 + i, "level=journaled", "segment=524288");
            victim.awaitReady();
            victim.awaitAcks(500);
            assertTrue(victim.said().contains("ready"), victim.said());
            victim.kill();
            run.judge("same process id " + i);
        }
    }

    @Test
    void shouldLetOneOfTwoStartsAtOnceWin() throws Exception {
        FaultRun run = new FaultRun(directory, 200);
        for (int i = 0; i < ROUND_COUNT; i++) {
            FaultRun.Victim one = run.start(1 + 2 * i, "level=journaled", "pauseUs=2000");
            FaultRun.Victim other = run.start(2 + 2 * i, "level=journaled", "pauseUs=2000");
            one.awaitReady();
            other.awaitReady();
            boolean hasOneWon = one.said().contains("ready");
            FaultRun.Victim winner = hasOneWon ? one : other;
            FaultRun.Victim loser = hasOneWon ? other : one;

            assertEquals(73, loser.awaitEnd(), loser::said);
            assertTrue(loser.said().contains("pid=" + winner.process().pid()), loser.said());
            winner.awaitAcks(100);
            assertTrue(winner.process().isAlive(), winner::said);
            winner.kill();
            run.judge("two starts at once, round " + i);
        }
    }

    @Test
    void shouldRefuseASecondStartAtOnceNamingTheHolder() throws Exception {
        FaultRun run = new FaultRun(directory, 200);
        FaultRun.Victim holder = run.start(1, "level=journaled", "pauseUs=1000").awaitReady();
        // A machine may stand still for once; what waits for the lock does so each time.
        long fastestNs = Long.MAX_VALUE;
        for (int i = 0; i < ROUND_COUNT || i < MAX_ROUND_COUNT && fastestNs > MAX_REFUSAL_NS; i++) {
            long beganNs = System.nanoTime();
            FaultRun.Victim second = run.start(2, "level=journaled");
            assertEquals(73, second.awaitEnd(), second::said);
            fastestNs = Math.min(fastestNs, System.nanoTime() - beganNs);
            assertTrue(second.said().contains("pid=" + holder.process().pid()), second.said());
        }
        assertTrue(fastestNs <= MAX_REFUSAL_NS, "fastestNs=" + fastestNs);
        holder.kill();
        run.judge("a second start");
    }
}
