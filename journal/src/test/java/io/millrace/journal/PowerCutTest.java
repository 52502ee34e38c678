package io.millrace.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Cuts the power of a file system under a victim: what was acknowledged as synced is there after the next mount, what
 * was journaled only is there without a gap up to some point, and nothing is wrong.
 */
class PowerCutTest {
    private static final int CUT_COUNT = Faults.count("cuts", 1, 10);
    private static final int CUTS_PER_DISK = 5;
    private static final int DISK_MIB = 256;
    /** Killed, an error of the disk, no room. */
    private static final Set<Integer> ENDS = Set.of(137, JournalException.EXIT_IO, JournalException.EXIT_STORAGE_FULL);

    @TempDir
    Path scratch;

    @ParameterizedTest
    @CsvSource({"log,synced", "pipeline,synced", "log,journaled", "pipeline,journaled"})
    void shouldKeepWhatWasSyncedWhenThePowerIsCut(String mode, String level) throws Exception {
        Faults.requireRoot("mkfs.ext4", "mount", "python3");
        String name = "PowerCutTest " + mode + ' ' + level;
        long seed = Faults.seed(name);
        Random random = new Random(seed);
        boolean isSynced = level.equals("synced");
        long syncedCount = 0;
        long lateCount = 0;
        long lostCount = 0;
        for (int cut = 0; cut < CUT_COUNT; ) {
            try (Mount disk = Mount.ext4(scratch, DISK_MIB)) {
                FaultRun run = new FaultRun(disk.directory().resolve("data"), 200);
                for (int i = 0; i < CUTS_PER_DISK && cut < CUT_COUNT; i++, cut++) {
                    String what = "cut " + cut + " of " + name + ", seed=" + seed;
                    long producer = mode.equals("log") ? 1 + cut : 1;
                    FaultRun.Victim victim = start(run, mode, level, cut, producer, 1 + random.nextInt(20));
                    victim.awaitAcks(1 + random.nextInt(3000));
                    victim.process().waitFor(random.nextInt(500), TimeUnit.MILLISECONDS);
                    assertTrue(victim.process().isAlive(), () -> what + victim.said());
                    long[] times = disk.cut();
                    victim.process().waitFor(1500, TimeUnit.MILLISECONDS);
                    if (victim.process().isAlive()) {
                        victim.kill();
                    }
                    int status = victim.awaitEnd();
                    String end = what + ": status=" + status + victim.said();
                    // A page of a mapping that cannot be had any more is an InternalError, which is fatal.
                    assertTrue(status == 70 ? end.contains("InternalError") : ENDS.contains(status), end);
                    run.cut("cut" + cut);
                    disk.unmount();
                    disk.mount();

                    lateCount += run.syncedCountAfter(times[1]);
                    long next = run.judgeSynced(end).next(LogKind.JOURNAL);
                    lostCount += Math.max(0, run.endOfJournaled() - next);
                    run.forgetJournaledFrom(next);
                    run.judge(end);
                }
                syncedCount += run.ackedCount(true);
                finish(run, mode, level, cut);
            }
        }
        System.out.println(name + ": " + CUT_COUNT + " cuts, " + syncedCount + " synced events, all there, " + lateCount
                + " of them acknowledged behind a cut; journaled and lost: " + lostCount);
        assertTrue(!isSynced || syncedCount > 0);
    }

    private static void finish(FaultRun run, String mode, String level, int cut) throws Exception {
        long producer = mode.equals("log") ? 1 + cut : 1;
        FaultRun.Victim last = start(run, mode, level, cut, producer, 7, "count=100");
        assertEquals(0, last.awaitEnd(), last::said);
        run.judge("behind the last cut");
    }

    private static FaultRun.Victim start(
            FaultRun run, String mode, String level, int cut, long producer, int batch, String... more)
            throws Exception {
        String[] options = {
            "mode=" + mode,
            "level=" + level,
            "from=" + run.nextCounter(producer),
            "batch=" + batch,
            "pauseUs=100",
            "snapshots=900"
        };
        return run.start(producer, FaultRun.with(options, more));
    }
}
