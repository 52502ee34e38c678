package io.millrace.bench;

import io.millrace.journal.Journal;
import io.millrace.journal.JournalContext;
import java.io.IOException;
import java.util.Map;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A record into a frame, and its share of the frame's commit, for batches of different sizes; on tmpfs. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class JournalBenchmark {
    private static final int APPEND_COUNT = 512;

    /** Records per frame. */
    @Param({"1", "8", "64", "512"})
    public int batchCount;

    private final RecordBatch records = new RecordBatch();
    private BenchDirectory directory;
    private Journal journal;

    /** Opens a fresh journal for each iteration, so that tmpfs does not fill up. */
    @Setup(Level.Iteration)
    public void open() throws IOException {
        directory = BenchDirectory.create(Map.of("dir", "/dev/shm"));
        journal = Journal.open(new JournalContext().directory(directory.path()).outbox(false));
        journal.journal().start();
        records.restart();
    }

    /** Deletes it. */
    @TearDown(Level.Iteration)
    public void close() throws IOException {
        journal.close();
        directory.close();
    }

    /** Appends and commits. */
    @Benchmark
    @OperationsPerInvocation(APPEND_COUNT)
    public long append() {
        for (int i = 1; i <= APPEND_COUNT; i++) {
            journal.journal().append(records.next());
            if (i % batchCount == 0) {
                journal.journal().commit();
            }
        }
        return journal.journal().nextSequence();
    }
}
