package io.millrace;

import static io.millrace.PipelineTest.TIMEOUT_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.ring.OperatorIds;
import io.millrace.ring.PipelineFailedException;
import io.millrace.ring.Replayer;
import io.millrace.ring.Rules;
import io.millrace.ring.ThreadPlan;
import io.millrace.rule.CompiledRule;
import io.millrace.rule.RuleException;
import io.millrace.rule.RuleSettings;
import io.millrace.rule.RuleStatus;
import io.millrace.workload.Corridor;
import io.millrace.workload.CorridorRules;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rules that are deployed, replaced, paused and taken away while a pipeline runs. */
final class RulesTest {
    private final MemoryStore store = new MemoryStore().withSnapshots();

    private PipelineContext context() {
        return new PipelineContext()
                .threadPlan(ThreadPlan.INVOKED)
                .ringCapacity(64)
                .maxBatchCount(8)
                .operator(new SumOperator("all"), "all")
                .rules(CorridorRules.SETTINGS)
                .store(store);
    }

    private static MutableEvent event(long number) {
        return MutableEvent.allocate(0).id(1, number).key(number).typeId(7).timestampNs(number);
    }

    private static Pipeline start(PipelineContext context) {
        Pipeline pipeline = Pipeline.create(context);
        pipeline.start();
        return pipeline;
    }

    private static void publish(Pipeline pipeline, long from, long to) {
        for (long number = from; number < to; number++) {
            assertTrue(pipeline.publisher().publish(event(number)) >= 0);
            assertTrue(pipeline.awaitDrained(TIMEOUT_NS), () -> String.valueOf(pipeline.fault()));
        }
    }

    private static long made(Pipeline pipeline, CompletableFuture<Long> change) {
        pipeline.publisher().onIdle(0);
        while (!change.isDone()) {
            assertTrue(pipeline.awaitDrained(TIMEOUT_NS), () -> String.valueOf(pipeline.fault()));
        }
        return change.join();
    }

    /** {@return the keys of what an operator put out: running sums} */
    private List<Long> outputs(String operator) {
        return store.outbox.records.stream()
                .filter(output -> (output.idHi() >>> 32 & 0xFFFF) == OperatorIds.idOf(operator))
                .map(Event::key)
                .toList();
    }

    private void assertReplayGivesTheSame() {
        List<String> outputs = new ArrayList<>();
        Replayer replayer = Pipeline.replayer(context(), output -> outputs.add(Corridor.describe(output)));
        replayer.follow(store.controls());
        replayer.readBackFrom(store::reader);
        store.replay(replayer::take);
        replayer.flush();
        assertEquals(store.outbox.records.stream().map(Corridor::describe).toList(), outputs);
    }

    @ParameterizedTest
    @EnumSource(value = ThreadPlan.class, names = "AUTO", mode = EnumSource.Mode.EXCLUDE)
    void shouldTakePartBetweenTwoSequences(ThreadPlan plan) {
        try (Pipeline pipeline = start(context().threadPlan(plan))) {
            publish(pipeline, 0, 3);
            assertEquals(3, made(pipeline, pipeline.rules().deploy("late", "sum")));
            publish(pipeline, 10, 12);
            assertEquals(6, made(pipeline, pipeline.rules().undeploy("late")));
            publish(pipeline, 20, 21);
        }

        assertEquals(List.of(10L, 21L), outputs("late"));
        assertEquals(6, outputs("all").size());
        assertReplayGivesTheSame();
    }

    @Test
    void shouldKeepStateWhilePausedAndSeeNothing() {
        try (Pipeline pipeline = start(context())) {
            made(pipeline, pipeline.rules().deploy("r", "sum"));
            publish(pipeline, 1, 3);
            made(pipeline, pipeline.rules().pause("r"));
            publish(pipeline, 3, 5);
            made(pipeline, pipeline.rules().resume("r"));
            publish(pipeline, 5, 6);
        }

        assertEquals(List.of(1L, 3L, 8L), outputs("r"));
        assertReplayGivesTheSame();
    }

