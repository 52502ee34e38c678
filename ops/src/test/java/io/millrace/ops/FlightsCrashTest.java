package io.millrace.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.TestSeed;
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

    private static final long SEED = TestSeed.of(FlightsCrashTest.class);

    @TempDir
    private Path directory;

    @Test
    void shouldGiveTheSameOutputsWhenKilledManyTimes() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        Path broken = directory.resolve("broken");
        for (int kill = 1; kill <= KILL_COUNT; kill++) {
            int target =
                    (kill - 1) * EVENT_COUNT / (KILL_COUNT + 2) + 1 + random.nextInt(EVENT_COUNT / (KILL_COUNT + 2));
            System.out.println("kill " + kill + " at " + killAt(broken, target) + " of " + EVENT_COUNT);
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
        while (run.process().isAlive()
                && (!Files.isDirectory(data.resolve("journal")) || Outbox.journaledCount(data) < target)) {
            Thread.sleep(5);
        }
        run.process().destroyForcibly();
        int status = run.exitCode();
        // On a machine that stood still meanwhile a run may have come to its end; nothing else ends it.
        assertTrue(status == 128 + 9 || status == 0, () -> "status=" + status + ": " + run.err());
        return Outbox.journaledCount(data);
    }
}
