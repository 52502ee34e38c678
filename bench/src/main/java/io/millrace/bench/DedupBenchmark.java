package io.millrace.bench;

import io.millrace.dedup.LastIds;
import io.millrace.workload.Payments;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The last 1,000,000 ids: a batch is touched, then admitted, as ADMIT does; and admitted without being touched. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class DedupBenchmark {
    private static final int BATCH_COUNT = 512;

    /** Ids that are remembered; the table is full when measuring begins. */
    @Param({"1000000"})
    public int capacity;

    private LastIds ids;
    private long originalCount;
    private long sequence;

    /** Fills the table. */
    @Setup
    public void fill() {
        ids = new LastIds("dedup", capacity);
        for (int i = 0; i < 2 * capacity; i++) {
            ids.admit(0, Payments.mix64(originalCount++), sequence++);
        }
    }

    /** All ids new, as 99 of 100 are. */
    @Benchmark
    @OperationsPerInvocation(BATCH_COUNT)
    public long touchThenAdmit() {
        long touched = 0;
        for (int i = 0; i < BATCH_COUNT; i++) {
            touched += ids.touch(0, Payments.mix64(originalCount + i));
        }
        return touched + admit();
    }

    /** The same without the first pass: each miss is waited for. */
    @Benchmark
    @OperationsPerInvocation(BATCH_COUNT)
    public long admitOnly() {
        return admit();
    }

    private long admit() {
        long found = 0;
        for (int i = 0; i < BATCH_COUNT; i++) {
            found += ids.admit(0, Payments.mix64(originalCount++), sequence++);
        }
        return found;
    }
}
