package io.millrace.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.TestSeed;
import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds seeking against a plain scan from the beginning. */
class SeekTest {
    private static final long SEED = TestSeed.of(SeekTest.class);
    private static final int COUNT = 40_000;

    private final Random random = new Random(SEED);
    private final List<long[]> records = new ArrayList<>();
    private final Event view = new Event();

    @TempDir
    Path directory;

    @Test
    void shouldFindTheSameRecordAsAScanBySequenceAndTimes() throws IOException {
        writeSeveralStarts();

        List<long[]> all = scan();
        assertEquals(records.size(), all.size());
        checkAll(all);
    }

    @Test
    void shouldFindRecordsInALogThatIsBeingWritten() {
        try (Journal journal = Journals.open(directory)) {
            for (int round = 0; round < 40; round++) {
                append(journal.journal(), 500, 20);
                checkSome(records, 5);
            }
        }
    }

    @Test
    void shouldPassOverWhatARecoveryLeftOut() throws IOException {
        try (Journal journal = Journals.open(directory)) {
            append(journal.journal(), 3000, 30);
        }
        Journals.cutPower(directory);
        tearLastFrame();
        int kept = scan().size();
        assertTrue(kept < 3000);
        records.subList(kept, 3000).clear();
        try (Journal journal = Journals.open(directory)) {
            append(journal.journal(), 3000, 30);
        }

        checkAll(scan());
    }

    @Test
    void shouldFindNothingBehindTheEnd() {
        Journals.write(directory, 0, 100, 10);
        try (FrameReader reader = FrameReader.open(directory, LogKind.JOURNAL)) {
            reader.seekSequence(100);
            assertFalse(reader.nextRecord(view));
            reader.seekTime(Long.MAX_VALUE);
            assertFalse(reader.nextRecord(view));
            reader.seekIngestTime(100);
            assertFalse(reader.nextRecord(view));
            reader.seekIngestTime(99);
            assertTrue(reader.nextRecord(view));
            assertEquals(99, view.sequence());
        }
    }

    @Test
    void shouldSeekInAnEmptyOrMissingLog() {
        try (FrameReader reader = FrameReader.open(directory, LogKind.JOURNAL, 7)) {
            reader.seekTime(1);
            assertFalse(reader.nextRecord(view));
            Journals.open(directory).close();
            reader.seekTime(1);
            assertFalse(reader.nextRecord(view));
        }
    }

    @Test
    void shouldReadNoMoreThanAPartBeforeTheRecord() {
        JournalContext context =
                Journals.small(directory).segmentLength(1 << 23).blockLength(1 << 20);
        try (Journal journal = Journal.open(context)) {
            Events.append(journal.journal(), 0, 200_000, 50);
        }
        Journals.write(directory, 200_000, 200_001, 1);
        for (long sequence : new long[] {0, 1, 49_999, 123_456, 199_999}) {
            try (FrameReader reader = FrameReader.open(directory, LogKind.JOURNAL, sequence)) {
                assertTrue(reader.nextFrame());
                long begin = reader.offset();
                Path file = reader.file();
                assertTrue(reader.nextRecord(view));
                assertEquals(sequence, view.sequence());
                assertEquals(file, reader.file());
                assertTrue(
                        reader.offset() - begin < SegmentDescriptor.MIN_PART_LENGTH + (1 << 16), "read from " + begin);
            }
        }
    }

    @Test
    void shouldSayInHeaderAndFooterWhatTheSegmentHolds() {
        JournalContext context =
                Journals.small(directory).segmentLength(1 << 22).blockLength(1 << 20);
        long startedNs = 5_000_000_000L;
        try (Journal journal = Journal.open(context.clock(() -> startedNs))) {
            Events.append(journal.journal(), 0, 50_000, 50);
        }

        long frames = 0;
        long footers = 0;
        long footerOffset = SegmentDescriptor.NO_OFFSET;
        SegmentHeader header = null;
        try (FrameReader reader = FrameReader.open(directory, LogKind.JOURNAL)) {
            while (reader.nextFrame()) {
                SegmentHeader read = SegmentHeader.of(reader.frame(), view);
                SegmentFooter footer = SegmentFooter.of(reader.frame(), view);
                if (read != null) {
                    header = read;
                    assertEquals(reader.frame().firstSequence(), header.firstSequence());
                    assertEquals(reader.frame().previousCrc(), header.previousCrc());
                    assertEquals(footerOffset, header.previousFooterOffset());
                    assertEquals(
                            header.segment() == 0 ? Long.MIN_VALUE : header.firstSequence() - 1,
                            header.maxIngestTimeNs());
                    assertEquals(startedNs, header.timeNs());
                    frames = 0;
                } else if (footer != null) {
                    assertNotNull(header);
                    footers++;
                    footerOffset = reader.offset();
                    assertEquals(header.segment(), footer.segment());
                    assertEquals(header.firstSequence(), footer.firstSequence());
                    assertEquals(reader.frame().firstSequence(), footer.endSequence());
                    assertEquals(footer.firstSequence(), footer.minIngestTimeNs());
                    assertEquals(footer.endSequence() - 1, footer.maxIngestTimeSoFarNs());
                    assertEquals(1_000_000_000L + 1000 * footer.firstSequence(), footer.minTimestampNs());
                    assertEquals(
                            frames,
                            footer.parts().stream()
                                    .mapToLong(SegmentFooter.Part::frameCount)
                                    .sum());
                    assertEquals(
                            footer.segment() == 0 ? 4 : footer.parts().size(),
                            footer.parts().size());
                } else {
                    frames++;
                }
            }
        }
        assertTrue(footers >= 2, "footers " + footers);
    }

