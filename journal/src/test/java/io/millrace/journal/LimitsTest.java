package io.millrace.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.event.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits of the process and clocks that jump: what is not a full disk and must not be worse than one. */
class LimitsTest {
    private static final long HOUR_NS = TimeUnit.HOURS.toNanos(1);

    @TempDir
    Path directory;

    @Test
    void shouldRefuseAndRecoverLikeOnAFullDiskWhenFilesMayNotGrow() throws Exception {
        try (Journal journal = Journals.open(directory)) {
            FrameLog log = journal.journal();
            log.keepRoomFor(1000, 264);
            Events.append(log, 0, 10, 10);
            assumeTrue(limitFileLength("100000:"), "skipped: prlimit cannot limit the length of files here");
            try {
                Events.append(log, 10, 1000, 10);
                await(log, true);
                assertTrue(String.valueOf(log.storageProblem()).startsWith("cannot reserve segment: file="));
            } finally {
                assertTrue(limitFileLength("unlimited:"));
            }
            await(log, false);
            Events.append(log, 1000, 9000, 10);
        }
        try (Journal journal = Journals.open(directory)) {
            assertEquals(Journals.upTo(9000), Events.sequences(journal));
        }
    }

    @Test
    void shouldDateSegmentsByAClockThatNeverGoesBack() {
        ArrayDeque<Long> jumps = new ArrayDeque<>(List.of(100 * HOUR_NS, 98 * HOUR_NS, 87_600 * HOUR_NS, 99 * HOUR_NS));
        List<Long> times = new ArrayList<>();
        JournalContext context =
                Journals.small(directory).clock(() -> jumps.size() > 1 ? jumps.removeFirst() : jumps.getFirst());
        try (Journal journal = Journal.open(context)) {
            Events.append(journal.journal(), 0, 9000, 10);
        }
        try (FrameReader reader = FrameReader.open(directory, LogKind.JOURNAL)) {
            while (reader.nextFrame()) {
                SegmentHeader header = SegmentHeader.of(reader.frame(), new Event());
                if (header != null) {
                    times.add(header.timeNs());
                }
            }
        }
        assertTrue(times.size() > 3, times.toString());
        assertEquals(times.stream().sorted().toList(), times);
        try (Journal journal = Journal.open(context)) {
            assertEquals(9000, journal.nextSequence());
        }
    }

    private static boolean limitFileLength(String limit) throws InterruptedException {
        try {
            String pid = Long.toString(ProcessHandle.current().pid());
            return new ProcessBuilder("prlimit", "--pid", pid, "--fsize=" + limit)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException noPrlimit) {
            return false;
        }
    }

    private static void await(FrameLog log, boolean isLow) {
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (log.isStorageLow() != isLow) {
            assertTrue(System.nanoTime() < endNs, "waited for 30 s");
            LockSupport.parkNanos(1_000_000);
        }
    }
}
