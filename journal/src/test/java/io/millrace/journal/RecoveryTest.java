package io.millrace.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.event.MutableEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoveryTest {
    @TempDir
    Path directory;

    @Test
    void shouldPutATornTailAsideAndContinue() throws IOException {
        Journals.writeAndDie(directory, 0, 30, 10);
        Journals.cutPower(directory);
        Place last = places(LogKind.JOURNAL).get(2);
        Damage.flip(last.file(), last.offset() + 100, 1);

        try (Journal journal = Journals.open(directory)) {
            assertEquals(20, journal.nextSequence());
            assertEquals(1, journal.epoch());
            assertEquals(Journals.upTo(20), Events.sequences(journal));
            assertEquals(1, journal.recovery().quarantined().size());
            journal.journal().start();
            Events.append(journal.journal(), 20, 25, 10);
        }

        List<String> kept = Directories.names(directory.resolve(Quarantine.DIRECTORY_NAME));
        assertEquals(List.of("journal-00000001-19700101-00F-" + last.offset() + ".bytes"), kept);
        try (Journal journal = Journals.open(directory)) {
            assertEquals(Journals.upTo(25), Events.sequences(journal));
            assertEquals(1, journal.epoch());
            assertEquals(List.of(), journal.recovery().quarantined());
        }
    }

    @Test
    void shouldRaiseTheEpochOnceWhenKilledAfterATornTail() throws IOException {
        Journals.writeAndDie(directory, 0, 30, 10);
        Journals.cutPower(directory);
        Place last = places(LogKind.JOURNAL).get(2);
        Damage.flip(last.file(), last.offset() + 100, 1);

        Journals.open(directory).close();
        Journals.open(directory).close();

        try (Journal journal = Journals.open(directory)) {
            assertEquals(1, journal.epoch());
            assertEquals(Journals.upTo(20), Events.sequences(journal));
        }
    }

    @Test
    void shouldRefuseABadFrameThatOthersFollow() throws IOException {
        Journals.write(directory, 0, 30, 10);
        Journals.kill(directory, null);
        Place second = places(LogKind.JOURNAL).get(1);
        Damage.flip(second.file(), second.offset() + 100, 1);

        CorruptJournalException refused = refuseUnchanged();

        assertEquals(second.file().toString(), refused.file());
        assertEquals(second.offset(), refused.offset());
        assertEquals(10, refused.sequence());
        assertEquals(65, refused.exitCode());
        String pattern = "journal: frame is damaged: crc=0x[0-9a-f]+ \\(expected: 0x[0-9a-f]+\\): file=.*F.cq4, "
                + "offset=[0-9]+, sequence=10; restore the file from a copy, nothing was changed";
        assertTrue(refused.getMessage().matches(pattern), refused.getMessage());
    }

    @Test
    void shouldRefuseABadFrameOfAnEarlierStart() throws IOException {
        Journals.write(directory, 0, 30, 10);
        Place last = places(LogKind.JOURNAL).get(2);
        Journals.write(directory, 30, 40, 10);
        Damage.flip(last.file(), last.offset() + 100, 1);

        CorruptJournalException refused = refuseUnchanged();

        assertEquals(last.offset(), refused.offset());
        assertEquals(20, refused.sequence());
    }

    @Test
    void shouldRefuseWhenASegmentIsMissing() throws IOException {
        Journals.write(directory, 0, 5000, 37);
        Journals.kill(directory, null);
        Files.delete(Journals.segment(directory, LogKind.JOURNAL, 1, 1));

        CorruptJournalException refused = refuseUnchanged();

        assertEquals(Journals.segment(directory, LogKind.JOURNAL, 1, 1).toString(), refused.file());
        assertTrue(refused.getMessage().startsWith("journal: segment is missing: file="), refused.getMessage());
    }

    @Test
    void shouldRefuseWhenTheLastSegmentOfAnEarlierStartIsMissing() throws IOException {
        Journals.write(directory, 0, 5000, 37);
        Journals.write(directory, 5000, 5001, 1);
        List<Path> segments = Directories.segments(Directories.start(directory.resolve("journal"), 1));
        Files.delete(segments.get(segments.size() - 1));

        CorruptJournalException refused = refuseUnchanged();

        assertTrue(
                refused.getMessage().startsWith("journal: frames are missing: start=1 ends here, start=2 continues"),
                refused.getMessage());
    }

    @Test
    void shouldRefuseWhenAStartIsMissing() throws IOException {
        Journals.write(directory, 0, 10, 5);
        Journals.write(directory, 10, 20, 5);
        Journals.write(directory, 20, 30, 5);
        Damage.delete(Directories.start(directory.resolve("journal"), 2));

        assertTrue(refuseUnchanged().getMessage().startsWith("journal: frames are missing"));
    }

    @Test
    void shouldRefuseWhenTheFirstStartIsMissing() throws IOException {
        Journals.write(directory, 0, 10, 5);
        Journals.write(directory, 10, 20, 5);
        Damage.delete(Directories.start(directory.resolve("journal"), 1));

        assertTrue(refuseUnchanged().getMessage().startsWith("journal: starts before this one are missing"));
    }

    @Test
    void shouldRefuseWhenTheNewestJournalStartIsMissingButItsOutputsAreThere() throws IOException {
        Journals.write(directory, 0, 10, 5);
        try (Journal journal = Journals.open(directory)) {
            journal.journal().start();
            Events.append(journal.journal(), 10, 20, 5);
            journal.outbox().start();
            Events.append(journal.outbox(), Events.output(Events.template(), 15, 0));
            journal.outbox().commit();
        }
        Damage.delete(Directories.start(directory.resolve("journal"), 2));

        assertTrue(refuseUnchanged().getMessage().startsWith("journal: start is missing that file=open names"));
    }

    @Test
    void shouldRefuseASegmentThatIsThereTwice() throws IOException {
        Journals.write(directory, 0, 30, 10);
        Journals.kill(directory, null);
        Path first = Journals.segment(directory, LogKind.JOURNAL, 1, 0);
        Files.copy(first, first.resolveSibling(SegmentName.of(1)));

        CorruptJournalException refused = refuseUnchanged();

        assertTrue(refused.getMessage().startsWith("journal: frame does not continue the chain"), refused.getMessage());
    }

    @Test
    void shouldRefuseAStartFrameThatIsDamagedOrMissing() throws IOException {
        Journals.write(directory, 0, 30, 10);
        Path file = Directories.start(directory.resolve("journal"), 1).resolve(StartFrame.FILE_NAME);
        Damage.flip(file, 16, 1);
        assertTrue(refuseUnchanged().getMessage().startsWith("frame is damaged: crc"));

        Files.delete(file);
        assertTrue(refuseUnchanged().getMessage().startsWith("journal: file is missing: file=" + file));
    }

    @Test
    void shouldRefuseASegmentOfLengthZero() throws IOException {
        Journals.write(directory, 0, 30, 10);
        Damage.truncate(Journals.segment(directory, LogKind.JOURNAL, 1, 0), 0);

        assertTrue(refuseUnchanged().getMessage().startsWith("journal: file is cut off: fileLength=0"));
    }

    @Test
    void shouldRefuseFramesBehindAHole() throws IOException {
        Journals.write(directory, 0, 30, 10);
        Journals.kill(directory, null);
        Place second = places(LogKind.JOURNAL).get(1);
        Damage.zero(second.file(), second.offset(), 80);

        assertTrue(refuseUnchanged().getMessage().startsWith("journal: whole frames stand behind a place"));
    }

    @Test
    void shouldAcceptAStartThatDiedBeforeItsFirstFrame() throws IOException {
        Journals.write(directory, 0, 30, 10);
        Files.createDirectories(Directories.start(directory.resolve("journal"), 2));

        try (Journal journal = Journals.open(directory)) {
            assertEquals(3, journal.recovery().start());
            assertEquals(Journals.upTo(30), Events.sequences(journal));
        }
    }

    @Test
    void shouldKeepAWholeFrameWhoseDocumentHeaderWasNotWritten() throws IOException {
        Journals.writeAndDie(directory, 0, 30, 10);
        Place last = places(LogKind.JOURNAL).get(2);
        Damage.zero(last.file(), last.offset(), 4);

        try (Journal journal = Journals.open(directory)) {
            assertEquals(Journals.upTo(30), Events.sequences(journal));
            assertEquals(0, journal.epoch());
        }
        Journals.write(directory, 30, 35, 10);
        try (Journal journal = Journals.open(directory)) {
            assertEquals(Journals.upTo(35), Events.sequences(journal));
        }
    }

    @Test
    void shouldTakeAFrameUnderWayForTheEndAndKeepTheEpoch() throws IOException {
        Journals.writeAndDie(directory, 0, 30, 10);
        Journals.kill(directory, null);
        Place last = places(LogKind.JOURNAL).get(2);
        Damage.zero(last.file(), last.offset(), 4);
        Damage.zero(last.file(), last.offset() + 200, 50);

        try (Journal journal = Journals.open(directory)) {
            assertEquals(Journals.upTo(20), Events.sequences(journal));
            assertEquals(0, journal.epoch());
        }
    }

    @Test
    void shouldRemoveReservationsOfADeadStart() throws IOException {
        Journals.write(directory, 0, 30, 10);
        Path reservation = Directories.start(directory.resolve("journal"), 1).resolve("19700101-01F.precreated");
        Files.write(reservation, new byte[1000]);

        Journals.open(directory).close();

        assertFalse(Files.exists(reservation));
    }

    @Test
    void shouldReportDiscardedFiles() throws IOException {
        Journals.write(directory, 0, 30, 10);
        Path discarded = Directories.start(directory.resolve("journal"), 1).resolve("19700101-00F.cq4-17.discard");
        Files.write(discarded, new byte[1000]);

        try (Journal journal = Journals.open(directory)) {
            assertEquals(List.of(discarded), journal.recovery().discarded());
        }
    }

    @Test
    void shouldLeaveOutOutputsWhoseCauseIsLost() throws IOException {
        writeEventsAndOutputs(0, 30);
        Journals.cutPower(directory);
        Place last = places(LogKind.JOURNAL).get(2);
        Damage.flip(last.file(), last.offset() + 100, 1);

        try (Journal journal = Journals.open(directory)) {
            assertEquals(20, journal.nextSequence());
            assertEquals(1, journal.epoch());
            assertEquals(19, journal.lastOutputIdLo());
            assertEquals(1L << 32 | 1, journal.lastOutputIdHi());
            assertEquals(20, journal.recovery().lostOutputCount());
            assertEquals(40, outputs());
            journal.journal().start();
            Events.append(journal.journal(), 20, 40, 10);
        }

        // Sequences 20 to 29 are there again, but what the outbox held for them is not theirs.
        try (Journal journal = Journals.open(directory)) {
            assertEquals(19, journal.lastOutputIdLo());
            journal.outbox().start();
            Events.append(journal.outbox(), Events.output(Events.template(), 20, 0));
            journal.outbox().commit();
        }
        Journals.open(directory).close();
        assertEquals(41, outputs());
    }

    @Test
    void shouldLeaveOutAllOutputsOfAStartWhoseJournalIsTornAtItsFirstFrame() throws IOException {
        writeEventsAndOutputs(0, 10);
        writeEventsAndOutputs(10, 20);
        Journals.cutPower(directory);
        Place last = places(LogKind.JOURNAL).get(1);
        Damage.flip(last.file(), last.offset() + 100, 1);

        try (Journal journal = Journals.open(directory)) {
            assertEquals(9, journal.lastOutputIdLo());
            assertEquals(20, outputs());
        }
        Journals.open(directory).close();
        assertEquals(20, outputs());
    }

    @Test
    void shouldLeaveOutATornOutput() throws IOException {
        writeEventsAndOutputs(0, 30);
        Journals.cutPower(directory);
        List<Place> frames = places(LogKind.OUTBOX);
        Place last = frames.get(frames.size() - 1);
        Damage.flip(last.file(), last.offset() + 100, 1);

        try (Journal journal = Journals.open(directory)) {
            assertEquals(1, journal.epoch());
            assertTrue(journal.lastOutputIdLo() < 29);
            assertEquals(1, journal.recovery().quarantined().size());
        }
    }

    @Test
    void shouldRefuseAnOutboxOfAnotherJournal(@TempDir Path other) throws IOException {
        writeEventsAndOutputs(0, 10);
        Journals.write(other, 0, 10, 10);
        Damage.delete(directory.resolve("journal"));
        Journals.copy(other.resolve("journal"), directory.resolve("journal"));

        assertTrue(refuseUnchanged().getMessage().startsWith("journal: frames are missing or not expected"));

        Journals.kill(directory, null);
        assertTrue(refuseUnchanged().getMessage().startsWith("outbox: belongs to another journal"));
    }

    @Test
    void shouldRefuseADamagedLastFrameOfAJournalThatWasClosed() throws IOException {
        Journals.write(directory, 0, 30, 10);
        Place last = places(LogKind.JOURNAL).get(2);
        Damage.flip(last.file(), last.offset() + 100, 1);

        CorruptJournalException refused = refuseUnchanged();

        assertEquals(last.offset(), refused.offset());
        assertEquals(20, refused.sequence());
        assertTrue(refused.getMessage().contains(", the log was closed at sequence=30: file="), refused.getMessage());
    }

    @Test
    void shouldRefuseWhenTheOnlySegmentOfTheNewestStartIsMissing() throws IOException {
        Journals.write(directory, 0, 30, 10);
        Files.delete(Journals.segment(directory, LogKind.JOURNAL, 1, 0));

        assertTrue(refuseUnchanged().getMessage().startsWith("journal: frames are missing or not expected"));
    }

    @Test
    void shouldRefuseWhenTheWholeJournalOrTheOpenFileIsMissing() throws IOException {
        writeEventsAndOutputs(0, 30);
        byte[] open = Files.readAllBytes(directory.resolve(OpenFile.FILE_NAME));
        Files.delete(directory.resolve(OpenFile.FILE_NAME));
        assertTrue(refuseUnchanged().getMessage().startsWith("file is missing: file=" + directory));

        Files.write(directory.resolve(OpenFile.FILE_NAME), open);
        Damage.delete(directory.resolve("journal"));
        Damage.delete(directory.resolve("outbox"));
        assertTrue(refuseUnchanged().getMessage().startsWith("journal: start is missing that file=open names"));
    }

    @Test
    void shouldRefuseADamagedOpenFile() throws IOException {
        Journals.write(directory, 0, 30, 10);
        Path file = directory.resolve(OpenFile.FILE_NAME);
        for (int offset = 0; offset < Files.size(file); offset += 7) {
            Damage.flip(file, offset, 4);
            assertTrue(refuseUnchanged().getMessage().startsWith("file is damaged: "));
            Damage.flip(file, offset, 4);
        }
        Journals.open(directory).close();
    }

    @Test
    void shouldCutAtAHoleAfterAPowerCutUnlessWhatIsBehindSaysThatItWasSynced() throws IOException {
        try (Journal journal = Journals.open(directory)) {
            Events.append(journal.journal(), 0, 30, 10);
            journal.journal().sync();
            Events.append(journal.journal(), 30, 60, 10);
        }
        List<Place> frames = places(LogKind.JOURNAL);
        Journals.cutPower(directory);

        Damage.flip(frames.get(2).file(), frames.get(2).offset() + 100, 1);
        assertTrue(refuseUnchanged().getMessage().contains(", known to be on the disk through sequence=29: file="));
        Damage.flip(frames.get(2).file(), frames.get(2).offset() + 100, 1);

        Damage.flip(frames.get(3).file(), frames.get(3).offset() + 100, 1);
        try (Journal journal = Journals.open(directory)) {
            assertEquals(Journals.upTo(30), Events.sequences(journal));
            assertEquals(1, journal.epoch());
            String leftOut = journal.recovery().quarantined().get(0);
            assertTrue(leftOut.contains("; behind it 20 records that were not known to be on the disk"), leftOut);
        }
    }

    @Test
    void shouldRefuseALossOfWhatTheFileSyncedNames() throws IOException {
        try (Journal journal = Journals.open(directory)) {
            Events.append(journal.journal(), 0, 30, 10);
            journal.journal().sync();
        }
        Journals.cutPower(directory);
        Place last = places(LogKind.JOURNAL).get(2);
        Damage.zero(last.file(), last.offset(), 300);

        assertTrue(refuseUnchanged().getMessage().contains(", known to be on the disk through sequence=29: file="));

        Files.delete(last.file());
        assertTrue(refuseUnchanged()
                .getMessage()
                .startsWith("journal: records are missing, known to be on the disk through sequence=29"));
    }

    @Test
    void shouldCutWhereASegmentIsMissingAfterAPowerCut() throws IOException {
        Journals.write(directory, 0, 5000, 37);
        Journals.cutPower(directory);
        Files.delete(Journals.segment(directory, LogKind.JOURNAL, 1, 1));
        long kept;
        try (Journal journal = Journals.open(directory)) {
            kept = journal.nextSequence();
            assertTrue(kept > 0 && kept < 5000, "kept " + kept);
            assertEquals(Journals.upTo(kept), Events.sequences(journal));
            Events.append(journal.journal(), kept, kept + 10, 5);
        }
        try (Journal journal = Journals.open(directory)) {
            assertEquals(Journals.upTo(kept + 10), Events.sequences(journal));
        }
    }

    @Test
    void shouldRefuseWhenOutputsOfLostRecordsAreThereThoughOnlyTheProcessDied() throws IOException {
        writeEventsAndOutputs(0, 30);
        Journals.kill(directory, null);
        Place last = places(LogKind.JOURNAL).get(2);
        Damage.zero(last.file(), last.offset(), 4);
        Damage.zero(last.file(), last.offset() + 200, 50);

        assertTrue(refuseUnchanged().getMessage().startsWith("journal: records are missing, the outbox has outputs"));
    }

    private void writeEventsAndOutputs(long from, long to) {
        MutableEvent output = Events.template();
        try (Journal journal = Journals.open(directory)) {
            journal.journal().start();
            journal.outbox().start();
            Events.append(journal.journal(), from, to, 10);
            for (long cause = from; cause < to; cause++) {
                Events.append(journal.outbox(), Events.output(output, cause, 0));
                Events.append(journal.outbox(), Events.output(output, cause, 1));
                if (cause % 7 == 6) {
                    journal.outbox().commit();
                }
            }
            journal.outbox().commit();
        }
    }

    private int outputs() {
        MutableEvent view = Events.template();
        int count = 0;
        try (FrameReader reader = FrameReader.open(directory, LogKind.OUTBOX)) {
            while (reader.nextRecord(view)) {
                assertEquals(count, reader.place());
                count++;
            }
        }
        return count;
    }

    private CorruptJournalException refuseUnchanged() throws IOException {
        List<String> before = Journals.fingerprint(directory);
        CorruptJournalException refused = assertThrows(
                CorruptJournalException.class, () -> Journals.open(directory).close());
        assertEquals(before, Journals.fingerprint(directory));
        return refused;
    }

    private List<Place> places(LogKind kind) {
        List<Place> places = new ArrayList<>();
        try (FrameReader reader = FrameReader.open(directory, kind)) {
            while (reader.nextFrame()) {
                if (reader.frame().count() > 0) {
                    places.add(new Place(reader.file(), reader.offset()));
                }
            }
        }
        return places;
    }

    private record Place(Path file, long offset) {}
}
