package io.millrace.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Killed again and again in the middle, the flights example ends with the outputs of an unbroken run. */
@Tag("slow")
class FlightsCrashTest {
    private static final int KILL_COUNT = 20;
    private static final int EVENT_COUNT = 20_000;
    /** The last kill is far enough from the end to come before it on a busy machine too. */
    private static final int STEP = EVENT_COUNT * 4 / 5 / KILL_COUNT;

    private static final long SEED = Long.getLong("millrace.test.seed", 42);

    @TempDir
    private Path directory;

    @Test
    void shouldGiveTheSameOutputsWhenKilledManyTimes() throws Exception {
        System.out.println("seed: -Dmillrace.test.seed=" + SEED);
        SplittableRandom random = new SplittableRandom(SEED);
        Path broken = directory.resolve("broken");
        for (int kill = 1; kill <= KILL_COUNT; kill++) {
            int target =
                    (kill - 1) * EVENT_COUNT / (KILL_COUNT + 2) + 1 + random.nextInt(EVENT_COUNT / (KILL_COUNT + 2));
            long journaled = killAt(broken, target);
            assertTrue(journaled < EVENT_COUNT, "kill " + kill + " came after the run, at " + journaled);
        }

        CommandRun last = CommandRun.run("run", "--data", broken.toString());
        assertEquals(0, last.exitCode(), last::err);
        Path unbroken = directory.resolve("unbroken");
        CommandRun whole = CommandRun.run("run", "--data", unbroken.toString());
        assertEquals(0, whole.exitCode(), whole::err);
        List<String> expected = Outbox.records(unbroken);
        assertEquals(expected.size(), Outbox.records(broken).size());
        assertEquals(expected, Outbox.records(broken));
    }

    /** {@return how many events were in the journal when the process was gone} */
    private static long killAt(Path data, int target) throws Exception {
        CommandRun run = CommandRun.start("run", "--data", data.toString(), "--rate", "8000/s");
        while (!Files.isDirectory(data.resolve("journal")) || Outbox.journaledCount(data) < target) {
            assertTrue(run.process().isAlive(), run::err);
            Thread.sleep(5);
        }
        run.process().destroyForcibly().waitFor();
        return Outbox.journaledCount(data);
    }
}
