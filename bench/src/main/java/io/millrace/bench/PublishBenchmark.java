package io.millrace.bench;

import io.millrace.Pipeline;
import io.millrace.PipelineContext;
import io.millrace.Publisher;
import io.millrace.event.MutableEvent;
import io.millrace.ring.ThreadPlan;
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
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What an event costs the publisher, and what the stages cost that only hand it on: all on one thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class PublishBenchmark {
    private static final int BATCH_COUNT = 512;

    private final MutableEvent template = RecordTemplate.make();
    private final PaymentTypes types = new PaymentTypes();
    private final Payments payment = new Payments(Payments.SEED);
    private Pipeline pipeline;
    private Publisher publisher;

    /** Makes a pipeline that the benchmark polls itself. */
    @Setup
    public void start() {
        payment.next();
        pipeline = Pipeline.create(new PipelineContext()
                .threadPlan(ThreadPlan.INVOKED)
                .eventTypes(types.types)
                .maxPayloadLength(PaymentTypes.PAYLOAD_LENGTH));
        pipeline.start();
        publisher = pipeline.publisher();
    }

    /** Empties the ring before a batch, outside of what is measured. */
    @Setup(Level.Invocation)
    public void drain() {
        int work = pipeline.doWork();
        while (work > 0) {
            work = pipeline.doWork();
        }
    }

    /** Ends the pipeline. */
    @TearDown
    public void close() {
        pipeline.close();
    }

    /** A copy of a record, in one call. */
    @Benchmark
    @OperationsPerInvocation(BATCH_COUNT)
    public long publishCopy() {
        long ticket = 0;
        for (int i = 0; i < BATCH_COUNT; i++) {
            ticket = publisher.publish(template);
        }
        return ticket;
    }

    /** Claim, encode a message field by field, commit. */
    @Benchmark
    @OperationsPerInvocation(BATCH_COUNT)
    public long claimEncodeCommit() {
        long ticket = 0;
        for (int i = 0; i < BATCH_COUNT; i++) {
            ticket = publisher.claim(types.typeId(payment), PaymentTypes.PAYLOAD_LENGTH);
            types.encode(payment, publisher.event());
            publisher.commit();
        }
        return ticket;
    }

    /** The same, and the way through ADMIT, APPLY and EMIT. */
    @Benchmark
    @OperationsPerInvocation(BATCH_COUNT)
    public long publishAndPoll() {
        long ticket = publishCopy();
        drain();
        return ticket;
    }
}
