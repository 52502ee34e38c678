package io.millrace.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Journals of several starts, clean ones and such that a power cut has cut back, with snapshots whole and damaged, and
 * sinks. What is needed is known from how they were made; what is left is read by recovery and by the other reader.
 */
class RetentionPropertyTest {
    private static final int ROUND_COUNT = Faults.count("retention", 8, 1000);

    @TempDir
    Path directory;

    private Random random = new Random(0);
    private Path data = Path.of("");
    private long end;
    private long needed;
    private boolean hasSnapshot;
    private String note = "";

    @Test
    void shouldNeverRemoveWhatIsNeeded() throws IOException {
        long seed = Faults.seed("RetentionPropertyTest");
        int prunedCount = 0;
        try (ReadJournal other = new ReadJournal()) {
            for (int round = 0; round < ROUND_COUNT; round++) {
                random = new Random(seed + round);
                data = directory.resolve(Integer.toString(round));
                note = "seed=" + seed + ", round=" + round;
                make();
                prunedCount += prune(other) ? 1 : 0;
                prune(other);
                Journals.delete(data);
            }
        }
        assertTrue(prunedCount > 0, "pruned=" + prunedCount + ' ' + note);
    }

    private void make() throws IOException {
        end = 0;
        needed = Long.MAX_VALUE;
        hasSnapshot = false;
        int startCount = 1 + random.nextInt(4);
        for (int start = 0; start < startCount; start++) {
            long to = end + random.nextInt(4) * random.nextInt(2500);
            Journals.write(data, end, to, 1 + random.nextInt(60));
            boolean isCut = to > end + 10 && random.nextInt(3) == 0;
            long from = end;
            end = to;
            if (isCut) {
                long cut = from + 1 + random.nextInt((int) (to - from - 1));
                addSinks(cut);
                end = RetentionImages.cut(data, cut);
                Journals.open(data).close();
                needed = Math.min(needed, sinkNeeds(end));
            }
        }
        addSinks(Long.MAX_VALUE);
        needed = Math.min(needed, sinkNeeds(Long.MAX_VALUE));
        addSnapshots();
    }

    private final Map<String, Long> sinks = new LinkedHashMap<>();

    /** Some are behind a place that is to be cut off: they will need what comes from there. */
    private void addSinks(long cut) {
        sinks.clear();
        if (end > 0 && random.nextInt(2) == 0) {
            long next = cut == Long.MAX_VALUE ? random.nextLong(end + 1) : Math.min(end, cut + random.nextInt(2000));
            String name = "sink-" + end;
            RetentionImages.checkpoint(data, name, next);
            sinks.put(name, next);
        }
    }

    private long sinkNeeds(long cut) {
        return sinks.values().stream()
                .mapToLong(next -> Math.min(Math.max(0, next - 1), cut))
                .min()
                .orElse(Long.MAX_VALUE);
    }

    private void addSnapshots() throws IOException {
        for (int i = 1 + random.nextInt(2); i > 0 && end > 0; i--) {
            long sequence = random.nextLong(end / 2, end);
            RetentionImages.snapshot(data, sequence);
            if (random.nextInt(4) == 0) {
                RetentionImages.damage(data, sequence);
            } else {
                hasSnapshot = true;
                needed = Math.min(needed, sequence);
            }
        }
        needed = hasSnapshot ? needed : 0;
    }

    /** {@return whether anything went} */
    private boolean prune(ReadJournal other) throws IOException {
        List<Path> before = files();
        List<Long> lengths = lengths(before);
        long total = lengths.stream().mapToLong(Long::longValue).sum();
        long maxLength = random.nextInt(3) == 0 ? 0 : random.nextLong(total + 1);

        RetentionPlan plan = Retention.pruneDead(
                data, LogKind.JOURNAL, new RetentionPolicy(maxLength, Long.MAX_VALUE, false), List.of(), 0);

        List<Path> after = files();
        int removed = before.size() - after.size();
        assertEquals(before.subList(removed, before.size()), after, note);
        long left = lengths(after).stream().mapToLong(Long::longValue).sum();
        Map<Path, Long> firstByFile = read();
        List<Long> firsts = new ArrayList<>(firstByFile.values());
        long first = firsts.isEmpty() ? end : firsts.get(0);
        assertTrue(end == 0 || first <= needed, () -> note + " first=" + first + " needed=" + needed + ' ' + plan);
        if (removed > 0) {
            assertTrue(left + lengths.get(removed - 1) > maxLength, () -> note + " more than wanted " + plan);
        }
        boolean isMorePossible = firsts.size() > 1 && firsts.get(1) <= needed;
        assertFalse(
                isMorePossible && leftBeforeLast(after, firstByFile) > maxLength,
                () -> note + " less than possible " + plan);
        ReadJournal.Verdict verdict = other.ask(data);
        assertEquals(0, verdict.exitCode(), () -> note + ' ' + verdict.text());
        assertEquals(end, verdict.next(LogKind.JOURNAL), () -> note + ' ' + verdict.text());
        Journals.write(data, end, end + 50, 7);
        end += 50;
        read();
        return removed > 0;
    }

    /**
     * {@return what would still be left before the last of the files went that stand before the second one with
     * records: what a power cut has left empty between the two cannot be the first that is kept, so it goes with them
     * or not}
     */
    private static long leftBeforeLast(List<Path> files, Map<Path, Long> firstByFile) {
        Path second = List.copyOf(firstByFile.keySet()).get(1);
        return lengths(files).stream()
                .skip(files.indexOf(second) - 1L)
                .mapToLong(Long::longValue)
                .sum();
    }

    /** {@return the first sequence of each file that has records, after all from the first to the end were there} */
    private Map<Path, Long> read() {
        Map<Path, Long> firstByFile = new LinkedHashMap<>();
        Event view = new Event();
        MutableEvent expected = Events.template();
        long next = -1;
        try (FrameReader reader = FrameReader.open(data, LogKind.JOURNAL)) {
            while (reader.nextRecord(view)) {
                assertTrue(next < 0 || next == view.sequence(), note);
                assertTrue(Events.isIntact(view, expected), note);
                firstByFile.putIfAbsent(reader.file(), view.sequence());
                next = view.sequence() + 1;
            }
        }
        assertEquals(end, Math.max(0, next), note);
        return firstByFile;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(data.resolve("journal"))) {
            return files.filter(file -> file.toString().endsWith(".cq4"))
                    .sorted()
                    .toList();
        }
    }

    private static List<Long> lengths(List<Path> files) {
        return files.stream().map(file -> file.toFile().length()).toList();
    }
}
