package io.millrace.journal.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.journal.FrameReader;
import io.millrace.journal.Journal;
import io.millrace.journal.JournalContext;
import io.millrace.journal.JournalException;
import io.millrace.journal.LogKind;
import io.millrace.journal.PowerCut;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SinkRunnerTest {
    @TempDir
    Path directory;

    @Test
    void shouldDeliverInOrderAndContinueBehindTheCheckpoint() {
        ListSink sink = new ListSink();
        try (Journal journal = open()) {
            appendEvents(journal, 0, 20);
            append(journal, 0, 10);
            drain(sink);
            append(journal, 10, 15);
            drain(sink);
        }
        try (Journal journal = open()) {
            append(journal, 15, 20);
            drain(sink);
        }

        assertEquals(upTo(20), sink.causes);
    }

    @Test
    void shouldDeliverAgainWhatIsBehindTheCheckpoint() {
        ListSink sink = new ListSink();
        try (Journal journal = open()) {
            append(journal, 0, 10);
            drain(sink);
            sink.refuseFlush = true;
            append(journal, 10, 15);
            drain(sink);
            sink.refuseFlush = false;
            drain(sink);
        }

        List<Long> expected = new ArrayList<>(upTo(15));
        expected.addAll(LongStream.range(10, 15).boxed().toList());
        assertEquals(expected, sink.causes);
    }

    @Test
    void shouldTryTheSameOutputAgainWhenTheSinkThrows() {
        ListSink sink = new ListSink();
        try (Journal journal = open()) {
            append(journal, 0, 3);
            sink.refusals = 4;
            try (SinkRunner runner = new SinkRunner(directory, sink)) {
                for (int i = 0; i < 4; i++) {
                    assertEquals(0, runner.doWork());
                }
                assertEquals(4, runner.failureCount());
                assertEquals("refused", runner.lastFailure().getMessage());
                assertEquals(3, runner.doWork());
            }
        }

        assertEquals(upTo(3), sink.causes);
    }

    @Test
    void shouldDeliverWhileOutputsAreWritten() {
        ListSink sink = new ListSink();
        try (Journal journal = open();
                SinkRunner runner = new SinkRunner(directory, sink)) {
            runner.start();
            for (long cause = 0; cause < 2000; cause++) {
                append(journal, cause, cause + 1);
            }
            while (runner.position() < 2000 && runner.fault() == null) {
                LockSupport.parkNanos(100_000);
            }
            assertNull(runner.fault());
        }

        assertEquals(upTo(2000), sink.causes);
    }

    @Test
    void shouldSeeEachFrameAsSoonAsItIsThere() {
        ListSink sink = new ListSink();
        try (Journal journal = open();
                SinkRunner runner = new SinkRunner(directory, sink)) {
            for (long cause = 0; cause < 2000; cause++) {
                append(journal, cause, cause + 1);
                assertEquals(1, runner.doWork());
            }
        }
    }

    @Test
    void shouldDeliverFromTheCutWhenDeliveredOutputsWereReplacedByOthers() throws IOException {
        ListSink sink = new ListSink();
        try (Journal journal = open()) {
            journal.journal().start();
            appendEvents(journal, 0, 10);
            append(journal, 0, 10);
            drain(sink);
        }
        loseLastEvents();

        try (Journal journal = open()) {
            assertEquals(5, journal.nextSequence());
            assertEquals(4, journal.lastOutputIdLo());
            appendEvents(journal, 5, 12);
            append(journal, 5, 12);
            drain(sink);
        }

        List<Long> expected = new ArrayList<>(upTo(10));
        expected.addAll(LongStream.range(5, 12).boxed().toList());
        assertEquals(expected, sink.causes);
    }

    @Test
    void shouldRefuseANameThatIsNoFileName() {
        ListSink sink = new ListSink();
        sink.name = "../x";

        JournalException refused = assertThrows(JournalException.class, () -> new SinkRunner(directory, sink));

        assertEquals(
                "cannot run sink: name=../x (expected: [a-z0-9][a-z0-9_-]{0,63}); rename the sink",
                refused.getMessage());
        assertEquals(78, refused.exitCode());
    }

    private void drain(ListSink sink) {
        try (SinkRunner runner = new SinkRunner(directory, sink)) {
            while (runner.doWork() > 0) {}
        }
    }

    private Journal open() {
        return Journal.open(new JournalContext()
                .directory(directory)
                .blockLength(1 << 18)
                .segmentLength(1 << 18)
                .frameLength(4096));
    }

    private static void append(Journal journal, long from, long to) {
        MutableEvent output = MutableEvent.allocate(8);
        for (long cause = from; cause < to; cause++) {
            output.sequence(cause).id((long) journal.epoch() << 48 | 1L << 32, cause);
            assertTrue(journal.outbox().append(output));
        }
        journal.outbox().commit();
    }

    private static void appendEvents(Journal journal, long from, long to) {
        MutableEvent event = MutableEvent.allocate(8);
        for (long sequence = from; sequence < to; sequence++) {
            assertTrue(journal.journal().append(event.sequence(sequence)));
            if (sequence == 4) {
                journal.journal().commit();
            }
        }
        journal.journal().commit();
    }

    /** Damages the journal's last frame with events, which holds those from 5 on, as if the writer had died there. */
    private void loseLastEvents() throws IOException {
        PowerCut.of(directory);
        Path segment = directory.resolve("journal/00000001/19700101-00F.cq4");
        long lastOffset = 0;
        try (FrameReader reader = FrameReader.open(directory, LogKind.JOURNAL)) {
            while (reader.nextFrame()) {
                lastOffset = reader.offset();
            }
        }
        flip(segment, lastOffset + 4 + 70);
    }

    private static List<Long> upTo(long count) {
        return LongStream.range(0, count).boxed().toList();
    }

    private static void flip(Path file, long offset) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, offset);
            one.put(0, (byte) (one.get(0) ^ 4)).flip();
            channel.write(one, offset);
        }
    }

    private static final class ListSink implements Sink {
        final List<Long> causes = new ArrayList<>();
        String name = "list";
        boolean refuseFlush;
        int refusals;

        @Override
        public String name() {
            return name;
        }

        @Override
        public void onOutput(Event output) throws IOException {
            if (refusals > 0) {
                refusals--;
                throw new IOException("refused");
            }
            causes.add(output.idLo());
        }

        @Override
        public void flush() throws IOException {
            if (refuseFlush) {
                throw new IOException("flush refused");
            }
        }
    }
}
