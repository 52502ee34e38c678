package io.millrace.journal.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.Pipeline;
import io.millrace.journal.Journal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pipeline is ready when what was is replayed and the warm-up is done, and is then as if there had been none. */
final class WarmUpTest {
    @TempDir
    private Path directory;

    @Test
    void shouldHoldReadinessUntilTheWarmUpIsDone() {
        long stateHash = Steps.run(directory, Steps.context(5), 0, 300);
        List<Boolean> readiness = new ArrayList<>();
        Pipeline[] made = new Pipeline[1];
        try (Journal journal = Journal.open(Steps.journal(directory))) {
            WarmUp warmUp = new WarmUp(journal, () -> Steps.context(5), 200);
            Pipeline pipeline = Pipeline.create(Steps.context(5).store(journal).warmUp(() -> {
                readiness.add(made[0].isReady());
                warmUp.run();
            }));
            made[0] = pipeline;
            assertFalse(pipeline.isReady());

            pipeline.start();

            assertTrue(pipeline.isReady());
            assertEquals(List.of(false), readiness);
            assertEquals(stateHash, pipeline.stateHash());
            pipeline.close();
            assertFalse(pipeline.isReady());
        }
    }

    @Test
    void shouldHaveNothingToDoOnAnEmptyJournal() {
        try (Journal journal = Journal.open(Steps.journal(directory));
                Pipeline pipeline = Pipeline.create(
                        Steps.context(5).store(journal).warmUp(new WarmUp(journal, () -> Steps.context(5), 200)))) {
            pipeline.start();

            assertTrue(pipeline.isReady());
        }
    }
}
