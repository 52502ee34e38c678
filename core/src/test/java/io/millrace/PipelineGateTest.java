package io.millrace;

import static io.millrace.PipelineTest.TIMEOUT_NS;
import static io.millrace.PipelineTest.TYPE;
import static io.millrace.PipelineTest.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ring.Level;
import io.millrace.ring.ThreadPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every gate in every plan, with a store and without, events wanted or only outputs: nothing waits for itself. */
final class PipelineGateTest {
    private static Stream<Arguments> gates() {
        List<Arguments> all = new ArrayList<>();
        for (ThreadPlan plan : List.of(ThreadPlan.FUSED, ThreadPlan.SPLIT, ThreadPlan.PIPELINED, ThreadPlan.INVOKED)) {
            for (Level gate : Level.values()) {
                for (boolean isStored : new boolean[] {true, false}) {
                    for (boolean isEventWanted : new boolean[] {true, false}) {
                        all.add(Arguments.of(plan, gate, isStored, isEventWanted));
                    }
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("gates")
    void shouldLetEventsThroughThatFillTheOutputRingManyTimes(
            ThreadPlan plan, Level gate, boolean isStored, boolean isEventWanted) {
        AtomicLong outputs = new AtomicLong();
        MemoryStore store = new MemoryStore();
        PipelineContext context = new PipelineContext()
                .threadPlan(plan)
                .waitStrategy("block")
                .gate(gate)
                .ringCapacity(4)
                .outputRingCapacity(4)
                .maxBatchCount(3)
                .operator(new SumOperator("sum"));
        if (isStored) {
            context.store(store);
        }
        try (Pipeline pipeline = Pipeline.create(context)) {
            pipeline.subscribe(SumOperator.TYPE, "sums", e -> outputs.incrementAndGet());
            if (isEventWanted) {
                pipeline.subscribe(TYPE, "events", e -> {});
            }
            pipeline.start();
            for (int i = 0; i < 40; i++) {
                publish(pipeline, i, i % 10 == 3 ? 1_100 : 1);
            }

            assertTrue(pipeline.awaitDrained(TIMEOUT_NS), () -> String.valueOf(pipeline.fault()));
            assertNull(pipeline.fault());
            assertEquals(40 + 4 * 100, outputs.get());
            assertEquals(isStored ? 40 : 0, store.journal.records.size());
            for (int i = 0; i < store.journal.records.size(); i++) {
                assertEquals(i, store.journal.records.get(i).idLo());
                assertEquals(i, store.journal.records.get(i).sequence());
            }
        }
    }

    private static void publish(Pipeline pipeline, int id, long key) {
        while (pipeline.publisher().publish(event(id, key)) == Publisher.BACK_PRESSURED) {
            if (pipeline.threadPlan() == ThreadPlan.INVOKED) {
                pipeline.doWork();
            } else {
                Thread.yield();
            }
        }
    }
}
