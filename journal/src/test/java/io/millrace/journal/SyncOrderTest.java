package io.millrace.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Traces the system calls of a victim: {@link SyscallTrace} has the order they have to keep. */
class SyncOrderTest {
    @TempDir
    Path scratch;

    @ParameterizedTest
    @ValueSource(strings = {"log", "pipeline"})
    void shouldForceBytesBeforeNamesAndNamesBeforeAcknowledging(String mode) throws Exception {
        Faults.requireTools("strace");
        Path directory = scratch.toRealPath().resolve("data");
        FaultRun run = new FaultRun(directory, 300);
        for (int start = 0; start < 2; start++) {
            Path log = scratch.resolve("strace.txt");
            List<String> strace = List.of("strace", "-f", "--seccomp-bpf", "-y", "-qq", "-o", log.toString());
            FaultRun.Victim victim = run.start(
                    FaultRun.with(strace, "-e", "trace=" + SyscallTrace.CALLS),
                    1 + start,
                    "mode=" + mode,
                    "level=synced",
                    "count=3000",
                    "snapshots=500",
                    "batch=50");
            assertEquals(0, victim.awaitEnd(), victim::said);

            SyscallTrace trace = SyscallTrace.read(log, directory, mode.equals("log"));

            assertEquals(List.of(), trace.violations());
            assertTrue(trace.ackCount() >= 20, "acknowledgements seen: " + trace.ackCount());
            assertTrue(trace.renameCount() >= 2, "renames seen: " + trace.renameCount());
        }
        run.judge("traced");
    }
}
