package io.millrace.journal.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.journal.Journal;
import io.millrace.journal.JournalContext;
import io.millrace.journal.JournalException;
import io.millrace.journal.deadletter.DeadLetterEntry;
import io.millrace.journal.deadletter.DeadLetterQueue;
import io.millrace.journal.deadletter.DeadLetterReader;
import io.millrace.journal.deadletter.DeadLetterRequest;
import io.millrace.journal.deadletter.DeadLetterState;
import io.millrace.journal.deadletter.Redriver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A sink that cannot take some outputs: they are parked, the rest goes on, and they come back when redriven. */
@Timeout(60)
class SinkLettersTest {
    @TempDir
    Path directory;

    private final Set<Long> poison = ConcurrentHashMap.newKeySet();
    private final List<Long> taken = Collections.synchronizedList(new ArrayList<>());

    private final Sink sink = new Sink() {
        @Override
        public String name() {
            return "s";
        }

        @Override
        public void onOutput(Event output) {
            if (poison.contains(output.sequence())) {
                throw new IllegalStateException("poison");
            }
            taken.add(output.sequence());
        }
    };

    @Test
    void shouldParkWhatItCannotTakeAndGoOn() {
        poison.add(2L);
        try (Journal journal = open();
                SinkRunner runner = new SinkRunner(directory, sink, context(letters(journal), 0))) {
            append(journal, 0, 6);
            drain(runner);

            assertEquals(List.of(0L, 1L, 3L, 4L, 5L), taken);
            assertEquals(6, runner.position());
            assertEquals(3, runner.failureCount());
        }
        DeadLetterEntry entry = DeadLetterReader.list(directory).get(0);
        assertEquals("sink/s", entry.letter().handler());
        assertEquals(3, entry.attempts());
        assertEquals(2, entry.letter().event().sequence());
    }

    @Test
    void shouldKeepTheOrderOfAKeyAndGiveItBackWhenRedriven() throws InterruptedException {
        poison.add(2L);
        try (Journal journal = open()) {
            DeadLetterQueue letters = letters(journal);
            try (SinkRunner runner = new SinkRunner(directory, sink, context(letters, 10));
                    Redriver redriver =
                            new Redriver(journal, letters, text -> {}).target("sink/s", runner.redriveTarget())) {
                append(journal, 0, 6);
                runner.start();
                awaitPosition(runner, 6);
                assertEquals(List.of(0L, 1L, 3L, 5L), taken);
                poison.clear();
                DeadLetterRequest.submit(directory, DeadLetterRequest.Action.REDRIVE, 0, "", List.of(0L));
                redriver.doWork();
                append(journal, 6, 8);
                awaitPosition(runner, 8);
            }
        }

        assertEquals(List.of(0L, 1L, 3L, 5L, 2L, 4L, 6L, 7L), taken);
        assertTrue(
                DeadLetterReader.list(directory).stream().allMatch(entry -> entry.state() == DeadLetterState.REDRIVEN));
    }

    @Test
    void shouldNotGiveAgainWhatIsParkedWhenItDiedBeforeTheCheckpoint() {
        poison.add(2L);
        try (Journal journal = open()) {
            append(journal, 0, 4);
            DeadLetterQueue letters = letters(journal);
            letters.park(output(2), "sink/s", new IllegalStateException("poison"), 3);
            poison.clear();
            try (SinkRunner runner = new SinkRunner(directory, sink, context(letters, 0))) {
                drain(runner);
            }
            assertEquals(1, letters.openCount());
        }

        assertEquals(List.of(0L, 1L, 3L), taken);
    }

    @Test
    void shouldHaltWhenItCannotPark() {
        poison.addAll(List.of(1L, 3L));
        try (Journal journal = open()) {
            append(journal, 0, 6);
            DeadLetterQueue letters = letters(journal).maxOpenCount(1);
            try (SinkRunner runner = new SinkRunner(directory, sink, context(letters, 0))) {
                JournalException full = assertThrows(JournalException.class, () -> drain(runner));
                assertTrue(full.getMessage().startsWith("dead letters are full: handler=sink/s, open=1"));
                assertEquals(0, runner.position());
            }
            poison.clear();
            taken.clear();
            try (SinkRunner runner = new SinkRunner(directory, sink, context(letters, 0))) {
                drain(runner);
            }
        }

        assertEquals(List.of(0L, 2L, 3L, 4L, 5L), taken);
    }

    private static SinkContext context(DeadLetterQueue letters, int maxParkedCount) {
        SinkContext context = new SinkContext().deadLetters(letters, 3).retry(1, 1000);
        return maxParkedCount == 0 ? context : context.inOrder(maxParkedCount);
    }

    private static DeadLetterQueue letters(Journal journal) {
        return new DeadLetterQueue(journal, System::nanoTime);
    }

    private static void drain(SinkRunner runner) {
        long failures;
        int count;
        do {
            failures = runner.failureCount();
            count = runner.doWork();
        } while (count > 0 || runner.failureCount() > failures);
    }

    private static void awaitPosition(SinkRunner runner, long position) {
        while (runner.position() < position) {
            assertEquals(null, runner.fault());
            LockSupport.parkNanos(100_000);
        }
    }

    private Journal open() {
        return Journal.open(new JournalContext()
                .directory(directory)
                .blockLength(1 << 18)
                .segmentLength(1 << 18)
                .frameLength(8192));
    }

    private static MutableEvent output(long sequence) {
        return MutableEvent.allocate(0)
                .sequence(sequence)
                .id(1L << 32, sequence)
                .key(sequence % 2);
    }

    private static void append(Journal journal, long from, long to) {
        for (long sequence = from; sequence < to; sequence++) {
            assertTrue(journal.journal().append(output(sequence)));
            assertTrue(journal.outbox().append(output(sequence)));
        }
        journal.journal().commit();
        journal.outbox().commit();
    }
}
