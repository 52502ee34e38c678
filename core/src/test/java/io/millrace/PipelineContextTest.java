package io.millrace;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.event.Event;
import io.millrace.event.EventType;
import io.millrace.event.Outputs;
import io.millrace.ring.EventRing;
import io.millrace.ring.Level;
import io.millrace.ring.SyncPolicy;
import io.millrace.ring.ThreadPlan;
import io.millrace.state.Operator;
import io.millrace.stream.FeedingOperator;
import io.millrace.stream.StreamBuilder;
import io.millrace.stream.StreamOperator;
import io.millrace.window.ReorderBuffer;
import io.millrace.window.ReorderSpec;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Every refusal says what is wrong, what would be right, and what to do. */
final class PipelineContextTest {
    private static void assertRefused(Consumer<PipelineContext> setting, String message) {
        PipelineContext context = new PipelineContext();
        setting.accept(context);
        assertMessage(message, () -> Pipeline.create(context));
    }

    private static void assertMessage(String message, Executable refused) {
        assertEquals(message, assertThrows(RuntimeException.class, refused).getMessage());
    }

    private static String range(String setting, long value, long min, long max) {
        return "cannot build pipeline: " + setting + '=' + value + " (expected: " + min + " to " + max + "); set "
                + setting + " in that range";
    }

    @Test
    void shouldRefuseWhatIsOutOfRange() {
        assertRefused(c -> c.maxPayloadLength(-1), range("maxPayloadLength", -1, 0, 1 << 20));
        assertRefused(c -> c.maxPayloadLength((1 << 20) + 1), range("maxPayloadLength", (1 << 20) + 1, 0, 1 << 20));
        assertRefused(c -> c.maxOutputPayloadLength(-1), range("maxOutputPayloadLength", -1, 0, 1 << 20));
        assertRefused(c -> c.maxBatchCount(0), range("maxBatchCount", 0, 1, 1 << 20));
        assertRefused(c -> c.subscriberAttempts(0), range("subscriberAttempts", 0, 1, 1000));
        assertRefused(c -> c.outOfOrdernessNs(-1), range("outOfOrdernessNs", -1, 0, Long.MAX_VALUE / 4));
        assertRefused(c -> c.reorderCapacity(0), range("reorderCapacity", 0, 1, 1 << 24));
        assertRefused(c -> c.maxSkewNs(-1), range("maxSkewNs", -1, 0, Long.MAX_VALUE / 4));
        assertRefused(c -> c.unblockTimeoutNs(0), range("unblockTimeoutNs", 0, 1, Long.MAX_VALUE));
        assertRefused(c -> c.spinningPublisherCount(-1), range("spinningPublisherCount", -1, 0, 1000));
    }

    @Test
    void shouldRefuseAReorderBufferOfShorterEvents() {
        Operator buffer = new ReorderBuffer(new SumOperator("sum"), ReorderSpec.of(8, 100));

        assertRefused(
                c -> c.operator(buffer).maxPayloadLength(101),
                "cannot build pipeline: the reorder buffer of operator " + buffer.name() + " takes maxPayloadLength=100"
                        + " (expected: >= maxPayloadLength=101 of the pipeline); raise it, or lower the pipeline's");
    }

    @Test
    void shouldRefuseAGateThatNobodySyncs() {
        assertRefused(
                c -> c.gate(Level.SYNCED).syncPolicy(SyncPolicy.NONE),
                "cannot build pipeline: syncPolicy=NONE with gate=SYNCED (expected: GROUP, PER_BATCH or an interval);"
                        + " choose another syncPolicy, or gate=JOURNALED");
        assertEquals(SyncPolicy.GROUP, new PipelineContext().gate(Level.SYNCED).syncPolicy());
        assertEquals(
                SyncPolicy.GROUP,
                new PipelineContext().outcomeLevel(Level.SYNCED).syncPolicy());
        assertEquals(SyncPolicy.NONE, new PipelineContext().syncPolicy());
    }

    @Test
    void shouldNameTheNearestPowerOfTwo() {
        String tail = " (expected: power of two, 2 to 1073741824); set ";
        assertRefused(
                c -> c.ringCapacity(1000), "cannot build pipeline: ringCapacity=1000" + tail + "ringCapacity=1024");
        assertRefused(c -> c.ringCapacity(0), "cannot build pipeline: ringCapacity=0" + tail + "ringCapacity=2");
        assertRefused(c -> c.ringCapacity(-8), "cannot build pipeline: ringCapacity=-8" + tail + "ringCapacity=2");
        assertRefused(
                c -> c.ringCapacity(Integer.MAX_VALUE),
                "cannot build pipeline: ringCapacity=2147483647" + tail + "ringCapacity=1073741824");
        assertRefused(
                c -> c.outputRingCapacity(5),
                "cannot build pipeline: outputRingCapacity=5" + tail + "outputRingCapacity=4");
        assertRefused(
                c -> c.frontRingLength(3), "cannot build pipeline: frontRingLength=3" + tail + "frontRingLength=4");
        assertEquals(2, EventRing.nearestCapacity(1));
        assertEquals(4, EventRing.nearestCapacity(4));
        assertEquals(8, EventRing.nearestCapacity(6));
    }