    private void writeSeveralStarts() throws IOException {
        for (int start = 0; start < 4; start++) {
            boolean isLarge = start % 2 == 1;
            JournalContext context = Journals.small(directory);
            try (Journal journal =
                    Journal.open(isLarge ? context.segmentLength(1 << 22).blockLength(1 << 20) : context)) {
                append(journal.journal(), start == 2 ? 0 : COUNT / 4, 1 + random.nextInt(60));
            }
            if (start == 1) {
                Journals.kill(directory, null);
            }
        }
    }

    private void append(FrameLog log, int count, int batchCount) {
        MutableEvent event = Events.template();
        for (int i = 0; i < count; i++) {
            long sequence = records.size();
            Events.fill(event, sequence);
            event.timestampNs(sequence * 1000 + random.nextInt(3_000_000)).ingestTimeNs(sequence / 7 * 100);
            records.add(new long[] {sequence, event.timestampNs(), event.ingestTimeNs()});
            Events.append(log, event);
            if (i % batchCount == batchCount - 1) {
                log.commit();
            }
        }
        log.commit();
    }

    private void tearLastFrame() throws IOException {
        Path file = null;
        long offset = 0;
        try (FrameReader reader = FrameReader.open(directory, LogKind.JOURNAL)) {
            while (reader.nextFrame()) {
                file = reader.file();
                offset = reader.offset();
            }
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), offset + 90);
        }
    }

    private List<long[]> scan() {
        List<long[]> all = new ArrayList<>();
        try (FrameReader reader = FrameReader.open(directory, LogKind.JOURNAL)) {
            while (reader.nextRecord(view)) {
                all.add(new long[] {view.sequence(), view.timestampNs(), view.ingestTimeNs()});
            }
        } catch (CorruptJournalException torn) {
            // The scan of a torn log ends there.
        }
        return all;
    }

    private void checkAll(List<long[]> all) {
        for (int i = 0; i < records.size(); i++) {
            assertEquals(records.get(i)[1], all.get(i)[1], "seed " + SEED);
        }
        checkSome(all, 150);
    }

    private void checkSome(List<long[]> all, int tries) {
        for (int i = 0; i < tries; i++) {
            long sequence = random.nextInt(all.size() + 3);
            check(all, 0, sequence, reader -> reader.seekSequence(sequence));
            long timestampNs = random.nextInt(all.size()) * 1000L + random.nextInt(3_000_000);
            check(all, 1, timestampNs, reader -> reader.seekTime(timestampNs));
            long ingestTimeNs = random.nextInt(all.size()) / 7 * 100L + random.nextInt(100);
            check(all, 2, ingestTimeNs, reader -> reader.seekIngestTime(ingestTimeNs));
        }
    }

    private void check(List<long[]> all, int field, long value, Consumer<FrameReader> seek) {
        long expected = all.stream()
                .filter(record -> record[field] >= value)
                .mapToLong(record -> record[0])
                .findFirst()
                .orElse(-1);
        try (FrameReader reader = FrameReader.open(directory, LogKind.JOURNAL)) {
            seek.accept(reader);
            long found = reader.nextRecord(view) ? view.sequence() : -1;
            assertEquals(expected, found, "field " + field + ", value " + value + ", seed " + SEED);
            if (found >= 0 && found + 1 < all.size()) {
                assertTrue(reader.nextRecord(view));
                assertEquals(found + 1, view.sequence());
            }
        }
    }
}
