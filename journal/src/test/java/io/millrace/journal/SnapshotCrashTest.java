package io.millrace.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.Pipeline;
import io.millrace.journal.snapshot.SnapshotDirectory;
import io.millrace.journal.snapshot.SnapshotStep;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ends a process at each place on the way of a snapshot to the disk, and starts it again on the same data. */
final class SnapshotCrashTest {
    private static final int EVENTS_PER_SNAPSHOT = 60;

    @TempDir
    Path directory;

    @Test
    void shouldGoOnAsIfNothingHadHappenedWhenKilledAtEachPlaceOfASnapshot() throws Exception {
        killAtEachPlace(1);
    }

    @Test
    @Tag("slow")
    void shouldGoOnAsIfNothingHadHappenedWhenKilledTwentyTimesAtEachPlaceOfASnapshot() throws Exception {
        killAtEachPlace(20);
    }

    /** Every kill comes some snapshots later than the one before, so that each step happens with older ones there. */
    private void killAtEachPlace(int times) throws Exception {
        long killAt = 4 * EVENTS_PER_SNAPSHOT;
        for (int i = 0; i < times; i++) {
            for (SnapshotStep step : SnapshotStep.values()) {
                kill(step, killAt);
                killAt += 2 * EVENTS_PER_SNAPSHOT + i;
            }
        }
        check(killAt);
    }

    private void kill(SnapshotStep step, long sequence) throws Exception {
        String failpoint = step.failpoint() + '@' + sequence;
        Process process = Forks.java(List.of("-Dmillrace.failpoint=" + failpoint), Worker.class, directory.toString());
        String output = Forks.output(process);
        assertEquals(Failpoint.EXIT_STATUS, process.waitFor(), failpoint + ' ' + output);
    }

    private void check(long eventCount) throws Exception {
        try (Journal journal = Journals.open(directory);
                Pipeline pipeline = SnapshotRun.start(journal)) {
            assertEquals(List.of(), journal.snapshots().passedOver());
            assertEquals(new SnapshotDirectory(directory).sequences().get(2), pipeline.snapshotSequence());
            SnapshotRun.publish(pipeline, 0, eventCount);
            assertTrue(pipeline.recoveredCount() <= 2 * EVENTS_PER_SNAPSHOT, () -> "tail=" + pipeline.recoveredCount());
            assertEquals(SnapshotRun.replayedOutputs(directory), SnapshotRun.outputs(directory));
        }
    }

    /** Publishes all events again from the first, as a client that knows nothing, and takes snapshots on the way. */
    static final class Worker {
        private Worker() {}

        public static void main(String[] arguments) {
            try (Journal journal = Journals.open(Path.of(arguments[0]));
                    Pipeline pipeline = SnapshotRun.start(journal)) {
                for (long from = 0; ; from += EVENTS_PER_SNAPSHOT) {
                    long accepted = pipeline.admitted().sequence();
                    SnapshotRun.publish(pipeline, from, from + EVENTS_PER_SNAPSHOT);
                    if (pipeline.admitted().sequence() > accepted) {
                        SnapshotRun.snapshot(pipeline);
                    }
                }
            }
        }
    }
}
