package io.millrace.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Kills a victim at the Nth call of a kind, or makes that call fail: what was acknowledged is there, the end is a clean
 * one, and the next start goes on. System calls by {@code strace}, {@code fallocate} by a program of that name.
 */
class CallFaultTest {
    private static final int RUN_COUNT = Faults.count("calls", 1, 50);
    private static final long EVENT_COUNT = Faults.count("events", 4000, 8000);
    /** An N that a run does not come to is tried again with another. */
    private static final int MAX_RUNS_PER_REACHED = 3;

    private static final long MORE_COUNT = 200;
    /** Ended in peace, an error of the disk, no room. */
    private static final Set<Integer> GOOD_ENDS =
            Set.of(0, JournalException.EXIT_IO, JournalException.EXIT_STORAGE_FULL);

    private static final int KILLED = 137;

    /** Calls, and how many of each a victim makes on one thread. */
    private static final Map<String, Integer> CALLS = Map.of(
            "fdatasync", 50, "fsync", 20, "pwrite64", 40, "write", 50, "rename", 12, "unlink", 8, "ftruncate", 2);

    private static final List<String> FAULTS = List.of("signal=SIGKILL", "error=EIO", "error=ENOSPC", "error=EROFS");

    @TempDir
    Path scratch;

    private int runCount;
    private int reachedCount;
    private int doneCount;

    static Stream<String> calls() {
        String usual = Faults.isCampaign() ? String.join(",", CALLS.keySet()) : "fdatasync,rename";
        return Stream.of(System.getProperty("faults.only", usual).split(",")).sorted();
    }

    @ParameterizedTest
    @MethodSource("calls")
    void shouldKeepWhatWasAcknowledgedWhenTheNthCallKillsOrFails(String call) throws Exception {
        Faults.requireTools("strace");
        long seed = Faults.seed("CallFaultTest " + call);
        Random random = new Random(seed);
        for (; reachedCount < RUN_COUNT && runCount < MAX_RUNS_PER_REACHED * RUN_COUNT; runCount++) {
            int n = 1 + random.nextInt(Faults.isCampaign() ? CALLS.getOrDefault(call, 1) : 3);
            String fault = FAULTS.get(random.nextInt(FAULTS.size()));
            Path log = scratch.resolve("strace.txt");
            List<String> strace = FaultRun.with(
                    List.of("strace", "-f", "--seccomp-bpf", "-qq", "-o", log.toString()),
                    "-e",
                    "trace=" + call,
                    "-e",
                    "inject=" + call + ':' + fault + ":when=" + n);
            String mode = random.nextInt(4) == 0 ? "pipeline" : "log";
            run(call + ' ' + fault + " at " + n + " of " + mode + ", seed=" + seed, strace, mode, 1 << 18, log);
        }
        report(call);
    }

    @Test
    void shouldKeepWhatWasAcknowledgedWhenTheNthReservationKillsOrFails() throws Exception {
        Faults.requireTools("fallocate");
        long seed = Faults.seed("CallFaultTest fallocate");
        Random random = new Random(seed);
        for (; reachedCount < RUN_COUNT && runCount < MAX_RUNS_PER_REACHED * RUN_COUNT; runCount++) {
            int n = 1 + random.nextInt(6);
            String fault = List.of("kill", "fail", "half", "missing").get(random.nextInt(4));
            Path log = scratch.resolve("fallocate.txt");
            Files.deleteIfExists(log);
            Path bin = Files.createDirectories(scratch.resolve("bin"));
            Path program = bin.resolve("fallocate");
            Files.writeString(program, FALLOCATE);
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
            List<String> env = List.of(
                    "env",
                    "PATH=" + bin + ':' + System.getenv("PATH"),
                    "FAULT_AT=" + n,
                    "FAULT=" + fault,
                    "FAULT_LOG=" + log);
            run("fallocate " + fault + " at " + n + ", seed=" + seed, env, "log", 1 << 21, log);
        }
        report("fallocate");
    }

    private static final String FALLOCATE = """
            #!/bin/sh
            n=$(($(wc -l 2>/dev/null < "$FAULT_LOG" || echo 0) + 1))
            real=$(PATH=${PATH#*:} command -v fallocate)
            if [ "$n" = "$FAULT_AT" ] && [ "$1" = -l ]; then
                echo INJECTED >> "$FAULT_LOG"
                case $FAULT in
                kill) kill -9 $PPID; exit 1 ;;
                half) "$real" -l $(($2 / 2)) "$3"; echo "No space left on device"; exit 1 ;;
                missing) echo "Operation not supported"; exit 1 ;;
                *) echo "No space left on device"; exit 1 ;;
                esac
            fi
            echo called >> "$FAULT_LOG"
            exec "$real" "$@"
            """;

    private void run(String what, List<String> wrapper, String mode, int segmentLength, Path log) throws Exception {
        FaultRun run = new FaultRun(Files.createTempDirectory(scratch, "data"), 400);
        String[] options = {"mode=" + mode, "level=synced", "batch=100", "segment=" + segmentLength};
        FaultRun.Victim victim = run.start(wrapper, 1, FaultRun.with(options, "count=" + EVENT_COUNT));
        int status = victim.awaitEnd();
        String said = victim.said();
        String end = what + ": status=" + status + said;
        assertTrue(status == KILLED || GOOD_ENDS.contains(status), end);
        assertTrue(status != 0 || said.contains("done"), end);
        boolean isKill = what.contains("SIGKILL") || what.contains("fallocate kill");
        boolean wasReached = status == KILLED || Files.readString(log).contains("INJECTED");
        assertTrue(status != KILLED || isKill, end);
        reachedCount += wasReached ? 1 : 0;
        doneCount += status == 0 ? 1 : 0;
        judge(run, end);

        long acked = run.ackedCount(true);
        long producer = mode.equals("log") ? 2 : 1;
        String from = "from=" + run.nextCounter(producer);
        FaultRun.Victim next = run.start(producer, FaultRun.with(options, from, "count=" + MORE_COUNT));
        assertEquals(0, next.awaitEnd(), () -> "after " + end + ", the next one" + next.said());
        judge(run, "the start after " + end);
        assertEquals(acked + MORE_COUNT, run.ackedCount(true), end);
    }

    private static void judge(FaultRun run, String what) throws IOException, InterruptedException {
        if (Files.isDirectory(run.directory().resolve("journal"))) {
            run.judge(what);
        }
    }

    private void report(String call) {
        System.out.println("CallFaultTest " + call + ": " + runCount + " runs, reached in " + reachedCount
                + ", went on after it in " + doneCount);
    }
}
