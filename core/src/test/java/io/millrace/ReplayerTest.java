package io.millrace;

import static io.millrace.PipelineTest.TIMEOUT_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.ring.Replayer;
import io.millrace.ring.ThreadPlan;
import io.millrace.workload.Corridor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A replay gives what the pipeline gave, wherever its batches end. */
final class ReplayerTest {
    private static final MemoryStore LIVE = new MemoryStore();
    private static long stateHash;

    private final List<String> outputs = new ArrayList<>();

    @BeforeAll
    static void runLive() {
        PipelineContext context = Corridor.operators(new PipelineContext()).threadPlan(ThreadPlan.INVOKED);
        try (Pipeline pipeline = Pipeline.create(context.store(LIVE))) {
            pipeline.start();
            for (MutableEvent event : Corridor.events(3_000)) {
                pipeline.publisher().publish(event);
                pipeline.doWork();
            }
            pipeline.publisher().end();
            assertTrue(pipeline.awaitDrained(TIMEOUT_NS));
            stateHash = pipeline.stateHash();
        }
        assertTrue(LIVE.outbox.records.size() > 2_000);
    }

    @ParameterizedTest
    @CsvSource({"1, 16, 64", "7, 16, 64", "512, 16, 64", "512, 4096, 16384"})
    void shouldGiveOutputsAndStateOfThePipeline(int maxBatchCount, int outputRingCapacity, int ringCapacity) {
        Replayer replayer = replayer(new PipelineContext()
                .maxBatchCount(maxBatchCount)
                .outputRingCapacity(outputRingCapacity)
                .ringCapacity(ringCapacity));

        LIVE.replay(0, replayer::take);
        replayer.flush();

        assertEquals(expectedOutputs(), outputs);
        assertEquals(stateHash, replayer.stateHash());
        assertEquals(LIVE.nextSequence() - 1, replayer.sequence());
    }

    @Test
    void shouldTakeRecordsThatAreLongerThanItsSlots() {
        Replayer replayer = replayer(new PipelineContext().maxPayloadLength(0));

        LIVE.replay(0, replayer::take);
        replayer.flush();

        assertEquals(expectedOutputs(), outputs);
        assertEquals(stateHash, replayer.stateHash());
    }

    @ParameterizedTest
    @CsvSource({"1, 2, 192", "7, 64, 192", "512, 16384, 192", "512, 64, 0"})
    void shouldGiveTheSameWhenAnotherThreadReadsAhead(int maxBatchCount, int ringCapacity, int maxPayloadLength) {
        Replayer replayer = replayer(new PipelineContext()
                .maxBatchCount(maxBatchCount)
                .ringCapacity(ringCapacity)
                .maxPayloadLength(maxPayloadLength));

        replayer.takeAll(records -> LIVE.replay(0, records));

        assertEquals(expectedOutputs(), outputs);
        assertEquals(stateHash, replayer.stateHash());
        assertEquals(LIVE.nextSequence() - 1, replayer.sequence());
    }

    @Test
    void shouldGiveEpochsWhenAnotherThreadReadsAhead() {
        Replayer replayer = Pipeline.replayer(sum(new SumOperator("sum")), this::add);

        replayer.takeAll(records -> {
            for (int i = 0; i < 6; i++) {
                records.accept(record(i, 1), i / 2);
            }
        });

        assertEquals(List.of("0", "0", "1", "1", "2", "2"), outputs);
    }

    @Test
    void shouldThrowWhatAnOperatorThrowsAndStopTheReader() {
        SumOperator sum = new SumOperator("sum");
        sum.failure = new IllegalStateException("boom");
        sum.failAtKey = 5;
        Replayer replayer = Pipeline.replayer(sum(sum), this::add);
        AtomicLong readCount = new AtomicLong();

        IllegalStateException e = assertThrows(
                IllegalStateException.class,
                () -> replayer.takeAll(records -> {
                    for (int i = 0; i < 1_000_000_000; i++) {
                        records.accept(record(i, i), 0);
                        readCount.incrementAndGet();
                    }
                }));

        assertEquals("boom", e.getMessage());
        assertEquals(5, replayer.sequence());
        assertTrue(readCount.get() < 1_000_000, () -> "read=" + readCount);
    }

    @Test
    void shouldApplyWhatWasReadBeforeTheSourceThrew() {
        Replayer replayer = Pipeline.replayer(sum(new SumOperator("sum")), this::add);

        IllegalStateException e = assertThrows(
                IllegalStateException.class,
                () -> replayer.takeAll(records -> {
                    for (int i = 0; i < 1_000; i++) {
                        records.accept(record(i, 1), 0);
                    }
                    throw new IllegalStateException("damaged");
                }));

        assertEquals("damaged", e.getMessage());
        assertTrue(replayer.sequence() >= 895, () -> "sequence=" + replayer.sequence());
    }

    @Test
    void shouldGiveOutputsTheEpochOfTheirCause() {
        Replayer replayer = Pipeline.replayer(sum(new SumOperator("sum")), this::add);

        replayer.take(record(0, 1), 0);
        replayer.take(record(1, 1), 3);
        replayer.flush();

        assertEquals(List.of("0", "3"), outputs);
    }

    @Test
    void shouldStandAtTheRecordAtWhichAnOperatorThrows() {
        SumOperator sum = new SumOperator("sum");
        sum.failure = new IllegalStateException("boom");
        sum.failAtKey = 5;
        Replayer replayer = Pipeline.replayer(sum(sum), this::add);

        for (int i = 0; i < 9; i++) {
            replayer.take(record(i, i), 0);
        }

        assertEquals(9, replayer.pendingCount());
        assertThrows(IllegalStateException.class, replayer::flush);
        assertEquals(5, replayer.sequence());
    }

    private Replayer replayer(PipelineContext context) {
        return Pipeline.replayer(Corridor.operators(context), output -> outputs.add(Corridor.describe(output)));
    }

    private static PipelineContext sum(SumOperator operator) {
        return new PipelineContext().operator(operator);
    }

    private void add(Event output) {
        outputs.add(String.valueOf(output.idHi() >>> 48));
    }

    private static Event record(long sequence, long key) {
        return MutableEvent.allocate(8)
                .sequence(sequence)
                .id(1, sequence)
                .key(key)
                .timestampNs(sequence)
                .payload(new UnsafeBuffer(new byte[8]), 0, 8);
    }

    private static List<String> expectedOutputs() {
        return LIVE.outbox.records.stream().map(Corridor::describe).toList();
    }
}