    @Test
    void shouldReplaceWithAndWithoutState() {
        try (Pipeline pipeline = start(context())) {
            made(pipeline, pipeline.rules().deploy("r", "sum"));
            publish(pipeline, 1, 3);
            made(pipeline, pipeline.rules().replace("r", "sum # with state", true));
            publish(pipeline, 3, 4);
            made(pipeline, pipeline.rules().replace("r", "sum # without", false));
            publish(pipeline, 4, 5);
        }

        assertEquals(List.of(1L, 3L, 6L, 4L), outputs("r"));
        assertReplayGivesTheSame();
    }

    @Test
    void shouldReplaceNothingWhereTheStateDoesNotFit() {
        try (Pipeline pipeline = start(context())) {
            made(pipeline, pipeline.rules().deploy("r", "sum"));
            CompletableFuture<Long> replaced = pipeline.rules().replace("r", "window 5", true);

            Exception refused = assertThrows(RuntimeException.class, () -> made(pipeline, replaced));
            assertTrue(
                    refused.getMessage().contains("cannot replace rule: name=r: its state does not fit the new text"),
                    refused::getMessage);
            publish(pipeline, 1, 3);
            assertEquals("sum", pipeline.rules().list().get(0).text());
        }

        assertEquals(List.of(1L, 3L), outputs("r"));
        assertReplayGivesTheSame();
    }

    @ParameterizedTest
    @EnumSource(value = ThreadPlan.class, names = "AUTO", mode = EnumSource.Mode.EXCLUDE)
    void shouldHaveSeenTheRecordsItIsWarmedWith(ThreadPlan plan) {
        try (Pipeline pipeline = start(context().threadPlan(plan))) {
            publish(pipeline, 0, 10);
            made(pipeline, pipeline.rules().deploy("r", "sum", 7));
            publish(pipeline, 100, 101);
        }

        assertEquals(List.of(7L + 8 + 9 + 100), outputs("r"));
        assertReplayGivesTheSame();
    }

    @Test
    void shouldBeThereAgainAfterARestartWithAndWithoutASnapshot() {
        List<RuleStatus> rules;
        long stateHash;
        try (Pipeline pipeline = start(context())) {
            made(pipeline, pipeline.rules().deploy("kept", "sum"));
            made(pipeline, pipeline.rules().deploy("paused", "sum # " + "long ".repeat(100)));
            publish(pipeline, 1, 3);
            made(pipeline, pipeline.rules().pause("paused"));
            pipeline.requestSnapshot();
            made(pipeline, pipeline.rules().deploy("later", "window 5"));
            publish(pipeline, 3, 4);
            rules = pipeline.rules().list();
            stateHash = pipeline.stateHash();
        }

        assertEquals(1, store.snapshots.written.size());
        try (Pipeline pipeline = start(context())) {
            assertTrue(pipeline.snapshotSequence() > 0);
            assertEquals(rules, pipeline.rules().list());
            assertEquals(stateHash, pipeline.stateHash());
        }
        store.snapshots.written.clear();
        try (Pipeline pipeline = start(context())) {
            assertEquals(rules, pipeline.rules().list());
            assertEquals(stateHash, pipeline.stateHash());
        }
    }

    @Test
    void shouldForgetAChangeWhoseLastPartACrashTook() {
        try (Pipeline pipeline = start(context())) {
            publish(pipeline, 0, 3);
            made(pipeline, pipeline.rules().deploy("r", "sum # " + "long ".repeat(100)));
        }
        store.loseTail(store.journal.records.size() - 1, store.outbox.records.size());

        try (Pipeline pipeline = start(context())) {
            assertEquals(List.of(), pipeline.rules().list());
            made(pipeline, pipeline.rules().deploy("r", "sum"));
            publish(pipeline, 3, 4);
        }

        assertEquals(List.of(3L), outputs("r"));
    }

    private static void assertRefused(String message, Supplier<CompletableFuture<Long>> change) {
        RuleException refused = assertThrows(RuleException.class, change::get);
        assertEquals(message, refused.getMessage());
    }

