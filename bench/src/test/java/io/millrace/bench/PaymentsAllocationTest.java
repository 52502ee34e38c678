package io.millrace.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.millrace.PipelineContext;
import io.millrace.journal.Journal;
import io.millrace.ring.ThreadPlan;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Counts the bytes that the publisher's and the stages' threads allocate with dedup, window, pattern, journal and
 * outbox on. Between the boundaries of Chronicle's blocks and of segments there must be none; a boundary maps a new
 * piece of a file, which allocates a bounded amount.
 */
class PaymentsAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int WARM_UP_COUNT = 1_300_000;
    private static final int CHUNK_COUNT = 200;
    private static final int EVENTS_PER_CHUNK = 2_000;
    private static final long BOUNDARY_BYTES_MAX = 1 << 17;

    @TempDir
    private Path directory;

    @Test
    void shouldAllocateNothingPerEventBetweenBoundariesOfFiles() throws IOException {
        try (Journal journal = Journal.open(CrashVictim.context(directory));
                PaymentsPipeline payments = new PaymentsPipeline(
                        Query.Q123,
                        new PipelineContext().threadPlan(ThreadPlan.FUSED).store(journal))) {
            for (int i = 0; i < WARM_UP_COUNT; i++) {
                payments.publishNext();
            }
            payments.drain();
            long stageThread = threadNamed("admit+journal+apply+emit");
            long segmentsBefore = segmentCount();

            long[] publisherBytes = new long[CHUNK_COUNT];
            long[] stageBytes = new long[CHUNK_COUNT];
            for (int chunk = 0; chunk < CHUNK_COUNT; chunk++) {
                long ownBefore = THREADS.getCurrentThreadAllocatedBytes();
                long stageBefore = THREADS.getThreadAllocatedBytes(stageThread);
                for (int i = 0; i < EVENTS_PER_CHUNK; i++) {
                    payments.publishNext();
                }
                payments.drain();
                stageBytes[chunk] = THREADS.getThreadAllocatedBytes(stageThread) - stageBefore;
                publisherBytes[chunk] = THREADS.getCurrentThreadAllocatedBytes() - ownBefore;
            }

            // A segment of 16 MiB has four blocks; journal and outbox each cross some.
            long segments = segmentCount() - segmentsBefore;
            long boundaries = 5 * (segments + 2);
            long chunksWithBytes =
                    Arrays.stream(stageBytes).filter(bytes -> bytes > 0).count();
            assertTrue(segments >= 2, "segments=" + segments + " (expected: at least 2)");
            assertTrue(
                    chunksWithBytes <= boundaries,
                    () -> "chunks with bytes=" + chunksWithBytes + " (expected: <= " + boundaries + "): "
                            + Arrays.toString(stageBytes));
            assertTrue(Arrays.stream(stageBytes).max().orElse(0) <= BOUNDARY_BYTES_MAX, Arrays.toString(stageBytes));
            // Now and then the JVM charges a thread for going back from compiled code: that is once, not per event.
            assertEquals(0, median(publisherBytes), Arrays.toString(publisherBytes));
            assertTrue(
                    Arrays.stream(publisherBytes).filter(bytes -> bytes > 0).count() <= 2,
                    Arrays.toString(publisherBytes));
        }
    }

    private static long median(long[] values) {
        return Arrays.stream(values)
                .sorted()
                .skip(values.length / 2)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldSeeBytesThatAreAllocated() {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        byte[][] kept = new byte[100][];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = new byte[1000];
        }
        assertTrue(THREADS.getCurrentThreadAllocatedBytes() - before >= 100_000, kept.length + " arrays");
    }

    private static long threadNamed(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(prefix))
                .findFirst()
                .orElseThrow()
                .getId();
    }

    private long segmentCount() throws IOException {
        try (var files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".cq4")).count();
        }
    }
}
