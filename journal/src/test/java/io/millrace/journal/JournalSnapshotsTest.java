package io.millrace.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.Pipeline;
import io.millrace.event.Event;
import io.millrace.journal.snapshot.SnapshotDirectory;
import io.millrace.status.PipelineCounter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A start on files goes on from the newest snapshot that journal and outbox reach, and from no other. */
final class JournalSnapshotsTest {
    @TempDir
    Path directory;

    private long first;
    private long second;
    private long stateHash;

    /** 100 events, a snapshot, 50 more, a snapshot, 30 more. */
    private void write(Path data) {
        try (Journal journal = Journals.open(data);
                Pipeline pipeline = SnapshotRun.start(journal)) {
            SnapshotRun.publish(pipeline, 0, 100);
            first = SnapshotRun.snapshot(pipeline);
            SnapshotRun.publish(pipeline, 100, 150);
            second = SnapshotRun.snapshot(pipeline);
            SnapshotRun.publish(pipeline, 150, 180);
            stateHash = pipeline.stateHash();
        }
    }

    private SnapshotDirectory snapshots() {
        return new SnapshotDirectory(directory);
    }

    /** Starts, and compares all there is with a replay of the whole journal. {@return what was passed over} */
    private List<String> start(long expectedSnapshot) {
        try (Journal journal = Journals.open(directory);
                Pipeline pipeline = SnapshotRun.start(journal)) {
            assertEquals(expectedSnapshot, pipeline.snapshotSequence());
            assertEquals(journal.nextSequence() - 1 - expectedSnapshot, pipeline.recoveredCount());
            assertEquals(stateHash, pipeline.stateHash());
            SnapshotRun.publish(pipeline, 180, 200);
            assertEquals(SnapshotRun.replayedOutputs(directory), SnapshotRun.outputs(directory));
            return journal.snapshots().passedOver();
        }
    }

    @Test
    void shouldGoOnFromTheNewestSnapshot() {
        write(directory);

        assertEquals(List.of(), start(second));
    }

    @Test
    void shouldFallBackWhenTheNewestIsDamaged() throws IOException {
        write(directory);
        byte[] bytes = Files.readAllBytes(snapshots().file(second));
        bytes[bytes.length - 20] ^= 1;
        Files.write(snapshots().file(second), bytes);

        List<String> passedOver = start(first);
        assertEquals(1, passedOver.size());
        assertTrue(passedOver.get(0).contains(": crc="), passedOver::toString);
    }

    @Test
    void shouldReplayEverythingWhenNoSnapshotIsLeft() throws IOException {
        write(directory);
        Files.delete(snapshots().file(first));
        Files.write(snapshots().file(second), new byte[10]);

        assertEquals(1, start(-1).size());
    }

    @Test
    void shouldCountWhatWasPassedOver() throws IOException {
        write(directory);
        Files.write(snapshots().file(second), new byte[0]);
        try (Journal journal = Journals.open(directory);
                Pipeline pipeline = SnapshotRun.start(journal)) {
            assertEquals(
                    1,
                    pipeline.counters()
                            .counter(PipelineCounter.SNAPSHOTS_PASSED_OVER)
                            .get());
        }
    }

    @Test
    void shouldPassOverASnapshotThatTheOutboxDoesNotReach() throws IOException {
        write(directory);
        // A power cut took the outbox and all that said that it was on the disk: its outputs come again from the
        // journal.
        Journals.cutPower(directory);
        Files.delete(Journals.segment(directory, LogKind.OUTBOX, 1, 0));
        Files.delete(directory.resolve("outbox").resolve(SyncedFile.FILE_NAME));

        List<String> passedOver = start(-1);
        assertEquals(2, passedOver.size());
        assertTrue(passedOver.get(0).contains("the outbox ends before it"), passedOver::toString);
    }

