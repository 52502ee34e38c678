package io.millrace.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.TestSeed;
import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was admitted while storage was not low can be written, whatever the disk does. */
class LowStorageTest {
    private static final long SEED = TestSeed.of(LowStorageTest.class);
    private static final int SIZES = Integer.getInteger("storage.sizes", 2);
    private static final int RING_COUNT = 1 << 11;
    private static final int PAYLOAD_LENGTH = 600;
    private static final int RECORD_LENGTH = Event.HEADER_LENGTH + PAYLOAD_LENGTH;

    @TempDir
    Path directory;

    @Test
    void shouldReserveAsManySegmentsAsTheRingsMayFill() throws IOException {
        try (Journal journal = Journals.open(directory)) {
            FrameLog log = journal.journal();
            log.keepRoomFor(RING_COUNT, RECORD_LENGTH);
            assertFalse(log.isStorageLow());
            int reserved = reservations();
            assertTrue(reserved * (1L << 18) > RING_COUNT * RECORD_LENGTH, "reserved " + reserved);

            Events.append(log, 0, 1, 1);
            assertEquals(reserved - 1, reservations());
            Events.append(log, 1, 3000, 10);
            await(() -> reservations() == reserved - 1);
        }
        assertEquals(0, reservations());
    }

    @Test
    void shouldRefuseSettingsThatNeedTooManySegments() {
        try (Journal journal = Journals.open(directory)) {
            JournalException refused =
                    assertThrows(JournalException.class, () -> journal.journal().keepRoomFor(1 << 20, RECORD_LENGTH));
            assertEquals(78, refused.exitCode());
            assertTrue(
                    refused.getMessage()
                            .matches("cannot keep room for the rings: log=journal, recordCount=1048576, "
                                    + "recordLength=664, segmentLength=262144 \\(expected: at most 256 segments, not "
                                    + "[0-9]+\\); raise segmentLength, or lower ring capacities or payload lengths"),
                    refused.getMessage());
        }
    }

    @Test
    void shouldRefuseSettingsThatTheDiskCanNeverHold() throws IOException {
        try (SmallDisk disk = SmallDisk.mount(directory, 7 << 10);
                Journal journal = Journal.open(Journals.small(disk.data()))) {
            JournalException refused =
                    assertThrows(JournalException.class, () -> journal.journal().keepRoomFor(1 << 14, 320));
            assertEquals(78, refused.exitCode());
            assertTrue(refused.getMessage().contains("(expected: at most the capacity of the file system, 7340032)"));
        }
    }

    @Test
    void shouldWriteAllThatWasAdmittedOnDisksOfOddSizes() throws IOException {
        Random random = new Random(SEED);
        for (int i = 0; i < SIZES; i++) {
            long lengthKib = 18_000 + random.nextInt(8_000);
            try (SmallDisk disk = SmallDisk.mount(directory, lengthKib)) {
                writeUntilFullTwice(disk, random, "seed " + SEED + ", lengthKib " + lengthKib);
            }
        }
    }

    @Test
    void shouldGiveTheBallastToDeadLettersAndTakeItBack() throws IOException {
        try (SmallDisk disk = SmallDisk.mount(directory, 40 << 10);
                Journal journal = Journal.open(Journals.small(disk.data()))) {
            journal.journal().start();
            Path ballast = disk.data().resolve(Ballast.FILE_NAME);
            await(() -> Files.exists(ballast) && !journal.journal().isStorageLow());
            disk.occupy(0);

            Events.append(journal.deadLetters(), 0, 100, 10);

            assertFalse(Files.exists(ballast));
            AuditLog.append(disk.data(), "test", Map.of("full", true));
            Events.append(journal.journal(), 0, 1000, 10);
            await(() -> journal.journal().isStorageLow());
            disk.free();
            await(() -> !journal.journal().isStorageLow());
            assertTrue(Files.exists(ballast));
            Events.append(journal.journal(), 1000, 5000, 10);
        }
    }

    @Test
    void shouldGiveTheBallastToTheAuditLog() throws IOException {
        try (SmallDisk disk = SmallDisk.mount(directory, 40 << 10)) {
            try (Journal journal = Journal.open(Journals.small(disk.data()))) {
                journal.journal().start();
                await(() -> Files.exists(disk.data().resolve(Ballast.FILE_NAME)));
            }
            disk.occupy(0);

            AuditLog.append(disk.data(), "test", Map.of("full", true));

            assertEquals(1, AuditLog.lines(disk.data()).size());
            assertFalse(Files.exists(disk.data().resolve(Ballast.FILE_NAME)));
        }
    }

