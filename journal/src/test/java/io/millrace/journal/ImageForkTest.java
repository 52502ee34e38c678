package io.millrace.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.journal.snapshot.SnapshotHeader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damages any file of a data directory and starts the whole pipeline on it in another JVM: it goes on behind a prefix
 * of what was written, or refuses with 65. It never crashes, hangs or serves anything else.
 */
class ImageForkTest {
    private static final int SAMPLE_COUNT = Faults.count("samples", 3, 200);
    private static final int SAMPLES_PER_BASE = 20;
    private static final int COUNT = 4000;

    @TempDir
    Path scratch;

    @Test
    void shouldServeAPrefixOrRefuseWhenAnyFileIsDamaged() throws Exception {
        long seed = Faults.seed("ImageForkTest");
        Random random = new Random(seed);
        int refusedCount = 0;
        int wholeCount = 0;
        FaultRun base = null;
        for (int i = 0; i < SAMPLE_COUNT; i++) {
            if (base == null || i % SAMPLES_PER_BASE == 0) {
                base = new FaultRun(Files.createTempDirectory(scratch, "base"), 150);
                write(base, random.nextBoolean());
            }
            Path directory = scratch.resolve("sample");
            FaultRun run = base.copyTo(directory);
            Images images = new Images(directory, random, file -> !file.endsWith(DirectoryLock.FILE_NAME));
            String damage = images.damage() + ", sample " + i + ", seed=" + seed;

            boolean verifiesAll = random.nextBoolean();
            damage += verifiesAll ? ", all verified" : ", verified from the newest snapshot on";
            FaultRun.Victim victim = run.start(
                    1, "mode=pipeline", "level=journaled", "count=0", "verify=" + (verifiesAll ? "all" : "snapshot"));
            int status = victim.awaitEnd();
            String said = damage + victim.said();

            assertTrue(status == 0 || status == JournalException.EXIT_DATA_DAMAGED, said + " status=" + status);
            if (status == 0) {
                long recovered = recovered(victim.said());
                wholeCount += recovered >= run.endOfJournaled() ? 1 : 0;
                run.forgetJournaledFrom(recovered);
                judge(run, verifiesAll, said);
            } else {
                refusedCount++;
            }
            delete(directory);
        }
        System.out.println("ImageForkTest: " + SAMPLE_COUNT + " samples, " + refusedCount + " refused, " + wholeCount
                + " whole, the others a prefix");
    }

    /** What lies before the newest snapshot is found by who reads it: here the judge. */
    private static void judge(FaultRun run, boolean verifiesAll, String said) throws Exception {
        ReadJournal.Verdict verdict = run.verdict();
        SnapshotHeader newest = verifiesAll ? null : new SnapshotWitness(run.directory()).newest();
        if (newest == null || verdict.exitCode() == 0) {
            assertEquals(0, verdict.exitCode(), () -> said + verdict.text());
            return;
        }
        assertEquals(JournalException.EXIT_DATA_DAMAGED, verdict.exitCode(), () -> said + verdict.text());
        assertTrue(verdict.word("file").matches("(journal|outbox)/.*"), () -> said + verdict.text());
        boolean isOutput = verdict.word("file").startsWith("outbox");
        long end = isOutput ? newest.outputPlace() : newest.sequence() + 1;
        assertTrue(verdict.field("sequence") < end, () -> said + " newest=" + newest + verdict.text());
    }

    /** A start that closed in peace, one that was killed. */
    private static void write(FaultRun run, boolean isKilled) throws Exception {
        FaultRun.Victim closed =
                run.start(1, "mode=pipeline", "level=journaled", "count=" + COUNT, "snapshots=1000", "batch=50");
        assertEquals(0, closed.awaitEnd(), closed::said);
        if (isKilled) {
            FaultRun.Victim killed = run.start(
                    1, "mode=pipeline", "level=journaled", "from=" + COUNT, "count=" + COUNT, "snapshots=1000");
            killed.awaitAcks(COUNT / 2);
            killed.kill();
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static long recovered(String said) {
        return said.lines()
                .filter(line -> line.startsWith("ready"))
                .mapToLong(line -> Long.parseLong(line.substring("ready ".length())))
                .findFirst()
                .orElse(-1);
    }
}
