package io.millrace.bench;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.event.Outputs;
import io.millrace.pattern.PatternOperator;
import io.millrace.pattern.ThresholdOperator;
import io.millrace.state.Operator;
import io.millrace.window.Aggregate;
import io.millrace.window.AggregateOperator;
import io.millrace.window.AggregateSpec;
import io.millrace.window.ReorderBuffer;
import io.millrace.window.ReorderSpec;
import io.millrace.window.Watermark;
import io.millrace.window.Window;
import io.millrace.window.WindowOperator;
import io.millrace.window.WindowSpec;
import io.millrace.workload.Payments;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * An operator on the payments workload, batch by batch as APPLY drives it, without ring and threads; outputs go
 * nowhere. The batches are made beforehand, outside of what is measured.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 2)
public class OperatorBenchmark {
    private static final int BATCH_COUNT = 4096;
    private static final int FILL_BATCH_COUNT = 200;
    private static final long OUT_OF_ORDERNESS_NS = 100_000_000;

    /**
     * The window of Q2, the same by the general operator of windows, the pattern of Q3 or that of Q4, and the one of Q3
     * behind a reorder buffer through which events go at once or in which each waits.
     */
    @Param({"window", "aggregate", "threshold", "sequence", "threshold-in-order", "threshold-reordered"})
    public String operator;

    private final MutableEvent[] batch = new MutableEvent[BATCH_COUNT];
    private final Event[] next = new Event[Operator.MAX_TOUCHED];
    private final Nowhere outputs = new Nowhere();
    private Watermark watermark = new Watermark(0, false);
    private final Payments payments = new Payments(Payments.SEED);
    private final PaymentTypes types = new PaymentTypes();
    private Operator measured;
    private long sequence;

    /** Fills the state. */
    @Setup
    public void fill() {
        measured = operator();
        watermark = new Watermark(operator.equals("threshold-reordered") ? OUT_OF_ORDERNESS_NS : 0, false);
        for (int i = 0; i < BATCH_COUNT; i++) {
            batch[i] = MutableEvent.allocate(PaymentTypes.PAYLOAD_LENGTH);
        }
        for (int i = 0; i < FILL_BATCH_COUNT; i++) {
            makeBatch();
            touchThenApply();
        }
    }

    private Operator operator() {
        return switch (operator) {
            case "window" ->
                new WindowOperator(PaymentsPipeline.window(Query.Q2, types, WindowSpec.SWEEP_BUDGET_DEFAULT));
            case "aggregate" ->
                AggregateOperator.of(AggregateSpec.named("orders")
                        .over(types.placed)
                        .window(Window.hopping(60, TimeUnit.SECONDS, 5, TimeUnit.SECONDS))
                        .aggregate(
                                Aggregate.count("count"),
                                Aggregate.sum("sum").of(types.placedAmount),
                                Aggregate.avg("avg").of(types.placedAmount))
                        .maxKeys(100_000)
                        .build());
            case "threshold" -> new ThresholdOperator(PaymentsPipeline.pattern(Query.Q3, types));
            case "sequence" -> new PatternOperator(PaymentsPipeline.sequence(types));
            default ->
                new ReorderBuffer(
                        new ThresholdOperator(PaymentsPipeline.pattern(Query.Q3, types)),
                        ReorderSpec.of(1 << 12, PaymentTypes.PAYLOAD_LENGTH));
        };
    }

    /** Makes the next batch. */
    @Setup(Level.Invocation)
    public void makeBatch() {
        for (MutableEvent event : batch) {
            payments.next();
            event.clearHeader();
            types.encode(payments, event);
            event.sequence(sequence++);
        }
    }

    /** The passes of APPLY. */
    @Benchmark
    @OperationsPerInvocation(BATCH_COUNT)
    public long touchThenApply() {
        long touched = 0;
        for (int from = 0; from < BATCH_COUNT; from += Operator.MAX_TOUCHED) {
            System.arraycopy(batch, from, next, 0, next.length);
            touched += measured.touch(next, next.length);
            for (Event event : next) {
                long watermarkNs = watermark.onEvent(event.timestampNs());
                while (!measured.advanceTo(watermarkNs, false, outputs)) {
                    touched++;
                }
                measured.onEvent(event, outputs);
            }
        }
        return touched + outputs.count;
    }

    /** Takes every output in the same record. */
    private static final class Nowhere implements Outputs {
        private final MutableEvent output = MutableEvent.allocate(192);
        private long count;

        @Override
        public MutableEvent claim(int typeId, int payloadLength) {
            return output.clearHeader().typeId(typeId).payloadLength(payloadLength);
        }

        @Override
        public void commit() {
            count++;
        }
    }
}
