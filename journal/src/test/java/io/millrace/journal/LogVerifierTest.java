package io.millrace.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.TestSeed;
import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Verifying tells what opening would, without changing anything; copying takes no more and no less. */
class LogVerifierTest {
    private static final int TRIES = Integer.getInteger("millrace.test.tries", 40);
    private static final long END = 3000;

    @TempDir
    private Path directory;

    private Path data;

    /** Two starts, the first of three segments, the second not closed. */
    @BeforeEach
    void write() throws IOException {
        data = directory.resolve("data");
        Journals.write(data, 0, 2500, 10);
        Journals.writeAndDie(data, 2500, END, 10);
    }

    @Test
    void shouldCountWhatIsWhole() {
        LogCheck check = verify(data);

        assertNull(check.damage(), check::toString);
        assertNull(check.tornTail(), check::toString);
        assertEquals(END, check.recordCount());
        assertEquals(0, check.firstPlace());
        assertEquals(END, check.endPlace());
    }

    @Test
    void shouldNameWhatIsGoneWhenASegmentIsMissing() throws IOException {
        Files.delete(Journals.segment(data, LogKind.JOURNAL, 1, 1));

        LogCheck check = verify(data);

        LogCheck.Damage damage = check.damage();
        assertNotNull(damage);
        assertTrue(damage.message().contains("segment is missing"), damage::message);
        assertEquals(1, damage.missing().size(), damage::toString);
        LogCheck.Range missing = damage.missing().get(0);
        assertEquals(check.endPlace(), missing.first());
        assertEquals(END - missing.last() - 1, damage.wholeRecordCount());
    }

    @Test
    void shouldNameWhatIsGoneWhenAStartIsMissing() throws IOException {
        Journals.delete(data.resolve("journal/00000001"));

        LogCheck.Damage damage = verify(data).damage();

        assertNotNull(damage);
        assertEquals(List.of(new LogCheck.Range(0, 2499)), damage.missing());
        assertEquals(END - 2500, damage.wholeRecordCount());
    }

    @Test
    void shouldTakeATornTailForTheEndUnlessAWriterLives() throws IOException {
        Journals.cutPower(data);
        Path file = Journals.segment(data, LogKind.JOURNAL, 2, 0);
        long end;
        try (FrameReader reader = FrameReader.open(data, LogKind.JOURNAL, END - 1)) {
            assertTrue(reader.nextRecord(new Event()));
            end = reader.offset();
        }
        write(file, end + Integer.BYTES + FrameDescriptor.HEADER_LENGTH, new byte[] {1, 2, 3});

        LogCheck.TornTail tail = verify(data).tornTail();

        assertNotNull(tail);
        assertEquals(file, tail.file());
        assertEquals(end, tail.offset());
        assertEquals(END - 10, verify(data).endPlace());
    }

    @Test
    void shouldFindWhatOpeningFinds() throws IOException {
        long seed = TestSeed.of(LogVerifierTest.class);
        Random random = new Random(seed);
        for (int i = 0; i < TRIES; i++) {
            String told = "-Dmillrace.test.seed=" + seed + ", try " + i;
            Path copy = directory.resolve("copy" + i);
            Journals.copy(data, copy);
            damage(copy, random);
            List<String> before = Journals.fingerprint(copy);

            LogCheck check = verify(copy);

            assertEquals(before, Journals.fingerprint(copy), told);
            compareWithOpening(copy, check, told);
            Journals.delete(copy);
        }
    }

    @Test
    void shouldCopyWhatIsReadAndNoMore() throws IOException {
        for (long to : new long[] {0, 1, 9, 10, 2499, 2500, END - 1, Long.MAX_VALUE}) {
            Path copy = directory.resolve("to" + to);

            long end = LogCopy.copy(data, LogKind.JOURNAL, to, false, copy, frame -> {});

            assertTrue(end > Math.min(to, END - 1), () -> to + ": " + end);
            LogCheck check = verify(copy);
            assertNull(check.damage(), check::toString);
            assertEquals(end, check.endPlace());
            assertEquals(end, readAll(copy));
            try (Journal journal = Journals.open(copy)) {
                assertEquals(end, journal.recovery().nextSequence());
            }
        }
    }

    private static void compareWithOpening(Path copy, LogCheck check, String told) {
        try (Journal journal = Journals.open(copy)) {
            LogCheck.Damage damage = check.damage();
            assertNull(damage, () -> told + ": opened, but " + check);
            assertEquals(journal.recovery().nextSequence(), check.endPlace(), told);
        } catch (CorruptJournalException refused) {
            LogCheck.Damage damage = check.damage();
            assertNotNull(damage, () -> told + ": verified, but " + refused.getMessage());
            assertEquals(refused.sequence(), damage.place(), () -> told + ": " + refused.getMessage() + damage);
        }
    }

    private static void damage(Path directory, Random random) throws IOException {
        int start = 1 + random.nextInt(2);
        Path file = Journals.segment(directory, LogKind.JOURNAL, start, start == 1 ? random.nextInt(2) : 0);
        long length = Files.size(file);
        long offset = (long) (random.nextDouble() * Math.min(length, 1 << 18));
        switch (random.nextInt(5)) {
            case 0 -> write(file, offset, new byte[] {(byte) random.nextInt()});
            case 1 -> write(file, offset, new byte[1 + random.nextInt(512)]);
            case 2 -> truncate(file, offset);
            case 3 -> Files.delete(file);
            default -> Files.delete(file.resolveSibling(StartFrame.FILE_NAME));
        }
    }

    private static void write(Path file, long offset, byte[] bytes) throws IOException {
        try (RandomAccessFile target = new RandomAccessFile(file.toFile(), "rw")) {
            target.seek(offset);
            target.write(bytes);
        }
    }

    private static void truncate(Path file, long length) throws IOException {
        try (RandomAccessFile target = new RandomAccessFile(file.toFile(), "rw")) {
            target.setLength(length);
        }
    }

    private static LogCheck verify(Path directory) {
        return LogVerifier.verify(directory, LogKind.JOURNAL, false, frame -> {});
    }

    /** {@return the count of records, each of them right} */
    private static long readAll(Path directory) {
        Event view = new Event();
        MutableEvent expected = Events.template();
        long count = 0;
        try (FrameReader reader = FrameReader.open(directory, LogKind.JOURNAL)) {
            while (reader.nextRecord(view)) {
                assertEquals(count, view.sequence());
                assertTrue(Events.isIntact(view, expected));
                count++;
            }
        }
        return count;
    }
}
