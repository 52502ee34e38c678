package io.millrace.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.millrace.journal.SyncedFile.Slot;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyncedFileTest {
    @TempDir
    Path directory;

    private Path log;

    @BeforeEach
    void writeSomething() throws IOException {
        log = directory.resolve("journal");
        try (Journal journal = Journals.open(directory)) {
            journal.journal().start();
            Events.append(journal.journal(), 0, 10, 3);
            journal.journal().sync();
            Events.append(journal.journal(), 10, 20, 3);
            assertEquals(9, read().syncedUpTo());
            journal.journal().sync();
            assertEquals(19, read().syncedUpTo());
        }
    }

    private Slot read() throws IOException {
        Slot slot = SyncedFile.read(log);
        assertTrue(slot != null);
        return slot;
    }

    private byte[] bytes() throws IOException {
        return Files.readAllBytes(log.resolve("synced"));
    }

    @Test
    void shouldSayWhatIsInTheReadme() throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(bytes()).order(ByteOrder.LITTLE_ENDIAN);
        Slot last = read();
        int offset = (int) (last.counter() % 2) * 512;
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), offset, 44);

        assertEquals(1024, bytes.capacity());
        assertEquals("MRY1", new String(bytes.array(), offset, 4, java.nio.charset.StandardCharsets.US_ASCII));
        assertEquals(1, bytes.getInt(offset + 4));
        assertEquals(last.counter(), bytes.getLong(offset + 8));
        assertEquals(19, bytes.getLong(offset + 32));
        assertEquals(1, bytes.getInt(offset + 40));
        assertEquals((int) crc.getValue(), bytes.getInt(offset + 44));
    }

    @Test
    void shouldGoOnCountingInTheNextStart() throws IOException {
        Slot before = read();
        try (Journal journal = Journals.open(directory)) {
            journal.journal().start();
            assertEquals(2, read().start());
            assertTrue(read().counter() > before.counter());
            assertEquals(before.journalIdHi(), read().journalIdHi());
            assertEquals(before.journalIdLo(), read().journalIdLo());
            Events.append(journal.journal(), 20, 21, 1);
            journal.journal().sync();
        }
        assertEquals(20, read().syncedUpTo());
    }

    @Test
    void shouldTakeTheOtherSlotWhenOneIsTorn() throws IOException {
        byte[] whole = bytes();
        int newest = (int) (read().counter() % 2) * SyncedFile.SLOT_DISTANCE;
        for (int at = 0; at < 48; at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] flipped = whole.clone();
                flipped[newest + at] ^= (byte) (1 << bit);
                Files.write(log.resolve("synced"), flipped);
                assertEquals(9, read().syncedUpTo(), "at=" + at);
            }
        }
    }

    @Test
    void shouldSayNothingWhenNoSlotIsWhole() throws IOException {
        byte[] whole = bytes();
        for (int length = 0; length < 48; length++) {
            Files.write(log.resolve("synced"), java.util.Arrays.copyOf(whole, length));
            assertNull(SyncedFile.read(log), "length=" + length);
        }
        Files.delete(log.resolve("synced"));
        assertNull(SyncedFile.read(log));
    }

    @Test
    void shouldAllocateNothingPerUpdate() throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        StartFrame start = StartFrame.read(log.resolve("00000001"), LogKind.JOURNAL, 1);
        try (SyncedFile file = new SyncedFile(log, start)) {
            for (int i = 0; i < 50_000; i++) {
                file.update(i);
            }
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 50_000; i++) {
                file.update(i);
            }
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            byte[][] control = new byte[50_000][];
            for (int i = 0; i < control.length; i++) {
                control[i] = new byte[16];
            }
            assertEquals(0, allocated);
            assertTrue(threads.getCurrentThreadAllocatedBytes() - before >= 50_000L * 32);
        }
    }
}