    @Test
    void shouldRefuseRingsThatNobodyHasMemoryFor() {
        assertRefused(
                c -> c.ringCapacity(1 << 24),
                "cannot build ring: ringCapacity=16777216 slots of 256 bytes = 4294967296 bytes"
                        + " (expected: <= 1073741824); lower ringCapacity or maxPayloadLength");
        assertRefused(
                c -> c.outputRingCapacity(1 << 23),
                "cannot build ring: outputRingCapacity=8388608 slots of 512 bytes = 4294967296 bytes"
                        + " (expected: <= 1073741824); lower outputRingCapacity or maxOutputPayloadLength");
    }

    @Test
    void shouldRefuseOperatorsThatCannotBeToldApart() {
        assertRefused(
                c -> c.operator(new SumOperator("sum")).operator(new SumOperator("sum")),
                "cannot build pipeline: operator name=sum is used twice (expected: each name once);"
                        + " rename one of them");
    }

    @Test
    void shouldRefuseAnOperatorThatWritesMoreThanTheOutputRingHolds() {
        assertRefused(
                c -> c.operator(new SumOperator("sum")).outputRingCapacity(2),
                "cannot build pipeline: operator sum writes maxOutputsPerStep=4 (expected: <= outputRingCapacity=2);"
                        + " raise outputRingCapacity");
        assertDoesNotThrow(() -> Pipeline.create(
                new PipelineContext().operator(new SumOperator("sum")).outputRingCapacity(4)));
    }

    @Test
    void shouldRefuseRecordsThatAFrameDoesNotTake() {
        MemoryStore store = new MemoryStore();
        store.journal.maxRecordLength = 255;
        store.outbox.maxRecordLength = 255;
        assertRefused(
                c -> c.store(store),
                "cannot build pipeline: maxPayloadLength=192 (expected: <= 191, what a frame of the journal takes);"
                        + " lower it, or raise frameLength");
        assertRefused(
                c -> c.store(store).maxPayloadLength(191),
                "cannot build pipeline: maxOutputPayloadLength=448"
                        + " (expected: <= 191, what a frame of the outbox takes); lower it, or raise frameLength");
        assertDoesNotThrow(() -> Pipeline.create(
                new PipelineContext().store(store).maxPayloadLength(191).maxOutputPayloadLength(191)));
    }

    @Test
    void shouldRefuseAWaitStrategyThatNobodyKnows() {
        assertRefused(
                c -> c.waitStrategy("busyspin"),
                "cannot choose wait strategy: waitStrategy=busyspin (expected: busy-spin, yield, adaptive, park,"
                        + " block); did you mean busy-spin?");
    }

    @Test
    void shouldRefuseALevelThatNeedsAStore() {
        assertRefused(
                c -> c.outcomeLevel(Level.SYNCED),
                "cannot build pipeline: outcomeLevel=SYNCED without a store (expected: PUBLISHED); set a store, or"
                        + " outcomeLevel=PUBLISHED");
        try (Pipeline pipeline = Pipeline.create(new PipelineContext().threadPlan(ThreadPlan.INVOKED))) {
            pipeline.start();
            assertMessage(
                    "cannot await level=JOURNALED: the pipeline has no store (expected: PUBLISHED); give it a journal",
                    () -> pipeline.awaitLevel(0, Level.JOURNALED, 0));
        }
    }

    @Test
    void shouldRefuseMoreSpinningThreadsThanCoresLessOne() {
        PipelineContext context = new PipelineContext()
                .threadPlan(ThreadPlan.PIPELINED)
                .waitStrategy("busy-spin")
                .spinningPublisherCount(1);

        assertMessage(
                "cannot build pipeline: busy-spinning threads=6 (4 stage threads of plan PIPELINED with waitStrategy"
                        + " busy-spin, 2 publishers; expected: <= 5, the cores=6 less one); choose waitStrategy"
                        + " adaptive, a plan with fewer threads, or force",
                () -> context.requireCores(6, 1));
        context.requireCores(6, 0);
        context.force(true).requireCores(1, 1);
    }

    @Test
    void shouldCountOnlyThreadsThatSpin() {
        PipelineContext context = new PipelineContext().threadPlan(ThreadPlan.PIPELINED);

        context.requireCores(1, 1);
        context.threadPlan(ThreadPlan.FUSED).waitStrategy("busy-spin").requireCores(2, 0);
        assertThrows(IllegalArgumentException.class, () -> context.requireCores(2, 1));
        assertThrows(IllegalArgumentException.class, () -> context.requireCores(1, 0));
        context.threadPlan(ThreadPlan.INVOKED).requireCores(1, 1);
    }

