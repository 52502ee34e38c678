package io.millrace.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.event.MutableEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageTest {
    private static final int ROUNDS = 20_000;

    @TempDir
    Path directory;

    @Test
    void shouldReserveTheCurrentAndTheNextSegmentWhole() throws IOException {
        try (Journal journal = Journals.open(directory)) {
            journal.journal().start();
            Path start = Directories.start(directory.resolve("journal"), 1);
            Path next = start.resolve("19700101-01F.precreated");
            await(() -> Files.exists(next) && !journal.journal().isStorageLow());

            Events.append(journal.journal(), 0, 10, 1);
            await(() -> length(next) == (1 << 18) * 5 / 4);
            assertEquals((1 << 18) * 5 / 4, length(start.resolve("19700101-00F.cq4")));
        }
        assertFalse(
                Files.exists(Directories.start(directory.resolve("journal"), 1).resolve("19700101-01F.precreated")));
    }

    @Test
    void shouldReserveBySystemCallWhenASegmentIsLong() throws IOException {
        JournalContext context = Journals.small(directory).segmentLength(1 << 23);
        try (Journal journal = Journal.open(context)) {
            Events.append(journal.journal(), 0, 10, 1);
            assertEquals((1 << 23) + (1 << 16), length(Journals.segment(directory, LogKind.JOURNAL, 1, 0)));
        }
    }

    @Test
    void shouldGiveBackTheRoomThatIsNotNeeded() throws Exception {
        JournalContext context = Journals.small(directory).segmentLength(1 << 23);
        Path file = Journals.segment(directory, LogKind.JOURNAL, 1, 0);
        try (Journal journal = Journal.open(context)) {
            Events.append(journal.journal(), 0, 10, 1);
            assertTrue(occupied(file) >= 1 << 23, "live " + occupied(file));
        }
        assertTrue(occupied(file) < 1 << 19, "closed " + occupied(file));

        // As if the process had been killed: all of the file is occupied again.
        Journals.kill(directory, null);
        assertTrue(Fallocate.reserve(file, length(file)));
        assertTrue(occupied(file) >= 1 << 23, "killed " + occupied(file));
        try (Journal journal = Journal.open(context)) {
            await(() -> occupied(file) < 1 << 19);
            assertEquals(Journals.upTo(10), Events.sequences(journal));
        }
    }

    @Test
    void shouldSayThatStorageIsLowAndRecoverWhenThereIsRoomAgain() throws IOException {
        Path start = Directories.start(directory.resolve("journal"), 1);
        try (Journal journal = Journals.open(directory)) {
            // A directory in the way is the failure that every file system and user can have.
            Path inTheWay = Files.createDirectories(start.resolve("19700101-01F.precreated"));
            Path guard = Files.createFile(inTheWay.resolve("guard"));
            FrameLog log = journal.journal();
            log.start();
            Events.append(log, 0, 10, 1);
            await(log::isStorageLow);

            Files.delete(guard);
            Files.delete(inTheWay);
            await(() -> !log.isStorageLow());
            Events.append(log, 10, 3000, 10);
        }

        try (Journal journal = Journals.open(directory)) {
            assertEquals(Journals.upTo(3000), Events.sequences(journal));
        }
    }

    @Test
    void shouldStopForGoodWhenThereIsNoNextSegment() throws IOException {
        Path start = Directories.start(directory.resolve("journal"), 1);
        MutableEvent event = Events.template();
        long kept;
        Journal journal = Journals.open(directory);
        try (journal) {
            Path inTheWay = Files.createDirectories(start.resolve("19700101-01F.precreated"));
            Files.createFile(inTheWay.resolve("guard"));
            FrameLog log = journal.journal();

            JournalException full = assertThrows(JournalException.class, () -> {
                for (long sequence = 0; sequence < 10_000; sequence++) {
                    Events.append(log, Events.fill(event, sequence));
                    log.commit();
                }
            });

            assertEquals(75, full.exitCode());
            assertTrue(full.getMessage().startsWith("cannot reserve segment: file="), full.getMessage());
            assertTrue(log.isStorageLow());
            JournalException later = assertThrows(JournalException.class, log::sync);
            assertEquals(75, later.exitCode());
            kept = log.nextSequence();
            Files.delete(inTheWay.resolve("guard"));
            Files.delete(inTheWay);
        }

        try (Journal again = Journals.open(directory)) {
            assertEquals(Journals.upTo(kept), Events.sequences(again));
        }
    }

    @Test
    void shouldForceWhatAKilledStartMayNotHaveForced() throws IOException {
        Journals.write(directory, 0, 500, 10);
        Journals.kill(directory, null);
        try (Journal journal = Journals.open(directory)) {
            FrameLog log = journal.journal();
            assertEquals(499, log.syncedUpTo());
            Events.append(log, 500, 600, 10);
            log.sync();
            assertEquals(599, log.syncedUpTo());
            Events.append(log, 600, 610, 10);
        }

        LogState state = LogScan.journal(directory.resolve("journal"), Evidence.NONE);
        assertEquals(599, state.syncedUpTo());
        try (Journal journal = Journals.open(directory)) {
            assertEquals(609, journal.journal().syncedUpTo());
        }
    }

    @Test
    void shouldSyncFromAnotherThreadWhileSegmentsRoll() throws InterruptedException {
        try (Journal journal = Journals.open(directory)) {
            FrameLog log = journal.journal();
            log.start();
            Thread syncer = new Thread(() -> {
                while (log.syncedUpTo() < ROUNDS - 1) {
                    log.sync();
                }
            });
            syncer.start();
            Events.append(log, 0, ROUNDS, 50);
            syncer.join();
            assertEquals(ROUNDS - 1, log.syncedUpTo());
        }
    }

    @Test
    void shouldRefuseEverythingAfterAFailedSync() {
        Journal journal = Journals.open(directory);
        try (journal) {
            FrameLog log = journal.journal();
            Events.append(log, 0, 10, 10);
            // An interrupt closes the channel under the force: the one sync error that needs no special machine.
            Thread.currentThread().interrupt();
            JournalException failed = assertThrows(JournalException.class, log::sync);
            Thread.interrupted();

            assertEquals(74, failed.exitCode());
            assertTrue(failed.getMessage().startsWith("cannot force journal: directory="), failed.getMessage());
            assertEquals(-1, log.syncedUpTo());
            assertEquals(74, assertThrows(JournalException.class, log::sync).exitCode());
            log.append(Events.fill(Events.template(), 10));
            assertEquals(74, assertThrows(JournalException.class, log::commit).exitCode());
        }
    }

    private static long length(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return -1;
        }
    }

    /** {@return the bytes that a file takes on the disk} */
    private static long occupied(Path file) {
        try {
            Process process = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
            return 512 * Long.parseLong(Forks.output(process).trim());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(1_000_000);
        }
    }
}
