package io.millrace.journal.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.Pipeline;
import io.millrace.PipelineContext;
import io.millrace.event.Event;
import io.millrace.event.Outputs;
import io.millrace.journal.Journal;
import io.millrace.ring.SnapshotPolicy;
import io.millrace.ring.ThreadPlan;
import io.millrace.rule.CompiledRule;
import io.millrace.rule.RuleSettings;
import io.millrace.state.Operator;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules in a journal of files: replays, a follower's snapshots and recoveries have them where live had them. */
final class RuleReplayTest {
    private static final long TIMEOUT_NS = 20_000_000_000L;

    @TempDir
    private Path directory;

    private static PipelineContext live() {
        return new PipelineContext()
                .threadPlan(ThreadPlan.FUSED)
                .ringCapacity(256)
                .operator(new Steps.Sum(5))
                .rules(new RuleSettings(
                        (name, text) ->
                                new CompiledRule(new Named(name, new Steps.Sum(Long.parseLong(text.trim()))), 8),
                        8,
                        64));
    }

    /** A sum under the name of a rule. */
    private record Named(String name, Steps.Sum sum) implements Operator {
        @Override
        public int maxOutputsPerStep() {
            return sum.maxOutputsPerStep();
        }

        @Override
        public boolean advanceTo(long watermarkNs, boolean idle, Outputs outputs) {
            return sum.advanceTo(watermarkNs, idle, outputs);
        }

        @Override
        public void onEvent(Event event, Outputs outputs) {
            sum.onEvent(event, outputs);
        }

        @Override
        public long nextDeadlineNs() {
            return sum.nextDeadlineNs();
        }

        @Override
        public void save(StateWriter writer) {
            sum.save(writer);
        }

        @Override
        public void load(StateReader reader) {
            sum.load(reader);
        }
    }

    private static void publish(Pipeline pipeline, long from, long to) {
        for (long number = from; number < to; number++) {
            while (pipeline.publisher().publish(Steps.event(number)) < 0) {
                Thread.onSpinWait();
            }
        }
    }

    private static long made(Pipeline pipeline, CompletableFuture<Long> change) {
        while (!change.isDone()) {
            pipeline.publisher().onIdle(0);
            assertNull(pipeline.fault());
            Thread.onSpinWait();
        }
        return change.join();
    }

    private void run(Pipeline pipeline) {
        publish(pipeline, 0, 1000);
        made(pipeline, pipeline.rules().deploy("first", "3"));
        publish(pipeline, 1000, 2000);
        made(pipeline, pipeline.rules().deploy("warm", "2" + " ".repeat(400), 500));
        publish(pipeline, 2000, 3000);
        made(pipeline, pipeline.rules().pause("first"));
        publish(pipeline, 3000, 4000);
        made(pipeline, pipeline.rules().undeploy("first"));
        publish(pipeline, 4000, 5000);
        assertTrue(pipeline.awaitDrained(TIMEOUT_NS));
    }

    @Test
    void shouldReplayFromTheBeginningAndFromSnapshotsOfAFollower() {
        long stateHash;
        try (Journal journal = Journal.open(Steps.journal(directory));
                Pipeline pipeline = Pipeline.create(live().store(journal))) {
            pipeline.start();
            try (Follower follower =
                    new Follower(journal, live(), new SnapshotPolicy(700, 0, 0), pipeline.emitted()::sequence, 1)) {
                follower.start();
                run(pipeline);
                while (follower.snapshotSequence() < 4000) {
                    assertNull(follower.fault(), () -> String.valueOf(follower.fault()));
                    Thread.onSpinWait();
                }
            }
            stateHash = pipeline.stateHash();
        }

        ReplayComparison compared = ReplayComparison.run(directory, RuleReplayTest::live, ReplayRange.ALL);
        assertNull(compared.divergence(), () -> String.valueOf(compared.divergence()));
        assertTrue(compared.stateCount() > 0);
        assertEquals(stateHash, compared.stateHash());
        try (Journal journal = Journal.open(Steps.journal(directory));
                Pipeline pipeline = Pipeline.create(live().store(journal))) {
            pipeline.start();
            assertTrue(pipeline.snapshotSequence() >= 4000);
            assertEquals(stateHash, pipeline.stateHash());
            assertEquals("warm", pipeline.rules().list().get(0).name());
        }
    }
}
