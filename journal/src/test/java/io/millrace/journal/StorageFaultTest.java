package io.millrace.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.PipelineContext;
import io.millrace.journal.replay.ReplayPace;
import io.millrace.journal.replay.ReplayRange;
import io.millrace.journal.replay.ReplaySession;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Storage that is there and does not take what is written: read-only, out of inodes, limits of the process. */
class StorageFaultTest {
    @TempDir
    Path scratch;

    @ParameterizedTest
    @ValueSource(strings = {"log", "pipeline"})
    void shouldAcknowledgeNothingMoreWhenTheFileSystemTurnsReadOnly(String mode) throws Exception {
        Faults.requireRoot("mkfs.ext4", "mount");
        try (Mount disk = Mount.ext4(scratch, 64)) {
            FaultRun run = new FaultRun(disk.directory().resolve("data"), 200);
            FaultRun.Victim victim = run.start(1, "mode=" + mode, "level=synced", "pauseUs=100");
            victim.awaitAcks(500);
            disk.remount("abort");
            int status = victim.awaitEnd();
            assertTrue(status == 74 || status == 75, () -> "status=" + status + victim.said());
            run.judge("read-only" + victim.said());

            FaultRun.Victim refused = run.start(2, "mode=" + mode, "level=synced");
            assertEquals(74, refused.awaitEnd(), refused::said);
            run.judge("start on a read-only file system" + refused.said());
            assertReadable(run.directory(), mode.equals("log"));
        }
    }

    /** What cannot be written can be looked at: verified, and replayed. */
    private static void assertReadable(Path data, boolean hasAnyOperators) {
        LogCheck check = LogVerifier.verify(data, LogKind.JOURNAL, false, frame -> {});
        assertNull(check.damage(), check::toString);
        assertTrue(check.recordCount() > 0, check::toString);
        if (hasAnyOperators) {
            AtomicLong outputCount = new AtomicLong();
            PipelineContext context = SnapshotRun.context();
            try (ReplaySession session =
                    ReplaySession.open(data, context, ReplayRange.ALL, output -> outputCount.incrementAndGet())) {
                session.run(ReplayPace.max());
            }
            assertTrue(outputCount.get() >= check.recordCount(), check::toString);
        }
    }

    @Test
    void shouldRefuseWhenThereAreNoInodesLeft() throws Exception {
        Faults.requireRoot("mkfs.ext4", "mount");
        try (Mount disk = Mount.ext4(scratch, 32, "-N", "32")) {
            FaultRun run = new FaultRun(disk.directory().resolve("data"), 1024);
            FaultRun.Victim victim = run.start(1, "level=synced", "batch=40");
            victim.awaitSaid("low");
            assertTrue(victim.process().isAlive(), victim::said);
            victim.kill();
            run.judge("no inodes");
            assertTrue(run.ackedCount(true) > 0);
        }
    }

    @Test
    void shouldStopWithNothingLostAtALimitOfTheFileLength() throws Exception {
        Faults.requireTools("prlimit");
        FaultRun run = new FaultRun(scratch.resolve("data"), 200);
        // Shorter than a segment with its margin: the first one cannot be reserved.
        FaultRun.Victim victim = run.start(List.of("prlimit", "--fsize=300000"), 1, "level=synced");
        assertEquals(75, victim.awaitEnd(), victim::said);
        assertTrue(victim.said().contains("cannot reserve segment"), victim.said());
        run.judge("file length limit");
    }

    @Test
    void shouldRefuseWhenThereAreNoFileDescriptorsLeft() throws Exception {
        Faults.requireTools("prlimit");
        FaultRun run = new FaultRun(scratch.resolve("data"), 1024);
        for (int limit : Faults.isCampaign() ? new int[] {20, 24, 28, 32, 36, 40, 44, 48} : new int[] {28, 36}) {
            FaultRun.Victim victim =
                    run.start(List.of("prlimit", "--nofile=" + limit), limit, "level=synced", "batch=40", "count=2000");
            victim.awaitSaid("low");
            if (victim.said().contains("low")) {
                victim.kill();
            }
            int status = victim.awaitEnd();
            // Without descriptors the JVM cannot load classes either; that is an Error, and fatal.
            assertTrue(
                    Set.of(0, 1, 70, 74, 75, 137).contains(status),
                    () -> "limit=" + limit + " status=" + status + victim.said());
            if (scratch.resolve("data/journal").toFile().isDirectory()) {
                run.judge("limit=" + limit + victim.said());
            }
        }
    }

    @Test
    void shouldStopAtOnceWhenTheLiveSegmentIsCutOff() throws Exception {
        FaultRun run = new FaultRun(scratch.resolve("data"), 200);
        FaultRun.Victim victim = run.start(1, "mode=pipeline", "level=journaled", "segment=16777216");
        // HotSpot stands a fault of an atomic operation on a mapped page in compiled code only; so far it interprets.
        victim.awaitAcks(20_000);
        Path segment = Journals.segment(run.directory(), LogKind.JOURNAL, 1, 0);
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            channel.truncate(0);
        }
        int status = victim.awaitEnd();
        // A fault inside a mapped page is an InternalError, later and anywhere; or the next frame's place is gone.
        assertTrue(Set.of(70, 74).contains(status), () -> "status=" + status + victim.said());
    }

    @ParameterizedTest
    @ValueSource(longs = {1_000_000_000L, 7_200_000_000_000L, 315_360_000_000_000_000L})
    void shouldLoseNothingWhenTheClockJumps(long stepNs) throws Exception {
        FaultRun run = new FaultRun(scratch.resolve("data"), 200);
        for (int i = 0; i < 2; i++) {
            FaultRun.Victim victim = run.start(
                    1, "mode=pipeline", "level=journaled", "clock=" + stepNs, "from=" + 2000 * i, "count=2000");
            assertEquals(0, victim.awaitEnd(), victim::said);
            run.judge("clock jumps by " + stepNs + " ns");
        }
        assertEquals(4000, run.ackedCount(false));
    }
}
