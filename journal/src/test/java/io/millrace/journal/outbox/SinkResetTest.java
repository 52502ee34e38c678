package io.millrace.journal.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.journal.AuditLog;
import io.millrace.journal.DirectoryHeldException;
import io.millrace.journal.Journal;
import io.millrace.journal.JournalContext;
import io.millrace.journal.JournalException;
import io.millrace.journal.LogKind;
import io.millrace.journal.SinkCheckpoint;
import io.millrace.journal.SinkPosition;
import io.millrace.journal.outbox.SinkReset.Target;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 100 outputs of the sequences 0, 10, 20, ..., each published at 1000 times its sequence; the sink has taken 40. */
class SinkResetTest {
    private static final int COUNT = 100;

    @TempDir
    Path directory;

    private final List<Long> taken = new ArrayList<>();

    private final Sink sink = new Sink() {
        @Override
        public String name() {
            return "s";
        }

        @Override
        public void onOutput(Event output) {
            taken.add(output.sequence());
        }
    };

    @BeforeEach
    void write() {
        try (Journal journal = open()) {
            MutableEvent record = MutableEvent.allocate(0);
            for (long sequence = 0; sequence < 10 * COUNT; sequence++) {
                while (!journal.journal().append(record.sequence(sequence))) {
                    journal.journal().commit();
                }
            }
            journal.journal().commit();
            for (long place = 0; place < COUNT; place++) {
                record.sequence(10 * place).id(1L << 32, 10 * place).ingestTimeNs(10_000 * place);
                journal.outbox().append(record);
                if (place % 7 == 0) {
                    journal.outbox().commit();
                }
            }
            journal.outbox().commit();
        }
        try (SinkCheckpoint checkpoint = SinkCheckpoint.open(directory, LogKind.OUTBOX, "s")) {
            checkpoint.write(new SinkPosition(40, 1L << 32, 390, 1, false, 5, 0));
        }
    }

    @Test
    void shouldSayWhatAResetWouldDoAndChangeNothing() {
        assertEquals(-40, plan(Target.earliest()).count());
        assertEquals(60, plan(Target.latest()).count());
        assertEquals(0, plan(Target.sequence(400)).count());
        assertEquals(0, plan(Target.sequence(391)).count());
        assertEquals(-1, plan(Target.sequence(390)).count());
        assertEquals(COUNT, plan(Target.sequence(5000)).to().next());
        assertEquals(50, plan(Target.time(500_000, "t")).to().next());
        assertEquals(51, plan(Target.time(500_001, "t")).to().next());

        assertEquals(40, position().next());
        assertEquals(List.of(), AuditLog.lines(directory));
    }

    @Test
    void shouldDeliverFromThereAfterAReset() {
        for (long from : new long[] {0, 70, 69, 100, 12}) {
            SinkReset.apply(directory, LogKind.OUTBOX, "s", Target.sequence(10 * from), "test", 7);
            assertEquals(from, position().next());
            taken.clear();
            try (Journal journal = open();
                    SinkRunner runner = new SinkRunner(directory, sink)) {
                assertEquals(directory, journal.context().directory());
                while (runner.doWork() > 0) {}
            }
            assertEquals(
                    LongStream.range(from, COUNT)
                            .map(place -> 10 * place)
                            .boxed()
                            .toList(),
                    taken);
        }
        assertEquals(5, AuditLog.lines(directory).size());
        assertTrue(
                AuditLog.lines(directory).get(0).contains("\"action\":\"sink-reset\",\"user\":"),
                AuditLog.lines(directory).get(0));
        assertTrue(AuditLog.lines(directory)
                .get(0)
                .endsWith("\"sink\":\"s\",\"log\":\"outbox\",\"target\":\"sequence=0\",\"from\":40,\"to\":0,"
                        + "\"reason\":\"test\"}"));
    }

    @Test
    void shouldAttachASinkThatWasDetached() {
        try (SinkCheckpoint checkpoint = SinkCheckpoint.open(directory, LogKind.OUTBOX, "s")) {
            checkpoint.detach(9, COUNT);
        }

        SinkReset.apply(directory, LogKind.OUTBOX, "s", Target.latest(), "", 7);

        assertEquals(new SinkPosition(COUNT, 1L << 32, 990, 1, false, 7, 0), position());
    }

    @Test
    void shouldRefuseWhileTheDirectoryIsHeld() {
        try (Journal journal = open()) {
            assertThrows(
                    DirectoryHeldException.class,
                    () -> SinkReset.apply(directory, LogKind.OUTBOX, "s", Target.latest(), "", 7));
            assertEquals(60, plan(Target.latest()).count());
            assertEquals(directory, journal.context().directory());
        }
        assertEquals(40, position().next());
    }

    @Test
    void shouldNameTheSinksThatThereAre() {
        JournalException e = assertThrows(
                JournalException.class, () -> SinkReset.plan(directory, LogKind.OUTBOX, "x", Target.latest()));

        assertEquals(
                "cannot reset sink: name=x (expected: one of [s] in outbox); see `millrace sink ls`", e.getMessage());
        assertEquals(66, e.exitCode());
    }

    @Test
    void shouldTellWhatASinkHasNotTaken() {
        SinkBacklog backlog = SinkBacklog.list(directory).get(0);

        assertEquals("s", backlog.name());
        assertEquals(60, backlog.count());
        assertEquals(10_000 * 40, backlog.oldestIngestTimeNs());
        assertTrue(backlog.length() > 60 * 64 && backlog.length() < 80 * 64, backlog.toString());
    }

    private SinkReset plan(Target target) {
        return SinkReset.plan(directory, LogKind.OUTBOX, "s", target);
    }

    private SinkPosition position() {
        return SinkCheckpoint.list(directory, LogKind.OUTBOX).get("s");
    }

    private Journal open() {
        return Journal.open(new JournalContext()
                .directory(directory)
                .blockLength(1 << 18)
                .segmentLength(1 << 18)
                .frameLength(8192));
    }
}
