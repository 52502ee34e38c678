package io.millrace.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.ClaimPolicy;
import io.millrace.Pipeline;
import io.millrace.PipelineContext;
import io.millrace.Publisher;
import io.millrace.TestSeed;
import io.millrace.event.MutableEvent;
import io.millrace.ring.Fault;
import io.millrace.ring.Level;
import io.millrace.ring.Outcome;
import io.millrace.ring.SyncPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The kernel refuses the Nth sync: the pipeline ends with exit 74, everybody who waits is released, and the next start
 * finds all that was acknowledged. {@code -Dmillrace.test.count=} repeats it, with N drawn from
 * {@code -Dmillrace.test.seed=}.
 */
class SyncFailureTest {
    private static final long TIMEOUT_NS = 60_000_000_000L;
    private static final int COUNT = Integer.getInteger("millrace.test.count", 2);
    private static final long SEED = TestSeed.of(SyncFailureTest.class);

    @TempDir
    Path directory;

    @BeforeAll
    static void requireStrace() throws Exception {
        Process probe = new ProcessBuilder("sh", "-c", "strace -f -e trace=none true")
                .redirectErrorStream(true)
                .start();
        probe.getInputStream().readAllBytes();
        assumeTrue(probe.waitFor() == 0, "needs strace, and leave to trace (root)");
    }

    @Test
    void shouldEndWithoutAnotherAcknowledgementWhenTheNthSyncFails() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < COUNT; i++) {
            int nth = 1 + random.nextInt(40);
            SyncPolicy.Kind policy = random.nextBoolean() ? SyncPolicy.Kind.GROUP : SyncPolicy.Kind.PER_BATCH;
            check("seed=" + SEED + ", round=" + i + ", nth=" + nth + ", policy=" + policy, nth, policy, i);
        }
    }

    private void check(String message, int nth, SyncPolicy.Kind policy, int round) throws Exception {
        Path data = directory.resolve("data-" + round);
        Path trace = directory.resolve("trace-" + round);
        Process victim = Forks.javaUnder(
                List.of(
                        "strace",
                        "-f",
                        "-qq",
                        "-o",
                        trace.toString(),
                        "-e",
                        "trace=fdatasync,fsync",
                        "-e",
                        "inject=fdatasync:error=EIO:when=" + nth),
                Victim.class,
                data.toString(),
                policy.name());
        List<String> lines = new ArrayList<>(List.of(Forks.output(victim).split("\n")));
        assertTrue(victim.waitFor(1, TimeUnit.MINUTES), message);

        assertEquals(JournalException.EXIT_IO, victim.exitValue(), message + ": " + lines);
        String fault = value(lines, "fault ");
        // JOURNAL may come upon the failed log before SYNC has reported it.
        assertTrue(fault.startsWith("pipeline halted: stage=SYNC: ") || fault.contains(": stage=JOURNAL "), fault);
        assertTrue(fault.contains("cannot force journal: directory="), fault);
        assertTrue(fault.endsWith("; what came later may be lost, check the disk and start again"), fault);
        assertEquals("FAILED FAILED", value(lines, "released "), message);
        long synced = Long.parseLong(value(lines, "synced "));
        assertEquals(
                1,
                lines(trace).stream().filter(line -> line.contains("INJECTED")).count(),
                message);
        assertTrue(isLast(lines(trace)), message + ": a file was forced again behind the failure");
        try (Journal journal = Journals.open(data)) {
            assertTrue(journal.nextSequence() > synced, message + ": synced=" + synced + ", " + journal.recovery());
            journal.replay((event, epoch) -> assertEquals(event.sequence(), event.idLo(), message));
        }
    }

    private static String value(List<String> lines, String begin) {
        return lines.stream()
                .filter(line -> line.startsWith(begin))
                .map(line -> line.substring(begin.length()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + begin + "in " + lines));
    }

    private static List<String> lines(Path trace) throws IOException {
        return Files.readAllLines(trace);
    }

    /** The journal's sync is fdatasync; what is forced at close is another log's, by fsync or not at all. */
    private static boolean isLast(List<String> calls) {
        int failed = 0;
        while (!calls.get(failed).contains("INJECTED")) {
            failed++;
        }
        return calls.subList(failed + 1, calls.size()).stream().noneMatch(call -> call.contains("fdatasync("));
    }

    /** Publishes until nothing is taken any more, and then says what it was told. */
    public static final class Victim {
        private static volatile long synced = -1;

        private Victim() {}

        public static void main(String[] args) {
            Journal journal = Journal.open(Journals.small(Path.of(args[0])).outbox(false));
            Pipeline pipeline = Pipeline.create(new PipelineContext()
                    .syncPolicy(new SyncPolicy(SyncPolicy.Kind.valueOf(args[1]), 0))
                    .gate(Level.SYNCED)
                    .ringCapacity(256)
                    .maxBatchCount(64)
                    .store(journal));
            pipeline.onLevel(Level.SYNCED, (ticket, sequence) -> synced = sequence);
            pipeline.start();
            MutableEvent event = MutableEvent.allocate(64).typeId(7).payloadLength(64);
            Publisher publisher = pipeline.publisher();
            long ticket = 0;
            long last = 0;
            for (long id = 0; ticket >= 0; id++) {
                last = ticket;
                ticket = publisher.publish(event.id(1, id), ClaimPolicy.park(TIMEOUT_NS));
            }
            long awaited = pipeline.awaitLevel(last, Level.SYNCED, TIMEOUT_NS);
            Fault fault = pipeline.fault();
            System.out.println("released " + Publisher.describe(ticket) + " " + Outcome.describe(awaited));
            System.out.println("fault " + fault.message());
            pipeline.close();
            System.out.println("synced " + synced);
            journal.close();
            System.exit(((JournalException) fault.cause()).exitCode());
        }
    }
}