    @Test
    void shouldPassOverASnapshotOfAnotherJournal(@TempDir Path other) throws IOException {
        write(directory);
        Journals.write(other, 0, 400, 7);
        Files.createDirectory(other.resolve(SnapshotDirectory.NAME));
        Files.copy(snapshots().file(second), new SnapshotDirectory(other).file(second));
        try (Journal journal = Journals.open(other);
                Pipeline pipeline = SnapshotRun.start(journal)) {
            assertEquals(-1, pipeline.snapshotSequence());
            String why = journal.snapshots().passedOver().get(0);
            assertTrue(why.contains("it is of another journal: journalId="), why);
        }
    }

    @Test
    void shouldRefuseToStartWhenTheJournalLostWhatASnapshotSaysWasOnTheDisk() throws IOException {
        write(directory);
        Path journal = directory.resolve(LogKind.JOURNAL.directoryName());
        Journals.delete(journal);
        Journals.delete(directory.resolve(LogKind.OUTBOX.directoryName()));
        Files.delete(directory.resolve(OpenFile.FILE_NAME));

        CorruptJournalException refused = assertThrows(CorruptJournalException.class, () -> Journals.open(directory));
        assertTrue(refused.getMessage().contains("was on the disk through sequence=" + first), refused::getMessage);
        assertFalse(Files.exists(journal));
    }

    @Test
    void shouldNotCountOnAnOutboxThatWasNotKept() {
        JournalContext without = Journals.small(directory).outbox(false);
        try (Journal journal = Journal.open(without);
                Pipeline pipeline = SnapshotRun.start(journal)) {
            SnapshotRun.publish(pipeline, 0, 100);
            SnapshotRun.snapshot(pipeline);
            SnapshotRun.publish(pipeline, 100, 180);
            stateHash = pipeline.stateHash();
        }

        assertTrue(start(-1).get(0).contains("it was taken without an outbox"));
    }

    @Test
    void shouldGoOnFromASnapshotWithoutAnOutboxWhenThereIsStillNone() {
        JournalContext without = Journals.small(directory).outbox(false);
        try (Journal journal = Journal.open(without);
                Pipeline pipeline = SnapshotRun.start(journal)) {
            SnapshotRun.publish(pipeline, 0, 100);
            first = SnapshotRun.snapshot(pipeline);
        }
        try (Journal journal = Journal.open(without);
                Pipeline pipeline = SnapshotRun.start(journal)) {
            assertEquals(first, pipeline.snapshotSequence());
        }
    }

    @Test
    void shouldLeaveWhatIsOlderThanTheSnapshotToWhoReadsIt() throws IOException {
        try (Journal journal = Journals.open(directory);
                Pipeline pipeline = SnapshotRun.start(journal)) {
            SnapshotRun.publish(pipeline, 0, 8000);
            first = SnapshotRun.snapshot(pipeline);
            SnapshotRun.publish(pipeline, 8000, 8100);
            stateHash = pipeline.stateHash();
        }
        Path oldest = Journals.segment(directory, LogKind.JOURNAL, 1, 0);
        assertTrue(Files.exists(Journals.segment(directory, LogKind.JOURNAL, 1, 1)), "one segment is not enough");
        flipBitOf(100, oldest);

        JournalContext all = Journals.small(directory).verifyAll(true);
        CorruptJournalException refused = assertThrows(CorruptJournalException.class, () -> Journal.open(all));
        assertTrue(refused.getMessage().contains(oldest.toString()), refused::getMessage);
        try (Journal journal = Journals.open(directory);
                Pipeline pipeline = SnapshotRun.start(journal)) {
            assertEquals(first, pipeline.snapshotSequence());
            assertEquals(stateHash, pipeline.stateHash());
            SnapshotRun.publish(pipeline, 8100, 8200);
        }
        assertThrows(CorruptJournalException.class, () -> SnapshotRun.replayedOutputs(directory));
    }

    private void flipBitOf(long sequence, Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        try (FrameReader reader = FrameReader.open(directory, LogKind.JOURNAL, sequence)) {
            assertTrue(reader.nextRecord(new Event()));
            assertEquals(file, reader.file());
            bytes[(int) reader.offset() + FrameDescriptor.HEADER_LENGTH + 20] ^= 1;
        }
        Files.write(file, bytes);
    }
}