    @Test
    void shouldTellWhenRoomGetsScarceAndWhenItIsLow() throws IOException {
        List<StorageState> told = new CopyOnWriteArrayList<>();
        try (SmallDisk disk = SmallDisk.mount(directory, 40 << 10);
                Journal journal = Journal.open(Journals.small(disk.data()).storageListener(told::add))) {
            FrameLog log = journal.journal();
            log.start();
            await(() -> Files.exists(disk.data().resolve(Ballast.FILE_NAME)) && !log.isStorageLow());
            assertEquals(StorageState.Level.PLENTY, journal.storage().level());
            disk.occupy(6 << 20);
            await(() -> journal.storage().level() == StorageState.Level.SCARCE);
            disk.occupy(0);
            Events.append(log, 0, 1500, 10);
            await(() -> journal.storage().level() == StorageState.Level.LOW);
            assertTrue(String.valueOf(journal.storage().problem()).startsWith("cannot reserve segment: file="));
            disk.free();
            await(() -> journal.storage().level() == StorageState.Level.PLENTY);
        }
        // Between two of these a look may see room that is scarce, by its share or by the rate of late.
        List<StorageState.Level> levels = told.stream().map(StorageState::level).toList();
        assertEquals(StorageState.Level.SCARCE, levels.get(0));
        assertTrue(levels.contains(StorageState.Level.LOW), levels::toString);
        assertEquals(StorageState.Level.PLENTY, levels.get(levels.size() - 1));
    }

    @Test
    void shouldCountTheRateOfWritingAgainstTheRoom() {
        long gib = 1L << 30;
        assertEquals(
                StorageState.Level.PLENTY,
                StorageState.of(30 * gib, 100 * gib, 0, false, true, null).level());
        assertEquals(
                StorageState.Level.SCARCE,
                StorageState.of(19 * gib, 100 * gib, 0, false, true, null).level());
        assertEquals(
                599,
                StorageState.of(599 << 20, 1 << 30, 1 << 20, false, true, null).secondsToFull());
        assertEquals(
                StorageState.Level.SCARCE,
                StorageState.of(599 << 20, 1 << 30, 1 << 20, false, true, null).level());
        assertEquals(
                StorageState.Level.PLENTY,
                StorageState.of(601 << 20, 1 << 30, 1 << 20, false, true, null).level());
    }

    /** A ring is filled whenever it is allowed, and drained when it is full or storage is low. */
    private void writeUntilFullTwice(SmallDisk disk, Random random, String what) throws IOException {
        long appended = 0;
        try (Journal journal = Journal.open(Journals.small(disk.data()))) {
            FrameLog log = journal.journal();
            log.keepRoomFor(RING_COUNT, RECORD_LENGTH);
            log.start();
            for (int time = 0; time < 2; time++) {
                // The first time a neighbour takes the room, the second time it is all ours.
                int neighbourRound = time == 0 ? 0 : Integer.MAX_VALUE;
                for (int round = 0; !log.isStorageLow(); round++) {
                    if (round == neighbourRound) {
                        disk.occupy(random.nextInt(1 << 21));
                    }
                    if (!log.isStorageLow()) {
                        appended = append(log, appended, appended + RING_COUNT, 1 + random.nextInt(20));
                    }
                }
                if (time == 0) {
                    disk.free();
                    await(() -> !log.isStorageLow());
                }
            }
        }
        try (FrameReader reader = FrameReader.open(disk.data(), LogKind.JOURNAL)) {
            Event view = new Event();
            MutableEvent expected = Events.template();
            for (long sequence = 0; sequence < appended; sequence++) {
                assertTrue(reader.nextRecord(view), what + ", sequence " + sequence + " of " + appended);
                assertEquals(sequence, view.sequence(), what);
                assertTrue(Events.isIntact(view, expected), what);
            }
        }
    }

    private static long append(FrameLog log, long from, long to, int batchCount) {
        MutableEvent event = Events.template();
        for (long sequence = from; sequence < to; sequence++) {
            Events.append(log, Events.fill(event, sequence, PAYLOAD_LENGTH));
            if (sequence % batchCount == 0) {
                log.commit();
            }
        }
        log.commit();
        return to;
    }

    private int reservations() {
        try {
            return (int) Directories.names(Directories.start(directory.resolve("journal"), 1)).stream()
                    .filter(name -> name.endsWith(SegmentName.RESERVED_SUFFIX))
                    .count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void await(BooleanSupplier condition) {
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < endNs, "waited for 30 s");
            LockSupport.parkNanos(1_000_000);
        }
    }
}
