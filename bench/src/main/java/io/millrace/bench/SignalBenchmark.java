package io.millrace.bench;

import io.millrace.ring.WaitStrategy;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a publisher pays, with each event, for a consumer that is awake. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class SignalBenchmark {
    /** Of those that can be named in a configuration. */
    @Param({"busy-spin", "yield", "adaptive", "park", "block"})
    public String waitStrategy;

    private WaitStrategy wait;

    /** Makes the strategy. */
    @Setup
    public void make() {
        wait = WaitStrategy.named(waitStrategy);
    }

    /** Nobody is parked. */
    @Benchmark
    public void signal() {
        wait.signal();
    }
}
