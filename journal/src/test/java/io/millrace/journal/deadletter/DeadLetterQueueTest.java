package io.millrace.journal.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.event.MutableEvent;
import io.millrace.journal.Journal;
import io.millrace.journal.JournalContext;
import io.millrace.journal.JournalException;
import java.nio.file.Path;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeadLetterQueueTest {
    @TempDir
    Path directory;

    @Test
    void shouldGiveBackAParkedEventAfterARestart() {
        MutableEvent event = event(99);
        try (Journal journal = open()) {
            new DeadLetterQueue(journal, () -> 1234).park(event, "billing", new IllegalStateException("no route"), 3);
        }

        try (Journal journal = open()) {
            assertEquals(1, new DeadLetterQueue(journal, () -> 0).count());
        }
        DeadLetter letter = DeadLetterQueue.list(directory).get(0);
        assertEquals(0, letter.place());
        assertEquals(1234, letter.timeNs());
        assertEquals("billing", letter.handler());
        assertEquals("java.lang.IllegalStateException", letter.errorClass());
        assertEquals("no route", letter.message());
        assertEquals(3, letter.attempts());
        assertFalse(letter.isRow());
        assertEquals(99, letter.event().sequence());
        assertEquals(5, letter.event().payloadLength());
        assertEquals(event.idHi(), letter.idHi());
        assertEquals(event.idLo(), letter.idLo());
    }

    @Test
    void shouldContinueItsNumbersAcrossStarts() {
        for (int start = 0; start < 3; start++) {
            try (Journal journal = open()) {
                DeadLetterQueue queue = new DeadLetterQueue(journal, () -> 0);
                queue.park(event(start), "h", new RuntimeException(), 1);
                queue.park("rows.csv", 7, "a,b".getBytes(UTF_8), "no timestamp");
                assertEquals(2 * start + 2, DeadLetterQueue.list(directory).size());
            }
        }

        List<DeadLetter> letters = DeadLetterQueue.list(directory);
        for (int place = 0; place < 6; place++) {
            assertEquals(place, letters.get(place).place());
        }
    }

    @Test
    void shouldNameARowByFileLineAndBytes() {
        try (Journal journal = open()) {
            DeadLetterQueue queue = new DeadLetterQueue(journal, () -> 0);
            queue.park("rows.csv", 7, "a,b".getBytes(UTF_8), "no timestamp");
            queue.park("rows.csv", 7, "a,b".getBytes(UTF_8), "no timestamp");
            queue.park("rows.csv", 8, "a,b".getBytes(UTF_8), "no timestamp");
        }

        List<DeadLetter> letters = DeadLetterQueue.list(directory);
        assertTrue(letters.get(0).isRow());
        assertEquals(7, letters.get(0).line());
        assertEquals("rows.csv", letters.get(0).handler());
        assertEquals("no timestamp", letters.get(0).message());
        assertArrayEquals("a,b".getBytes(UTF_8), letters.get(0).bytes());
        assertEquals(letters.get(0).idLo(), letters.get(1).idLo());
        assertTrue(letters.get(0).idLo() != letters.get(2).idLo());
    }

    @Test
    void shouldKeepTheLongestEventWithTheLongestError() {
        int frameLength = 8192;
        MutableEvent event = MutableEvent.allocate(frameLength);
        event.clearHeader().sequence(1).payload(new UnsafeBuffer(new byte[frameLength]), 0, frameLength - 128);
        try (Journal journal = open()) {
            DeadLetterQueue queue = new DeadLetterQueue(journal, () -> 0);
            queue.park(event, "h".repeat(10_000), new RuntimeException("m".repeat(10_000)), 1);
            queue.park("f", 1, new byte[100_000], "long row");
        }

        List<DeadLetter> letters = DeadLetterQueue.list(directory);
        assertEquals(frameLength - 128, letters.get(0).event().payloadLength());
        assertEquals(2048, letters.get(0).message().length());
        assertEquals(2, letters.size());
    }

    @Test
    void shouldThrowWhenItCannotKeepAnEvent() {
        DeadLetterQueue queue;
        try (Journal journal = open()) {
            queue = new DeadLetterQueue(journal, () -> 0);
            queue.park(event(1), "h", new RuntimeException(), 1);
        }

        assertThrows(JournalException.class, () -> queue.park(event(2), "h", new RuntimeException(), 1));
    }

    @Test
    void shouldTakeFromSeveralThreads() throws InterruptedException {
        try (Journal journal = open()) {
            DeadLetterQueue queue = new DeadLetterQueue(journal, () -> 0);
            Thread rows = new Thread(() -> {
                for (int i = 1; i <= 500; i++) {
                    queue.park("f", i, new byte[10], "bad");
                }
            });
            rows.start();
            for (int i = 0; i < 500; i++) {
                queue.park(event(i), "h", new RuntimeException(), 1);
            }
            rows.join();
        }

        List<DeadLetter> letters = DeadLetterQueue.list(directory);
        assertEquals(1000, letters.size());
        assertEquals(500, letters.stream().filter(DeadLetter::isRow).count());
    }

    private Journal open() {
        return Journal.open(new JournalContext()
                .directory(directory)
                .blockLength(1 << 18)
                .segmentLength(1 << 18)
                .frameLength(8192));
    }

    private static MutableEvent event(long sequence) {
        return MutableEvent.allocate(8)
                .sequence(sequence)
                .id(17, sequence)
                .payload(new UnsafeBuffer(new byte[5]), 0, 5);
    }
}