    @Test
    void shouldRefuseBeforeAnythingIsJournaled() {
        try (Pipeline pipeline = start(context())) {
            Rules rules = pipeline.rules();
            made(pipeline, rules.deploy("r", "sum"));
            long before = pipeline.published();

            assertRefused(
                    "cannot compile rule: name=x, text=nonsense (expected: sum, window, fraud)",
                    () -> rules.deploy("x", "nonsense"));
            assertRefused(
                    "cannot deploy rule: name=r is deployed (expected: a new name); replace it, or undeploy it first",
                    () -> rules.deploy("r", "sum"));
            assertRefused(
                    "cannot undeploy rule: name=x (expected: one of [r]); see `rule ls`", () -> rules.undeploy("x"));
            assertRefused("cannot resume rule: name=r is running (expected: the other)", () -> rules.resume("r"));
            assertRefused(
                    "cannot change rule: name=all: operatorId=" + OperatorIds.idOf("all")
                            + " is that of operator all (expected: one operator each); choose another name",
                    () -> rules.deploy("all", "sum"));
            pipeline.publisher().onIdle(0);
            assertEquals(before, pipeline.published());
        }
    }

    @Test
    void shouldRefuseMoreThanTheLimits() {
        RuleSettings one = new RuleSettings(CorridorRules.SETTINGS.compiler(), 1, CorridorRules.RULE_LENGTH);
        try (Pipeline pipeline = start(context().rules(one))) {
            made(pipeline, pipeline.rules().deploy("r", "sum"));

            assertRefused(
                    "cannot change rule: name=s: rules=2 (expected: <= maxCount=1), bytes of all=200 (expected: <="
                            + " maxLength=100); undeploy others, bound it tighter, or raise the limits",
                    () -> pipeline.rules().deploy("s", "sum"));
            made(pipeline, pipeline.rules().replace("r", "sum # again", false));
        }
    }

    @Test
    void shouldTakeOneChangeAtATimeAndFailWhatIsUnderWayWhenItStops() {
        CompletableFuture<Long> under;
        try (Pipeline pipeline = start(context())) {
            under = pipeline.rules().deploy("r", "sum");

            assertRefused(
                    "cannot change rule: name=s: another change is under way (expected: none); ask again when its"
                            + " future is done",
                    () -> pipeline.rules().deploy("s", "sum"));
            assertFalse(under.isDone());
        }
        ExecutionException stopped = assertThrows(ExecutionException.class, under::get);
        assertTrue(stopped.getMessage().contains("the pipeline has stopped before APPLY came to it"));
    }

    @Test
    void shouldNotStartWithTheNameOfARuleOrWithoutItsCompiler() {
        try (Pipeline pipeline = start(context())) {
            made(pipeline, pipeline.rules().deploy("r", "sum"));
        }

        PipelineFailedException taken = assertThrows(
                PipelineFailedException.class, () -> start(context().operator(new SumOperator("r"), "new")));
        assertTrue(taken.getMessage().contains("operators \"r\" and \"r\""), taken::getMessage);
        PipelineFailedException unknown = assertThrows(
                PipelineFailedException.class, () -> start(context().rules(null)));
        assertTrue(unknown.getMessage().contains("cannot replay rule: name=r, sequence=0"), unknown::getMessage);
        assertTrue(unknown.getMessage().contains("set PipelineContext.rules"), unknown::getMessage);
    }

    /** The newest snapshot still has it as a rule. */
    @Test
    void shouldBecomeAnOperatorOfTheConfigurationWhenItIsUndeployed() {
        try (Pipeline pipeline = start(context())) {
            made(pipeline, pipeline.rules().deploy("r", "sum"));
            publish(pipeline, 1, 3);
            pipeline.requestSnapshot();
            publish(pipeline, 3, 4);
            while (store.snapshots.written.isEmpty()) {
                pipeline.doWork();
            }
            made(pipeline, pipeline.rules().undeploy("r"));
        }

        try (Pipeline pipeline = start(context().operator(new SumOperator("r"), "new"))) {
            publish(pipeline, 10, 11);
        }

        assertEquals(List.of(1L, 3L, 6L, 10L), outputs("r"));
    }

    @Test
    void shouldRefuseACompilerThatChangesTheName() {
        RuleSettings wrong = new RuleSettings((name, text) -> new CompiledRule(new SumOperator("other"), 1), 1, 1);
        try (Pipeline pipeline = start(context().rules(wrong))) {
            assertRefused(
                    "cannot compile rule: name=r, name of its operator=other (expected: the same); correct the"
                            + " compiler",
                    () -> pipeline.rules().deploy("r", "sum"));
        }
    }
}
