package io.millrace.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fills a file system of some odd size: publishers are refused, nothing is lost, and it goes on when there is room. */
class DiskFullTest {
    private static final int SIZE_COUNT = Faults.count("sizes", 1, 15);
    private static final int MIN_KIB = 10_000;
    private static final int MAX_KIB = 20_000;
    private static final int LOOK_INTERVAL_MS = 700;
    private static final int MAX_LOOK_COUNT = 60;
    private static final int MORE_KIB = 9001;

    @TempDir
    Path scratch;

    @Test
    void shouldRefuseAndGoOnWithoutRestartWhenTheDiskIsFull() throws Exception {
        fill("DiskFullTest", false);
    }

    @Test
    void shouldRefuseAndGoOnWithoutRestartWhenANeighbourFillsTheDisk() throws Exception {
        fill("DiskFullTest neighbour", true);
    }

    private void fill(String name, boolean hasNeighbour) throws Exception {
        Faults.requireRoot("mount");
        long seed = Faults.seed(name);
        Random random = new Random(seed);
        long ackedCount = 0;
        int refusedCount = 0;
        for (int i = 0; i < SIZE_COUNT; ) {
            long lengthKib = MIN_KIB + random.nextInt(MAX_KIB - MIN_KIB) | 1;
            String mode = random.nextBoolean() ? "log" : "pipeline";
            String level = random.nextBoolean() ? "synced" : "journaled";
            int payload = new int[] {60, 333, 1024}[random.nextInt(3)];
            String what = mode + ' ' + level + " on " + lengthKib + " KiB, payload=" + payload + ", seed=" + seed;
            try (Mount disk = Mount.tmpfs(scratch, hasNeighbour ? 4 * lengthKib : lengthKib)) {
                FaultRun run = new FaultRun(disk.directory().resolve("data"), payload);
                FaultRun.Victim victim = run.start(1, "mode=" + mode, "level=" + level, "batch=11")
                        .awaitReady();
                if (victim.said().contains("ready")) {
                    ackedCount += fillOnce(run, victim, disk, what, level, hasNeighbour, lengthKib);
                    i++;
                } else {
                    // What the rings may hold does not fit: said at the start, not in the middle.
                    assertEquals(JournalException.EXIT_STORAGE_FULL, victim.awaitEnd(), () -> what + victim.said());
                    refusedCount++;
                }
            }
        }
        System.out.println(name + ": " + SIZE_COUNT + " sizes, " + ackedCount + " acknowledged events, all there; "
                + refusedCount + " others too small to start on");
    }

    private static long fillOnce(
            FaultRun run,
            FaultRun.Victim victim,
            Mount disk,
            String what,
            String level,
            boolean hasNeighbour,
            long lengthKib)
            throws Exception {
        boolean isSynced = level.equals("synced");
        victim.awaitAcks(200);
        Path neighbour = disk.directory().resolve("neighbour");
        if (hasNeighbour) {
            fillUp(neighbour);
        }
        victim.awaitSaid("low");
        assertTrue(victim.process().isAlive(), () -> what + victim.said());
        long refusedAt = awaitRefused(run, victim, isSynced, what);

        if (hasNeighbour) {
            Files.delete(neighbour);
        } else {
            disk.remount("size=" + (lengthKib + MORE_KIB) + 'k');
        }
        victim.awaitAcks(victim.ackCount() + 300);
        assertTrue(victim.process().isAlive(), () -> what + victim.said());
        assertTrue(run.ackedCount(isSynced) >= refusedAt + 100, () -> what + victim.said());
        victim.kill();
        run.judge(what);
        return run.ackedCount(isSynced);
    }

    /** A reservation that is merely slow shows as low for a moment too: waits until nothing goes on. */
    private static long awaitRefused(FaultRun run, FaultRun.Victim victim, boolean isSynced, String what)
            throws InterruptedException {
        for (int i = 0; i < MAX_LOOK_COUNT; i++) {
            long count = run.ackedCount(isSynced);
            Thread.sleep(LOOK_INTERVAL_MS);
            String said = victim.said();
            if (count == run.ackedCount(isSynced) && said.lastIndexOf("\nlow") > said.lastIndexOf("\nroom")) {
                return count;
            }
        }
        throw new AssertionError("never refused: " + what + victim.said());
    }

    private static void fillUp(Path file) throws IOException {
        byte[] bytes = new byte[1001];
        try (OutputStream out = Files.newOutputStream(file)) {
            while (true) {
                out.write(bytes);
            }
        } catch (IOException full) {
            assertTrue(full.getMessage().contains("No space"), full.getMessage());
        }
    }
}
