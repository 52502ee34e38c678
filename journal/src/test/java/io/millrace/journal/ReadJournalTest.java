package io.millrace.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.event.MutableEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two readers of one format, written apart: what one of them accepts, the other one accepts as well. */
class ReadJournalTest {
    private static final int IMAGE_COUNT = Faults.count("images", 60, 10_000);

    @TempDir
    Path directory;

    @Test
    void shouldReadWhatSeveralStartsWrote() throws Exception {
        writeAll(3);

        ReadJournal.Verdict verdict = ReadJournal.verify(directory);

        assertEquals(0, verdict.exitCode(), verdict::text);
        assertEquals(270, verdict.next(LogKind.JOURNAL), verdict::text);
        assertEquals(90, verdict.next(LogKind.OUTBOX), verdict::text);
        assertEquals(30, verdict.next(LogKind.DEAD_LETTERS), verdict::text);
    }

    @Test
    void shouldPrintEveryRecord() throws Exception {
        writeAll(1);

        List<String> lines = ReadJournal.verify(directory, "--records", "--log", "journal")
                .text()
                .lines()
                .toList();

        assertEquals(
                90, lines.stream().filter(line -> line.contains("\"place\"")).count());
        String line = lines.get(2);
        assertTrue(line.startsWith("{\"log\": \"journal\", \"place\": 2, \"start\": 1, \"sequence\": 2, "), line);
        assertTrue(line.contains("\"idLo\": -3, \"key\": 2, \"timestampNs\": 1000002000, \"ingestTimeNs\": 2"), line);
        assertTrue(line.endsWith("\"payload\": \"" + payload(2) + "\"}"), line);
    }

    @Test
    void shouldReadWhatRetentionLeft() throws Exception {
        long begin = 0;
        for (long floor : new long[] {2000, 3500, 7000}) {
            long end = begin + 3000;
            Journals.write(directory, begin, end, 50);
            Retention.pruneDead(
                    directory,
                    LogKind.JOURNAL,
                    new RetentionPolicy(0, Long.MAX_VALUE, true),
                    List.of(new RetentionFloor(floor, "a test")),
                    0);

            ReadJournal.Verdict verdict = ReadJournal.verify(directory);

            assertEquals(0, verdict.exitCode(), verdict::text);
            assertEquals(end, verdict.next(LogKind.JOURNAL), verdict::text);
            assertTrue(verdict.field("first") > 0 && verdict.field("first") <= floor, verdict::text);
            begin = end;
        }
        agreeWithoutTheFirstFrame();
        agreeOnDamagedImages(Faults.seed("ReadJournalTest retention"), IMAGE_COUNT / 4);
    }

    /** The first segment that is kept looks empty, so nothing tells the times before the next one. */
    private void agreeWithoutTheFirstFrame() throws Exception {
        Path file;
        long offset;
        try (FrameReader reader = FrameReader.open(directory, LogKind.JOURNAL)) {
            assertTrue(reader.nextFrame());
            file = reader.file();
            offset = reader.offset();
        }
        byte[] whole = Files.readAllBytes(file);
        Damage.zero(file, offset, Integer.BYTES + FrameDescriptor.HEADER_LENGTH);

        ReadJournal.Verdict theirs = ReadJournal.verify(directory);

        assertEquals(65, theirs.exitCode(), theirs::text);
        assertEquals(ours(), brief(theirs), theirs::text);
        Files.write(file, whole);
    }

    @Test
    void shouldAgreeWithRecoveryOnDamagedImages() throws Exception {
        writeAll(3);
        agreeOnDamagedImages(Faults.seed("ReadJournalTest"), IMAGE_COUNT);
    }

    private void agreeOnDamagedImages(long seed, int imageCount) throws Exception {
        Images images = new Images(directory, new Random(seed));
        int damagedCount = 0;
        try (ReadJournal other = new ReadJournal()) {
            for (int i = 0; i < imageCount; i++) {
                String what = images.damage();

                ReadJournal.Verdict theirs = other.ask(directory);

                assertEquals(ours(), brief(theirs), () -> what + ", seed=" + seed + ": " + theirs.text());
                damagedCount += theirs.exitCode() == 65 ? 1 : 0;
                images.repair();
            }
            assertEquals(0, other.ask(directory).exitCode());
        }
        System.out.println("ReadJournalTest: " + damagedCount + " of " + imageCount + " images refused by both");
    }

