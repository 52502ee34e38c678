package io.millrace.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.event.MutableEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepairTest {
    @TempDir
    Path directory;

    /** Four starts of 30 events in frames of 10, an output for each event. */
    @BeforeEach
    void write() {
        MutableEvent output = Events.template();
        for (long from = 0; from < 120; from += 30) {
            try (Journal journal = Journals.open(directory)) {
                Events.append(journal.journal(), from, from + 30, 10);
                for (long cause = from; cause < from + 30; cause++) {
                    Events.append(journal.outbox(), Events.output(output, cause, 0));
                    journal.outbox().commit();
                }
            }
        }
    }

    @Test
    void shouldChangeNothingWhenNothingIsWrong() throws IOException {
        List<String> before = Journals.fingerprint(directory);

        RepairPlan plan = Repair.plan(directory);
        Repair.apply(directory, "0-1", "why not");

        assertFalse(plan.isNeeded());
        assertEquals(before, Journals.fingerprint(directory));
    }

    @Test
    void shouldKeepWhatIsBeforeAHoleAndMoveLaterStartsAside() throws IOException {
        damageFrameAt(50);
        List<String> before = Journals.fingerprint(directory);

        RepairPlan plan = Repair.plan(directory);

        assertEquals(before, Journals.fingerprint(directory));
        assertTrue(plan.problem().startsWith("journal: frame is damaged: crc="), plan.problem());
        assertEquals("50-119,outbox:50-119", plan.acceptLoss());
        assertEquals(60, plan.losses().get(0).wholeRecordCount());
        assertEquals(
                List.of("journal/00000003", "journal/00000004", "outbox/00000003", "outbox/00000004"),
                plan.moved().stream()
                        .map(path -> directory.relativize(path).toString())
                        .toList());

        Repair.apply(directory, plan.acceptLoss(), "disk of node 7");

        assertGoesOnAt(50);
        String audit = AuditLog.lines(directory).get(1);
        assertTrue(audit.contains("\"action\":\"repair-done\""), audit);
        assertTrue(audit.contains("\"acceptLoss\":\"50-119,outbox:50-119\",\"reason\":\"disk of node 7\""), audit);
        StartFrame start = StartFrame.read(directory.resolve("journal/00000005"), LogKind.JOURNAL, 5);
        assertEquals("repair accepted loss 50-119,outbox:50-119: disk of node 7", start == null ? "" : start.note());
        assertTrue(Files.exists(directory.resolve("quarantine/repair-00000005/journal/00000003/start.frame")));
    }

    @Test
    void shouldRefuseAnotherLossThanTheOneShown() throws IOException {
        damageFrameAt(50);
        List<String> before = Journals.fingerprint(directory);

        JournalException refused =
                assertThrows(JournalException.class, () -> Repair.apply(directory, "50-118", "guessed"));

        assertEquals(
                "cannot repair: acceptLoss=50-118 (expected: 50-119,outbox:50-119); look at the plan again",
                refused.getMessage());
        assertEquals(before, Journals.fingerprint(directory));
    }

    @Test
    void shouldRepairEveryKindOfRefusal() throws IOException {
        Path whole = directory.resolve("whole");
        for (String name : List.of("journal", "outbox", "open")) {
            Path from = directory.resolve(name);
            if (Files.isDirectory(from)) {
                Files.createDirectories(whole);
                Journals.copy(from, whole.resolve(name));
            } else {
                Files.copy(from, whole.resolve(name));
            }
        }
        assertRepaired(whole, "open", "none", 120);
        assertRepaired(whole, "journal/00000001/start.frame", "0-119,outbox:0-119", 0);
        assertRepaired(whole, "journal/00000003/start.frame", "60-119,outbox:60-119", 60);
        assertRepaired(whole, "journal/00000003/19700101-00F.cq4", "60-119,outbox:60-119", 60);
        assertRepaired(whole, "journal/00000004/19700101-00F.cq4", "90-119,outbox:90-119", 90);
        assertRepaired(whole, "outbox/00000002/19700101-00F.cq4", "outbox:30-119", 120);
    }

    @Test
    void shouldMoveSnapshotsOfLostSequencesAside() throws IOException {
        Files.createDirectory(directory.resolve("snapshots"));
        for (long sequence : new long[] {49, 50, 110}) {
            Files.createFile(JournalSnapshots.directory(directory).file(sequence));
        }
        damageFrameAt(50);

        Repair.apply(directory, Repair.plan(directory).acceptLoss(), "test");

        assertEquals(List.of(49L), JournalSnapshots.directory(directory).sequences());
        assertGoesOnAt(50);
    }

    @Test
    void shouldGoOnWithARepairThatWasKilledAtAnyStep() throws Exception {
        Path whole = directory.resolve("whole");
        damageFrameAt(50);
        for (String name : List.of("journal", "outbox")) {
            Journals.copy(directory.resolve(name), whole.resolve(name));
        }
        Files.copy(directory.resolve("open"), whole.resolve("open"));
        for (int step = 0; step <= 8; step += Faults.count("repairs", 4, 1)) {
            Path copy = directory.resolve("killed" + step);
            Journals.copy(whole, copy);
            Process process = Forks.java(
                    List.of("-Dmillrace.failpoint=" + Failpoint.REPAIR + "@" + step), Victim.class, copy.toString());
            String output = Forks.output(process);
            assertEquals(Failpoint.EXIT_STATUS, process.waitFor(), output);
            JournalException refused = assertThrows(
                    JournalException.class, () -> Journals.open(copy).close());
            assertTrue(refused.getMessage().contains("a repair was begun and has not ended"), refused.getMessage());
            assertEquals("50-119,outbox:50-119", Repair.plan(copy).acceptLoss());

            Repair.apply(copy, "50-119,outbox:50-119", "again");

            try (Journal journal = Journals.open(copy)) {
                assertEquals(Journals.upTo(50), Events.sequences(journal), "step " + step);
                assertEquals(49, journal.lastOutputIdLo(), "step " + step);
            }
        }
    }

    private void assertRepaired(Path whole, String missing, String loss, long kept) throws IOException {
        Path copy = directory.resolve("copy");
        Journals.copy(whole, copy);
        Files.delete(copy.resolve(missing));
        assertThrows(CorruptJournalException.class, () -> Journals.open(copy).close(), missing);

        assertEquals(loss, Repair.plan(copy).acceptLoss(), missing);
        Repair.apply(copy, loss, "test");

        try (Journal journal = Journals.open(copy)) {
            assertEquals(Journals.upTo(kept), Events.sequences(journal), missing);
            assertEquals(1, journal.epoch(), missing);
        }
        assertFalse(Repair.plan(copy).isNeeded(), missing);
        Journals.delete(copy);
    }

    private void assertGoesOnAt(long sequence) {
        try (Journal journal = Journals.open(directory)) {
            assertEquals(Journals.upTo(sequence), Events.sequences(journal));
            assertEquals(1, journal.epoch());
            assertEquals(sequence - 1, journal.lastOutputIdLo());
            Events.append(journal.journal(), sequence, sequence + 10, 5);
        }
        try (Journal journal = Journals.open(directory)) {
            assertEquals(Journals.upTo(sequence + 10), Events.sequences(journal));
        }
    }

    private void damageFrameAt(long sequence) throws IOException {
        try (FrameReader reader = FrameReader.open(directory, LogKind.JOURNAL)) {
            while (reader.nextFrame()) {
                if (reader.frame().count() > 0 && reader.frame().firstSequence() == sequence) {
                    flip(reader.file(), reader.offset() + 100);
                    return;
                }
            }
        }
        throw new AssertionError("no frame at " + sequence);
    }

    private static void flip(Path file, long offset) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, offset);
            one.put(0, (byte) (one.get(0) ^ 1)).flip();
            channel.write(one, offset);
        }
    }

    /** Another process, which is killed on the way. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] arguments) {
            Path data = Path.of(arguments[0]);
            Repair.apply(data, Repair.plan(data).acceptLoss(), "killed");
        }
    }
}
