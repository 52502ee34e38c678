package io.millrace;

import static io.millrace.PipelineTest.TIMEOUT_NS;
import static io.millrace.PipelineTest.TYPE;
import static io.millrace.PipelineTest.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ring.Level;
import io.millrace.ring.SyncPolicy;
import io.millrace.ring.ThreadPlan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nothing is said of an event before it is true. */
final class AcknowledgementTest {
    private static final int EVENT_COUNT = 500;

    private final MemoryStore store = new MemoryStore();
    private final List<String> tooEarly = Collections.synchronizedList(new ArrayList<>());

    private Pipeline pipeline(ThreadPlan plan, Level gate) {
        return Pipeline.create(context(plan, gate));
    }

    private PipelineContext context(ThreadPlan plan, Level gate) {
        return new PipelineContext()
                .threadPlan(plan)
                .waitStrategy("block")
                .ringCapacity(16)
                .gate(gate)
                .operator(new SumOperator("sum"))
                .store(store);
    }

    private void publishAll(Pipeline pipeline) {
        for (int i = 0; i < EVENT_COUNT; i++) {
            while (pipeline.publisher().publish(event(i, 1)) < 0) {
                if (pipeline.threadPlan() == ThreadPlan.INVOKED) {
                    pipeline.doWork();
                }
            }
        }
        assertTrue(pipeline.awaitDrained(TIMEOUT_NS), () -> String.valueOf(pipeline.fault()));
        assertEquals(List.of(), tooEarly);
    }

    private void note(String what, long cursorSequence, long safeSequence) {
        if (cursorSequence > safeSequence) {
            tooEarly.add(what + "=" + cursorSequence + ", safe=" + safeSequence);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FUSED", "SPLIT", "PIPELINED", "INVOKED"})
    void shouldNotSayJournaledBeforeTheFrameIsCommitted(ThreadPlan plan) {
        try (Pipeline pipeline = pipeline(plan, Level.JOURNALED)) {
            store.journal.beforeCommit =
                    () -> note("journaled", pipeline.journaled().sequence(), store.journal.records.size() - 1);
            pipeline.start();
            publishAll(pipeline);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FUSED", "SPLIT", "PIPELINED", "INVOKED"})
    void shouldNotSaySyncedBeforeTheSyncIsBack(ThreadPlan plan) {
        long[] safe = {-1};
        try (Pipeline pipeline = pipeline(plan, Level.SYNCED)) {
            store.journal.beforeSync = () -> {
                note("synced", pipeline.synced().sequence(), safe[0]);
                safe[0] = Math.max(safe[0], pipeline.journaled().sequence());
            };
            pipeline.start();
            publishAll(pipeline);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FUSED", "SPLIT", "PIPELINED", "INVOKED"})
    void shouldSayNeitherJournaledNorSyncedBeforeTheBatchIsSynced(ThreadPlan plan) {
        try (Pipeline pipeline = Pipeline.create(context(plan, Level.JOURNALED).syncPolicy(SyncPolicy.PER_BATCH))) {
            pipeline.onLevel(Level.JOURNALED, (t, sequence) -> note("told", sequence, store.journal.durableCount - 1));
            store.journal.beforeSync =
                    () -> note("journaled", pipeline.journaled().sequence(), store.journal.durableCount - 1);
            pipeline.subscribe(TYPE, "events", e -> note("event", e.sequence(), store.journal.durableCount - 1));
            pipeline.start();
            publishAll(pipeline);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FUSED", "SPLIT", "PIPELINED", "INVOKED"})
    void shouldTellAListenerOnlyWhatIsTrue(ThreadPlan plan) {
        long[] told = {-1};
        try (Pipeline pipeline = pipeline(plan, Level.SYNCED)) {
            pipeline.onLevel(
                    Level.JOURNALED, (t, sequence) -> note("journaled", sequence, store.journal.committedCount() - 1));
            pipeline.onLevel(Level.SYNCED, (ticket, sequence) -> {
                note("synced", sequence, store.journal.durableCount - 1);
                told[0] = ticket;
            });
            pipeline.start();
            publishAll(pipeline);
        }
        assertEquals(EVENT_COUNT - 1, told[0]);
    }

    @ParameterizedTest
    @EnumSource(names = {"FUSED", "SPLIT", "PIPELINED", "INVOKED"})
    void shouldNotLetAnythingOutBeforeItsCauseIsJournaled(ThreadPlan plan) {
        try (Pipeline pipeline = pipeline(plan, Level.JOURNALED)) {
            pipeline.subscribe(TYPE, "events", e -> note("event", e.sequence(), store.journal.committedCount() - 1));
            pipeline.subscribe(
                    SumOperator.TYPE, "sums", e -> note("output", e.idLo(), store.journal.committedCount() - 1));
            pipeline.start();
            publishAll(pipeline);
        }
    }
}