    @Test
    void shouldCompareWithWhatWasAcknowledged() throws Exception {
        writeAll(1);
        assertEquals(0, acked("0-89").exitCode());
        assertEquals(
                0,
                acked("# a note", "0-10", id(11), "12", id(13) + " " + crc(13)).exitCode());

        assertFinding("missing: sequence=90 to 90, the journal ends at 90", acked("0-90"));
        assertFinding("acknowledged out of order: 4 behind 5", acked("5", "4"));
        assertFinding("another id: sequence=12", acked(id(11).replace("11 ", "12 ")));
        assertFinding("id is there 0 times (expected: 1)", acked("12 77 78"));
        assertFinding("another payload: sequence=13", acked(id(13) + " " + crc(14)));
    }

    @Test
    void shouldSayThatADirectoryCannotBeRead() throws Exception {
        assertEquals(66, ReadJournal.verify(directory.resolve("none")).exitCode());
        assertEquals(2, ReadJournal.verify(directory, "--none").exitCode());
    }

    /** Starts with events in frames of 10, outputs for some, and dead letters; segments of 256 KiB. */
    private void writeAll(int startCount) {
        MutableEvent event = Events.template();
        for (int start = 0; start < startCount; start++) {
            try (Journal journal = Journals.open(directory)) {
                long from = 90L * start;
                Events.append(journal.journal(), from, from + 90, 10);
                for (long cause = from; cause < from + 30; cause++) {
                    Events.append(journal.outbox(), Events.output(event, cause, 0));
                    if (cause % 7 == 6) {
                        journal.outbox().commit();
                    }
                }
                journal.outbox().commit();
                Events.append(journal.deadLetters(), 10L * start, 10L * start + 10, 4);
            }
        }
    }

    private String ours() throws IOException {
        List<String> ends = new ArrayList<>();
        try {
            LogState journal = LogScan.journal(directory.resolve("journal"), evidence(LogKind.JOURNAL));
            LogState outbox = LogScan.outbox(
                    directory.resolve("outbox"),
                    evidence(LogKind.OUTBOX),
                    journal.end().nextSequence());
            LogState deadLetters =
                    LogScan.deadLetters(directory.resolve("deadletters"), evidence(LogKind.DEAD_LETTERS));
            for (LogState state : List.of(journal, outbox, deadLetters)) {
                ends.add(state.kind().directoryName() + " " + state.end().nextSequence());
            }
            return ends.toString();
        } catch (CorruptJournalException e) {
            return directory.relativize(Path.of(e.file())) + " " + e.offset();
        }
    }

    private Evidence evidence(LogKind kind) throws IOException {
        return Evidence.of(OpenFile.read(directory), kind);
    }

    private static String brief(ReadJournal.Verdict verdict) {
        if (verdict.exitCode() == 65) {
            return verdict.word("file") + " " + verdict.field("offset");
        }
        List<String> ends = new ArrayList<>();
        for (LogKind kind : LogKind.values()) {
            ends.add(kind.directoryName() + " " + verdict.next(kind));
        }
        return ends.toString();
    }

    private ReadJournal.Verdict acked(String... lines) throws IOException, InterruptedException {
        Path file = directory.resolve("acked.txt");
        Files.write(file, List.of(lines));
        return ReadJournal.verify(directory, "--acked", file.toString());
    }

    private static void assertFinding(String problem, ReadJournal.Verdict verdict) {
        assertEquals(1, verdict.exitCode(), verdict::text);
        assertTrue(verdict.text().contains(problem), verdict::text);
    }

    private static String id(long sequence) {
        return sequence + " " + sequence * 0x9E3779B97F4A7C15L + " " + ~sequence;
    }

    private static String payload(long sequence) {
        StringBuilder hex = new StringBuilder();
        for (int i = 0; i < sequence * 31 % 200; i++) {
            hex.append(String.format("%02x", (sequence + i) & 0xFF));
        }
        return hex.toString();
    }

    private static String crc(long sequence) {
        CRC32 crc = new CRC32();
        for (int i = 0; i < sequence * 31 % 200; i++) {
            crc.update((int) (sequence + i));
        }
        return Long.toHexString(crc.getValue());
    }
}
