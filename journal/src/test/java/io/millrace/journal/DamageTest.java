package io.millrace.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damages a segment byte by byte and bit by bit: what is read is right and in order, or the damage is named. */
class DamageTest {
    private static final int FRAME_COUNT = 5;
    private static final int EVENTS_PER_FRAME = 3;
    private static final int SECTOR_LENGTH = 64;
    private static final long EVENT_COUNT = FRAME_COUNT * EVENTS_PER_FRAME;

    private static final Evidence AFTER_KILL = new Evidence(null, Boot.SAME);
    private static final Evidence AFTER_POWER_CUT = new Evidence(null, Boot.ANOTHER);

    private final MutableEvent expected = Events.template();
    private final Event view = new Event();
    private final List<Long> offsets = new ArrayList<>();

    @TempDir
    Path directory;

    private Path file;
    private long end;

    @BeforeEach
    void write() throws IOException {
        MutableEvent event = Events.template();
        try (Journal journal = Journals.open(directory)) {
            FrameLog log = journal.journal();
            for (long sequence = 0; sequence < EVENT_COUNT; sequence++) {
                log.append(Events.fill(event, sequence, (int) sequence % 4 * 5));
                if (sequence % EVENTS_PER_FRAME == EVENTS_PER_FRAME - 1) {
                    log.commit();
                }
            }
        }
        Journals.removeLastFooter(directory, LogKind.JOURNAL);
        file = Journals.segment(directory, LogKind.JOURNAL, 1, 0);
        try (FrameReader reader = FrameReader.open(directory, LogKind.JOURNAL)) {
            while (reader.nextFrame()) {
                if (reader.frame().count() > 0) {
                    offsets.add(reader.offset());
                    end = reader.offset() + 4 + reader.frame().length();
                }
            }
        }
        assertEquals(FRAME_COUNT, offsets.size());
    }

    @Test
    void shouldKeepAllWholeFramesWhenCutOffAtAnyByteOfTheLastTwo() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        for (long length = end; length >= offsets.get(FRAME_COUNT - 2); length--) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(length);
            }

            LogState state = scan(AFTER_POWER_CUT);

            long kept = framesBefore(length) * EVENTS_PER_FRAME;
            assertEquals(kept, state.end().nextSequence(), "length " + length);
            assertEquals(
                    framesBefore(length) == framesBefore(length - 1) ? 1 : 0,
                    state.drops().size());
            assertEquals(kept, readUntilDamage(), "length " + length);
        }
        Files.write(file, whole);
    }

    @Test
    void shouldFindOrForgiveEveryFlippedBitOfTheLastFrameAndItsDocumentHeader() throws IOException {
        long lost = EVENT_COUNT - EVENTS_PER_FRAME;
        long offset = offsets.get(FRAME_COUNT - 1);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            for (long at = offset; at < end; at++) {
                for (int bit = 0; bit < 8; bit++) {
                    flip(channel, at, bit);

                    long kept = scan(AFTER_POWER_CUT).end().nextSequence();
                    long read = readUntilDamage();

                    boolean isDocumentHeader = at < offset + 4;
                    String place = "byte " + (at - offset) + " bit " + bit;
                    assertEquals(isDocumentHeader ? EVENT_COUNT : lost, kept, place);
                    assertTrue(read == lost || isDocumentHeader && read == EVENT_COUNT, place);
                    flip(channel, at, bit);
                }
            }
        }
        assertEquals(EVENT_COUNT, scan(AFTER_KILL).end().nextSequence());
    }

    @Test
    void shouldNameAFlippedBitOfEveryByteOfAnEarlierFrame() throws IOException {
        long offset = offsets.get(1);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            for (long at = offset; at < offsets.get(2); at++) {
                int bit = (int) (at % 8);
                flip(channel, at, bit);
                String place = "byte " + (at - offset) + " bit " + bit;
                try {
                    LogState state = scan(AFTER_KILL);
                    assertTrue(at < offset + 4, place);
                    assertEquals(EVENT_COUNT, state.end().nextSequence(), place);
                } catch (CorruptJournalException e) {
                    assertEquals(offset, e.offset(), place);
                    assertEquals(EVENTS_PER_FRAME, e.sequence(), place);
                    assertEquals(file.toString(), e.file(), place);
                }
                flip(channel, at, bit);
            }
        }
    }

    @Test
    void shouldNeverReadWrongDataWhenChroniclesOwnHeaderIsDamaged() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long[] headers = {0, 1, 2, 3, 200, 201, 202, 203, 33008, 33009, 33010, 33011};
            for (long at : headers) {
                for (int bit = 0; bit < 8; bit++) {
                    flip(channel, at, bit);
                    String place = "byte " + at + " bit " + bit;
                    try {
                        assertEquals(EVENT_COUNT, scan(AFTER_KILL).end().nextSequence(), place);
                    } catch (CorruptJournalException e) {
                        assertEquals(0, e.sequence(), place);
                    }
                    flip(channel, at, bit);
                }
            }
        }
    }

    @Test
    void shouldKeepWhatIsBeforeAZeroedSectorAfterAPowerCut() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        for (long at = offsets.get(0) / SECTOR_LENGTH * SECTOR_LENGTH; at < end; at += SECTOR_LENGTH) {
            byte[] damaged = whole.clone();
            Arrays.fill(damaged, (int) at, (int) Math.min(at + SECTOR_LENGTH, end), (byte) 0);
            Files.write(file, damaged);

            long intact = Arrays.equals(damaged, whole) ? FRAME_COUNT : framesBefore(at);
            assertEquals(intact * EVENTS_PER_FRAME, scan(AFTER_POWER_CUT).end().nextSequence(), "sector " + at);
            readUntilDamage();
        }
    }

    private LogState scan(Evidence evidence) {
        return LogScan.journal(directory.resolve("journal"), evidence);
    }

    /** Reads as anybody may, checks every byte; returns how many events came before the end or the damage. */
    private long readUntilDamage() {
        long count = 0;
        try (FrameReader reader = FrameReader.open(directory, LogKind.JOURNAL)) {
            while (reader.nextRecord(view)) {
                assertEquals(count, view.sequence());
                assertTrue(Events.isIntact(view, expected));
                count++;
            }
        } catch (CorruptJournalException e) {
            assertEquals(count, e.sequence());
        }
        return count;
    }

    private long framesBefore(long length) {
        long count = 0;
        for (int i = 0; i < FRAME_COUNT; i++) {
            long frameEnd = i + 1 < FRAME_COUNT ? offsets.get(i + 1) : end;
            count += frameEnd <= length ? 1 : 0;
        }
        return count;
    }

    private static void flip(FileChannel channel, long offset, int bit) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        channel.read(one, offset);
        one.put(0, (byte) (one.get(0) ^ 1 << bit)).flip();
        channel.write(one, offset);
    }
}
