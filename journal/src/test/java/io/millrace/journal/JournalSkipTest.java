package io.millrace.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.Pipeline;
import io.millrace.PipelineContext;
import io.millrace.dedup.LastIds;
import io.millrace.journal.snapshot.SnapshotDirectory;
import io.millrace.ring.ControlRecord;
import io.millrace.ring.Fault;
import io.millrace.ring.PipelineFailedException;
import io.millrace.ring.ThreadPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A record at which an operator throws: halts again and again until it is skipped, and is then skipped for ever. */
final class JournalSkipTest {
    private static final long POISON = 5;
    private static final long NOW_NS = 1_000_000;

    @TempDir
    Path directory;

    private static Tally failing() {
        Tally tally = new Tally("tally");
        tally.failAtKey = POISON;
        return tally;
    }

    private static PipelineContext context(Tally tally) {
        return new PipelineContext()
                .ringCapacity(256)
                .maxBatchCount(32)
                .dedup(new LastIds("ids", 1 << 10))
                .threadPlan(ThreadPlan.INVOKED)
                .operator(tally);
    }

    /** Keys go 0, 1, 2, ... modulo 11, so event 5 is the first that makes it throw. {@return where it halted} */
    private long halt(ThreadPlan plan, int snapshotAt) {
        try (Journal journal = Journals.open(directory);
                Pipeline pipeline =
                        SnapshotRun.start(journal, context(failing()).threadPlan(plan))) {
            for (long number = 0; number <= POISON; number++) {
                if (number == snapshotAt) {
                    SnapshotRun.snapshot(pipeline);
                }
                pipeline.publisher().publish(SnapshotRun.event(number));
                pipeline.awaitDrained(SnapshotRun.TIMEOUT_NS);
            }
            Fault fault = pipeline.fault();
            assertNotNull(fault);
            return fault.sequence();
        }
    }

    @ParameterizedTest
    @EnumSource(value = ThreadPlan.class, names = "AUTO", mode = EnumSource.Mode.EXCLUDE)
    void shouldStartAgainOnlyWhenTheRecordIsSkipped(ThreadPlan plan) {
        long sequence = halt(plan, -1);
        for (int i = 0; i < 2; i++) {
            try (Journal journal = Journals.open(directory)) {
                PipelineFailedException again = assertThrows(
                        PipelineFailedException.class, () -> SnapshotRun.start(journal, context(failing())));
                assertEquals(sequence, again.fault().sequence());
                assertTrue(again.fault().isOfOperator());
            }
        }

        assertEquals(POISON + 1, JournalSkip.append(Journals.small(directory), sequence, "price 0", NOW_NS));

        goOn(-1);
        List<String> audit = AuditLog.lines(directory);
        assertEquals(1, audit.size());
        assertTrue(audit.get(0).contains("\"action\":\"skip\""), audit::toString);
        assertTrue(audit.get(0).endsWith("\"sequence\":5,\"reason\":\"price 0\"}"), audit::toString);
    }

    /** Publishes on, then starts from a snapshot, then from nothing: always the same state. */
    private void goOn(long expectedSnapshot) {
        long stateHash;
        try (Journal journal = Journals.open(directory);
                Pipeline pipeline = SnapshotRun.start(journal, context(failing()))) {
            assertEquals(expectedSnapshot, pipeline.snapshotSequence());
            SnapshotRun.publish(pipeline, 6, 10);
            SnapshotRun.snapshot(pipeline);
            SnapshotRun.publish(pipeline, 11, 15);
            stateHash = pipeline.stateHash();
        }
        List<String> outputs = SnapshotRun.outputs(directory);
        assertEquals(stateHash, restart());
        deleteSnapshots();
        assertEquals(stateHash, restart());
        assertEquals(outputs, SnapshotRun.outputs(directory));
    }

    private long restart() {
        try (Journal journal = Journals.open(directory);
                Pipeline pipeline = SnapshotRun.start(journal, context(failing()))) {
            return pipeline.stateHash();
        }
    }

    private void deleteSnapshots() {
        try {
            Journals.delete(directory.resolve(SnapshotDirectory.NAME));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldSkipBehindASnapshot() {
        long sequence = halt(ThreadPlan.INVOKED, 3);
        assertEquals(6, sequence);
        JournalSkip.append(Journals.small(directory), sequence, "price 0", NOW_NS);

        goOn(3);
    }

    @Test
    void shouldRefuseToSkipWhatWasAppliedOrIsNotThere() {
        halt(ThreadPlan.INVOKED, 3);

        assertRefused(2, "more than 4");
        assertRefused(7, "0 to 6, what the journal holds");
        JournalSkip.append(Journals.small(directory), 6, "price 0", NOW_NS);
        assertRefused(6, "one that is not skipped yet");
    }

    private void assertRefused(long sequence, String why) {
        JournalException refused = assertThrows(
                JournalException.class, () -> JournalSkip.append(Journals.small(directory), sequence, "no", NOW_NS));
        assertTrue(refused.getMessage().contains("(expected: " + why), refused::getMessage);
    }

    @Test
    void shouldFindTheControlRecordsOfAllStarts() throws IOException {
        halt(ThreadPlan.INVOKED, -1);
        JournalSkip.append(Journals.small(directory), 5, "first", NOW_NS);
        try (Journal journal = Journals.open(directory)) {
            assertThrows(PipelineFailedException.class, () -> SnapshotRun.start(journal, failingLater()));
        }
        assertEquals(1, JournalControls.read(directory).size());
        assertEquals(ControlRecord.SKIP, JournalControls.read(directory).get(0).kind());
        assertEquals(5, JournalControls.read(directory).get(0).skippedSequence());
        assertTrue(Files.exists(directory.resolve(AuditLog.FILE_NAME)));
    }

    /** It fails at key 4 too, which was applied before: that cannot be skipped. */
    private static PipelineContext failingLater() {
        Tally tally = new Tally("tally");
        tally.failAtKey = 4;
        return context(tally);
    }
}
