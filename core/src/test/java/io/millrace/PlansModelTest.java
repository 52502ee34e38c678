package io.millrace;

import static io.millrace.PipelineTest.TIMEOUT_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.event.MutableEvent;
import io.millrace.pattern.Match;
import io.millrace.ring.ThreadPlan;
import io.millrace.ring.WaitStrategy;
import io.millrace.window.WindowResult;
import io.millrace.workload.Corridor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the plan, the batches and the waits: the same outputs in the same order, and the same state. */
final class PlansModelTest {
    private static final List<MutableEvent> EVENTS = Corridor.events(3_000);

    private record Result(List<String> outbox, List<String> delivered, int journaled, long stateHash) {}

    private static Result expected;

    @BeforeAll
    static void runOneByOne() {
        expected = run(new PipelineContext().threadPlan(ThreadPlan.INVOKED).maxBatchCount(1));

        assertTrue(expected.outbox.size() > 2_000, () -> "outputs=" + expected.outbox.size());
        assertTrue(expected.journaled < EVENTS.size(), () -> "journaled=" + expected.journaled);
        assertEquals(expected.outbox, expected.delivered);
    }

    private static Stream<Arguments> all() {
        List<Arguments> all = new ArrayList<>();
        for (ThreadPlan plan : List.of(ThreadPlan.FUSED, ThreadPlan.SPLIT, ThreadPlan.PIPELINED)) {
            for (String wait : WaitStrategy.names()) {
                for (int maxBatchCount : new int[] {1, 7, 512}) {
                    all.add(Arguments.of(plan, wait, maxBatchCount));
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldGiveTheSameOutputsAndState(ThreadPlan plan, String wait, int maxBatchCount) {
        Result result = run(new PipelineContext()
                .threadPlan(plan)
                .waitStrategy(wait)
                .force(true)
                .maxBatchCount(maxBatchCount));

        assertEquals(expected.outbox, result.outbox);
        assertEquals(expected.delivered, result.delivered);
        assertEquals(expected.journaled, result.journaled);
        assertEquals(expected.stateHash, result.stateHash);
    }

    /** Threads that spin on few cores hand over once in a time slice: they get rings that need fewer of them. */
    private static Result run(PipelineContext context) {
        boolean isSpinning = WaitStrategy.named(context.waitStrategy()).isBusySpinning();
        MemoryStore store = new MemoryStore();
        List<String> delivered = new ArrayList<>();
        Corridor.operators(context)
                .ringCapacity(isSpinning ? 1024 : 64)
                .outputRingCapacity(isSpinning ? 512 : 16)
                .store(store);
        try (Pipeline pipeline = Pipeline.create(context)) {
            pipeline.subscribe(WindowResult.TYPE_ID, "windows", e -> delivered.add(Corridor.describe(e)));
            pipeline.subscribe(Match.TYPE_ID, "matches", e -> delivered.add(Corridor.describe(e)));
            pipeline.start();
            EVENTS.forEach(event -> publish(pipeline, event));
            assertTrue(pipeline.awaitDrained(TIMEOUT_NS), () -> String.valueOf(pipeline.fault()));
            pipeline.publisher().end();
            assertTrue(pipeline.awaitDrained(TIMEOUT_NS), () -> String.valueOf(pipeline.fault()));
            List<String> outbox =
                    store.outbox.records.stream().map(Corridor::describe).toList();
            return new Result(outbox, delivered, store.journal.records.size(), pipeline.stateHash());
        }
    }

    private static void publish(Pipeline pipeline, MutableEvent event) {
        long ticket = pipeline.publisher().publish(event);
        while (ticket == Publisher.BACK_PRESSURED) {
            if (pipeline.threadPlan() != ThreadPlan.INVOKED || pipeline.doWork() == 0) {
                Thread.yield();
            }
            ticket = pipeline.publisher().publish(event);
        }
        assertTrue(ticket >= 0, () -> "fault=" + pipeline.fault());
    }
}
