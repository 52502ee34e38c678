package io.millrace.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.TestSeed;
import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.journal.outbox.Sink;
import io.millrace.journal.outbox.SinkRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ends a process at chosen places or at any, starts it again on the same data, and looks at what is there in the end.
 */
class CrashTest {
    private static final long EVENT_COUNT = 3000;
    private static final List<String> PLACES = List.of(
            Failpoint.FRAME_BEFORE,
            Failpoint.FRAME_AFTER,
            Failpoint.OUTBOX_BEFORE,
            Failpoint.OUTBOX_AFTER,
            Failpoint.CHECKPOINT_BEFORE,
            Failpoint.CHECKPOINT_AFTER);

    @TempDir
    Path directory;

    @Test
    void shouldLoseAndDoubleNothingWhenEndedAtEachPlaceOnce() throws Exception {
        endAtPlaces(seed(), 1);
    }

    @Test
    @Tag("slow")
    void shouldLoseAndDoubleNothingWhenEndedAtEachPlaceTwentyTimes() throws Exception {
        endAtPlaces(seed(), 20);
    }

    @Test
    void shouldLoseAndDoubleNothingWhenKilledAtAnyTime() throws Exception {
        killAtAnyTime(seed(), 3);
    }

    @Test
    @Tag("slow")
    void shouldLoseAndDoubleNothingWhenKilledAtAnyTimeTwentyTimes() throws Exception {
        killAtAnyTime(seed(), 20);
    }

    private void endAtPlaces(long seed, int times) throws Exception {
        Random random = new Random(seed);
        long step = EVENT_COUNT / (times * PLACES.size() + 1);
        long sequence = 0;
        for (int i = 0; i < times * PLACES.size(); i++) {
            String place = PLACES.get(i % PLACES.size());
            sequence += 1 + random.nextLong(step);
            boolean isOrdinal = !place.startsWith("frame");
            long at = isOrdinal ? 2 * sequence : sequence;
            Process process = Forks.java(
                    List.of("-Dmillrace.failpoint=" + place + "@" + at), Worker.class, directory.toString(), "0");
            String output = Forks.output(process);
            assertEquals(Failpoint.EXIT_STATUS, process.waitFor(), place + "@" + at + " seed=" + seed + ' ' + output);
        }
        finishAndCheck(seed);
    }

    private void killAtAnyTime(long seed, int times) throws Exception {
        Random random = new Random(seed);
        for (int i = 0; i < times; i++) {
            Process process = Forks.java(Worker.class, directory.toString(), "1");
            Forks.awaitLine(process, "running");
            process.waitFor(random.nextInt(150), TimeUnit.MILLISECONDS);
            process.destroyForcibly().waitFor();
        }
        finishAndCheck(seed);
    }

    private void finishAndCheck(long seed) throws Exception {
        Process last = Forks.java(Worker.class, directory.toString(), "0");
        String output = Forks.output(last);
        assertEquals(0, last.waitFor(), "seed=" + seed + ' ' + output);

        long count;
        try (Journal journal = Journals.open(directory)) {
            count = journal.nextSequence();
            assertEquals(0, journal.epoch());
            assertTrue(count >= EVENT_COUNT);
            assertEquals(Journals.upTo(count), Events.sequences(journal));
        }
        assertOutputsAreThereOnce(count);
        assertSinkHasAllInOrder(count);
    }

    private void assertOutputsAreThereOnce(long count) {
        Event output = new Event();
        try (FrameReader reader = FrameReader.open(directory, LogKind.OUTBOX)) {
            for (long place = 0; place < 2 * count; place++) {
                assertTrue(reader.nextRecord(output));
                assertEquals(place / 2, output.idLo());
                assertEquals(1L << 32 | place % 2, output.idHi());
            }
            assertTrue(!reader.nextRecord(output));
        }
    }

    /**
     * Outputs may have come to the sink again, but none is missing and a new one comes only behind the one before it.
     */
    private void assertSinkHasAllInOrder(long count) throws IOException {
        long next = 0;
        for (String line : Files.readAllLines(directory.resolve(FileSink.FILE_NAME))) {
            long place = Long.parseLong(line);
            assertTrue(place <= next, place + " before " + next);
            next = Math.max(next, place + 1);
        }
        assertEquals(2 * count, next);
    }

    private static long seed() {
        return TestSeed.of(CrashTest.class);
    }

    /** The process that is ended: journals events, writes two outputs for each, delivers them to a file. */
    static final class Worker {
        private final MutableEvent event = Events.template();
        private final MutableEvent output = Events.template();
        private final Journal journal;
        private final SinkRunner sinkRunner;

        private Worker(Path directory) {
            journal = Journals.open(directory);
            sinkRunner = new SinkRunner(directory, new FileSink(directory.resolve(FileSink.FILE_NAME)));
        }

        public static void main(String[] arguments) {
            Worker worker = new Worker(Path.of(arguments[0]));
            worker.recover();
            System.out.println("running");
            boolean isEndless = arguments[1].equals("1");
            worker.run(isEndless ? Long.MAX_VALUE : EVENT_COUNT);
            worker.close();
        }

        private void recover() {
            long lastCause = journal.lastOutputIdLo();
            int lastOrdinal = (int) journal.lastOutputIdHi();
            journal.replay((replayed, epoch) -> {
                for (int ordinal = 0; ordinal < 2; ordinal++) {
                    long cause = replayed.sequence();
                    if (cause > lastCause || cause == lastCause && ordinal > lastOrdinal) {
                        Events.append(journal.outbox(), Events.output(output, cause, ordinal));
                    }
                }
            });
            journal.outbox().commit();
        }

        private void run(long end) {
            long sequence = journal.nextSequence();
            while (sequence < end) {
                long batchEnd = Math.min(end, sequence + 1 + sequence % 7);
                for (long next = sequence; next < batchEnd; next++) {
                    Events.append(journal.journal(), Events.fill(event, next));
                }
                journal.journal().commit();
                for (long cause = sequence; cause < batchEnd; cause++) {
                    Events.append(journal.outbox(), Events.output(output, cause, 0));
                    Events.append(journal.outbox(), Events.output(output, cause, 1));
                }
                journal.outbox().commit();
                sinkRunner.doWork();
                sequence = batchEnd;
            }
        }

        private void close() {
            while (sinkRunner.doWork() > 0) {}
            sinkRunner.close();
            journal.close();
        }
    }

    private static final class FileSink implements Sink {
        static final String FILE_NAME = "delivered.txt";

        private final Path file;
        private final StringBuilder lines = new StringBuilder();

        FileSink(Path file) {
            this.file = file;
        }

        @Override
        public String name() {
            return "file";
        }

        @Override
        public void onOutput(Event output) {
            lines.append(2 * output.idLo() + (int) output.idHi()).append('\n');
        }

        @Override
        public void flush() throws IOException {
            Files.writeString(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            lines.setLength(0);
        }
    }
}