    @Test
    void shouldNotBeUsedTwice() {
        PipelineContext context = new PipelineContext().name("one").threadPlan(ThreadPlan.INVOKED);
        Pipeline.create(context);

        assertMessage("context concluded twice: name=one; make one for each pipeline", () -> Pipeline.create(context));
        assertMessage(
                "cannot change a concluded context: name=one; make a new one for another pipeline",
                () -> context.maxBatchCount(1));
    }

    @Test
    void shouldRefuseWhatComesTooEarlyOrTooLate() {
        Pipeline pipeline = Pipeline.create(new PipelineContext().name("p").threadPlan(ThreadPlan.FUSED));
        assertMessage(
                "cannot subscribe far: typeId=65536 (expected: 0 to 65535); take the id of an event type or of"
                        + " an output",
                () -> pipeline.subscribe(65_536, "far", e -> {}));
        assertMessage("pipeline=p is not started; call start first", pipeline::fault);
        pipeline.start();
        assertMessage(
                "cannot subscribe: pipeline=p is started or closed (expected: before start)",
                () -> pipeline.subscribe(1, "late", e -> {}));
        assertMessage("cannot start: pipeline=p is started or closed (expected: before start)", pipeline::start);
        assertMessage(
                "pipeline=p has one writer; call publishConcurrently before start", pipeline::concurrentPublisher);
        assertMessage(
                "cannot poll: threadPlan=FUSED (expected: INVOKED); the pipeline's threads do it", pipeline::doWork);
        pipeline.close();
    }

    @Test
    void shouldRefuseThePublisherOfAPipelineThatPublishesConcurrently() {
        try (Pipeline pipeline = Pipeline.create(new PipelineContext().name("p").threadPlan(ThreadPlan.INVOKED))) {
            pipeline.publishConcurrently((id, outcome) -> {});
            pipeline.start();

            assertMessage(
                    "pipeline=p publishes concurrently: its sequencer is the one writer; use concurrentPublisher()",
                    pipeline::publisher);
        }
    }

    @Test
    void shouldRefuseAFrontRingThatOneEventDoesNotFit() {
        PipelineContext context = new PipelineContext().frontRingLength(1024).threadPlan(ThreadPlan.INVOKED);
        try (Pipeline pipeline = Pipeline.create(context)) {
            pipeline.publishConcurrently((id, outcome) -> {});

            assertMessage(
                    "cannot build front ring: frontRingLength=1024 takes messages of 128 bytes (expected: at least 264,"
                            + " for maxPayloadLength=192); raise frontRingLength",
                    pipeline::start);
        }
    }

    /** Writes what it should not. */
    private static final class Greedy extends SumOperator {
        private final int claimCount;
        private final int payloadLength;

        Greedy(int claimCount, int payloadLength) {
            super("greedy");
            this.claimCount = claimCount;
            this.payloadLength = payloadLength;
        }

        @Override
        public void onEvent(Event event, Outputs outputs) {
            for (int i = 0; i < claimCount; i++) {
                outputs.claim(TYPE, payloadLength);
                outputs.commit();
            }
            if (claimCount == 0) {
                outputs.commit();
            }
        }
    }

    private static String faultOf(SumOperator operator) {
        try (Pipeline pipeline =
                Pipeline.create(new PipelineContext().operator(operator).threadPlan(ThreadPlan.INVOKED))) {
            pipeline.start();
            pipeline.publisher().publish(PipelineTest.event(1, 1));
            pipeline.awaitDrained(PipelineTest.TIMEOUT_NS);
            return String.valueOf(pipeline.fault().cause().getMessage());
        }
    }

    @Test
    void shouldHaltAnOperatorThatWritesMoreThanItSaid() {
        assertEquals(
                "cannot claim output: typeId=60500, payloadLength=0 (expected: 0 to 448), places left in this step=0"
                        + " (expected: > 0); raise maxOutputsPerStep or maxOutputPayloadLength",
                faultOf(new Greedy(5, 0)));
        assertEquals(
                "cannot claim output: typeId=60500, payloadLength=449 (expected: 0 to 448), places left in this step=4"
                        + " (expected: > 0); raise maxOutputsPerStep or maxOutputPayloadLength",
                faultOf(new Greedy(1, 449)));
        assertEquals("cannot commit output: none is claimed (expected: one); claim first", faultOf(new Greedy(0, 0)));
    }

    @Test
    void shouldRefuseAnOperatorBeforeThatWhichFeedsIt() {
        EventType type = EventType.opaque(7, "Departure");
        FeedingOperator sums = new FeedingOperator(new SumOperator("sums"));
        StreamBuilder builder = StreamBuilder.named("reader");
        builder.from(sums, type).putOut();
        StreamOperator reader = builder.build();

        assertRefused(
                c -> c.operator(new SumOperator("a")).operator(reader).operator(sums),
                "cannot build pipeline: operator reader takes outputs of operator=sums (expected: one of those added"
                        + " before it, [a, reader]); add that one first");
        assertDoesNotThrow(
                () -> Pipeline.create(new PipelineContext().operator(sums).operator(reader))
                        .close());
    }
}
