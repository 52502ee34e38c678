package io.millrace.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damages the end of a log in every way, under every knowledge of what was on the disk, and asks only for this: what
 * is kept is a prefix, byte for byte, that has all that was known to be synced; or the log is refused. A log that was
 * closed is kept whole or refused. A sample of the places by default, all of them by {@code -Pfaults}
 * (of flips all for the four kinds of knowledge that most starts have, each sixteenth for the others).
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class DamageModelTest {
    private static final long EVENT_COUNT = 40;
    private static final long DAMAGED_COUNT = 20;
    private static final int PER_FRAME = 3;
    private static final long SYNCED = 29;
    private static final int FLIP_STRIDE = Faults.isCampaign() ? 1 : 397;
    private static final int STRIDE = Faults.isCampaign() ? 1 : 97;

    private final MutableEvent expected = Events.template();
    private final Event view = new Event();
    private int keptCount;
    private int refusedCount;

    @TempDir
    Path directory;

    /** What is known of the log; the oracle holds recovery to {@code synced} and {@code isClosed}. */
    private record Knowledge(Path data, Evidence evidence, long synced, boolean isClosed) {
        Path log() {
            return data.resolve("journal");
        }

        /** What most starts meet. */
        boolean isCore() {
            return isClosed || isCore(evidence.boot(), synced);
        }

        static boolean isCore(Boot boot, long synced) {
            return boot != Boot.UNKNOWN && synced < (boot == Boot.ANOTHER ? SYNCED + 1 : 0);
        }
    }

    @Test
    void shouldKeepAPrefixOrRefuseWhenCutOffAtAnyByteOfTheLastRecords() throws IOException {
        for (Knowledge known : all(EVENT_COUNT)) {
            Image image = new Image(known);
            for (int length = image.end; length >= image.begin; length -= STRIDE) {
                Files.write(image.file, Arrays.copyOf(image.whole, length));
                judge(known, "cut at " + length);
            }
        }
        report("truncations");
    }

    @Test
    void shouldKeepAPrefixOrRefuseWhenAnyBitOfTheLastRecordsIsFlipped() throws IOException {
        for (Knowledge known : all(EVENT_COUNT)) {
            Image image = new Image(known);
            for (int bit = 8 * image.begin;
                    bit < 8 * image.end;
                    bit += FLIP_STRIDE * (known.isCore() || !Faults.isCampaign() ? 1 : 16)) {
                byte[] damaged = image.whole.clone();
                damaged[bit / 8] ^= (byte) (1 << bit % 8);
                image.write(damaged);
                judge(known, "bit " + bit);
            }
        }
        report("flips");
    }

    @Test
    void shouldKeepAPrefixOrRefuseWhenSectorsAndPagesAreZeroedSwappedOrDoubled() throws IOException {
        for (Knowledge known : all(EVENT_COUNT)) {
            Image image = new Image(known);
            for (int unit : Faults.isCampaign() ? new int[] {64, 512, 4096} : new int[] {512, 4096}) {
                int first = image.begin / unit;
                int last = (image.end - 1) / unit;
                for (int page = first; page <= last; page++) {
                    int other = page == last ? first - 1 : page + 1;
                    damagePages(known, image, unit, page, other);
                }
            }
        }
        report("pages");
    }

    @Test
    void shouldKeepAPrefixOrRefuseWhenSegmentsAreMissingSwappedDoubledRenamedOrEmpty() throws IOException {
        int count = 5000;
        for (Knowledge known : all(count)) {
            List<Path> segments = Directories.segments(Directories.start(known.log(), 1));
            assertTrue(segments.size() > 2);
            for (int i = 0; i < segments.size(); i++) {
                damageSegments(known, segments, i, count);
            }
            assertEquals(count, judge(known, "whole again", count));
        }
        report("segments");
    }

    private void damagePages(Knowledge known, Image image, int unit, int page, int other) throws IOException {
        byte[] zeroed = image.whole.clone();
        Arrays.fill(zeroed, page * unit, (page + 1) * unit, (byte) 0);
        image.write(zeroed);
        judge(known, "zeroed " + unit + " at " + page);

        byte[] doubled = image.whole.clone();
        System.arraycopy(image.whole, page * unit, doubled, other * unit, unit);
        image.write(doubled);
        judge(known, "doubled " + unit + " at " + page);

        System.arraycopy(image.whole, other * unit, doubled, page * unit, unit);
        image.write(doubled);
        judge(known, "swapped " + unit + " at " + page);
    }

    private void damageSegments(Knowledge known, List<Path> segments, int index, int count) throws IOException {
        Path file = segments.get(index);
        Path other = segments.get((index + 1) % segments.size());
        Path aside = directory.resolve("aside");
        String what = file.getFileName().toString();

        Files.move(file, aside);
        judge(known, "missing " + what, count);
        Files.createFile(file);
        judge(known, "empty " + what, count);
        Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING);

        Path behind = file.resolveSibling(SegmentName.of(segments.size() + 1));
        Files.move(file, behind);
        judge(known, "renamed " + what, count);
        Files.move(behind, file);

        Path twin = file.resolveSibling(SegmentName.of(segments.size()));
        Files.copy(file, twin);
        judge(known, "doubled " + what, count);
        Files.delete(twin);

        Files.move(file, aside);
        Files.copy(other, file);
        judge(known, "over it another " + what, count);
        Files.move(file, other, StandardCopyOption.REPLACE_EXISTING);
        Files.move(aside, file);
        Files.copy(other, aside);
        Files.move(file, directory.resolve("third"));
        Files.move(other, file);
        Files.move(directory.resolve("third"), other);
        judge(known, "swapped " + what, count);
        Files.move(file, directory.resolve("third"));
        Files.move(other, file);
        Files.move(directory.resolve("third"), other);
        Files.delete(aside);
    }

    private void judge(Knowledge known, String what) {
        judge(known, what, EVENT_COUNT);
    }

    /** {@return how many events were kept, -1 if the log was refused} */
    private long judge(Knowledge known, String what, long count) {
        String told = what + " of " + known;
        try {
            long kept = LogScan.journal(known.log(), known.evidence()).end().nextSequence();
            assertTrue(kept <= count && kept > known.synced(), () -> told + ": kept " + kept);
            assertTrue(!known.isClosed() || kept == count, () -> told + ": kept " + kept);
            assertEquals(kept, read(known, kept), told);
            keptCount++;
            return kept;
        } catch (CorruptJournalException refused) {
            refusedCount++;
            return -1;
        }
    }

    /** Reads as anybody may, and checks every byte. */
    private long read(Knowledge known, long wanted) {
        long count = 0;
        try (FrameReader reader = FrameReader.open(known.data(), LogKind.JOURNAL, 0, false)) {
            while (count < wanted && reader.nextRecord(view)) {
                assertEquals(count, view.sequence());
                assertTrue(Events.isIntact(view, expected));
                count++;
            }
        }
        return count;
    }

    private List<Knowledge> all(long count) throws IOException {
        Path closed = directory.resolve("closed");
        write(closed, count);
        OpenFile open = Objects.requireNonNull(OpenFile.read(closed));
        List<Knowledge> all = new ArrayList<>();
        all.add(new Knowledge(closed, Evidence.of(open, LogKind.JOURNAL), count - 1, true));
        for (Boot boot : Boot.values()) {
            for (long synced : new long[] {-1, SYNCED, count - 1}) {
                if (!Knowledge.isCore(boot, synced) && !Faults.isCampaign()) {
                    continue;
                }
                Path data = directory.resolve(boot + "-" + synced);
                write(data, count);
                Journals.kill(data, null);
                StartFrame start = Objects.requireNonNull(
                        StartFrame.read(Directories.start(data.resolve("journal"), 1), LogKind.JOURNAL, 1));
                try (SyncedFile file = new SyncedFile(data.resolve("journal"), start)) {
                    file.update(synced);
                }
                LogEnd begun = Objects.requireNonNull(OpenFile.read(data)).end(LogKind.JOURNAL);
                all.add(new Knowledge(data, new Evidence(begun, boot), synced, false));
            }
        }
        return all;
    }

    private static void write(Path data, long count) {
        try (Journal journal = Journals.open(data)) {
            Events.append(journal.journal(), 0, count, PER_FRAME);
        }
    }

    private void report(String what) {
        System.out.println("DamageModelTest " + what + ": " + keptCount + " prefixes, " + refusedCount + " refused");
        assertTrue(keptCount > 0 && refusedCount > 0);
    }

    /** The segment with the last records. */
    private static final class Image {
        private final Path file;
        private final byte[] whole;
        private int begin;
        private int end;

        Image(Knowledge known) throws IOException {
            file = Journals.segment(known.data(), LogKind.JOURNAL, 1, 0);
            whole = Files.readAllBytes(file);
            try (FrameReader reader = FrameReader.open(known.data(), LogKind.JOURNAL)) {
                while (reader.nextFrame()) {
                    if (reader.frame().firstSequence() <= EVENT_COUNT - DAMAGED_COUNT) {
                        begin = (int) reader.offset();
                    }
                    end = (int) reader.offset() + Integer.BYTES + reader.frame().length();
                }
            }
        }

        void write(byte[] bytes) throws IOException {
            Files.write(file, bytes, StandardOpenOption.WRITE);
        }
    }
}
