package io.millrace.bench;

import io.millrace.PipelineContext;
import io.millrace.journal.Journal;
import io.millrace.journal.JournalContext;
import io.millrace.ring.ThreadPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Queries of the payments workload through a pipeline, as fast as events are taken; rows go to a subscriber. */
final class QuerySubject implements Subject {
    private final Query query;
    private final @Nullable BenchDirectory directory;
    private final @Nullable Journal journal;
    private final PaymentsPipeline pipeline;
    private final boolean isInvoked;
    private final Runnable step;
    private final int pollCount;
    private int unpolledCount;

    QuerySubject(Query query, boolean hasJournal, Map<String, String> options) throws IOException {
        this.query = query;
        this.pollCount = Integer.parseInt(options.getOrDefault("poll", "512"));
        PipelineContext context = context(options);
        if (hasJournal) {
            directory = BenchDirectory.create(options);
            journal = openJournal(directory.path(), options);
            context.store(journal);
        } else {
            directory = null;
            journal = null;
        }
        this.pipeline = new PaymentsPipeline(query, context);
        this.isInvoked = context.threadPlan() == ThreadPlan.INVOKED;
        this.step = isInvoked ? this::publishAndPoll : pipeline::publishNext;
    }

    /** The caller does the stages' work as well, a batch at a time: the CPU of one thread is then that of all. */
    private void publishAndPoll() {
        pipeline.publishNext();
        if (++unpolledCount >= pollCount) {
            unpolledCount = 0;
            poll();
        }
    }

    private void poll() {
        int work = pipeline.pipeline().doWork();
        while (work > 0) {
            work = pipeline.pipeline().doWork();
        }
    }

    private void drain() {
        if (isInvoked) {
            poll();
        }
        pipeline.drain();
    }

    static PipelineContext context(Map<String, String> options) {
        return new PipelineContext()
                .name("bench")
                .threadPlan(ThreadPlan.valueOf(options.getOrDefault("plan", "FUSED")))
                .waitStrategy(options.getOrDefault("wait", "adaptive"))
                .ringCapacity(Integer.parseInt(options.getOrDefault("ring", "16384")))
                .outputRingCapacity(Integer.parseInt(options.getOrDefault("outputs", "4096")))
                .maxBatchCount(Integer.parseInt(options.getOrDefault("batch", "512")))
                .force(true);
    }

    static Journal openJournal(Path directory, Map<String, String> options) {
        return Journal.open(new JournalContext()
                .directory(directory)
                .outbox(Boolean.parseBoolean(options.getOrDefault("outbox", "false"))));
    }

    @Override
    public long verify() {
        for (long i = 0; i < query.verifiedCount; i++) {
            step.run();
        }
        drain();
        query.requireRows(pipeline.rows());
        return query.verifiedCount;
    }

    @Override
    public long fillCount() {
        return query.fillCount;
    }

    @Override
    public void measure(long durationNs, Meter meter) {
        long sequenceBefore = pipeline.pipeline().emitted().sequence();
        long rowsBefore = pipeline.rows().count();
        meter.begin();
        long count = Loop.repeat(durationNs, step);
        drain();
        long acceptedCount = pipeline.pipeline().emitted().sequence() - sequenceBefore;
        meter.end(count, journal == null ? 0 : acceptedCount * RecordTemplate.RECORD_LENGTH);
        meter.put(Sample.ROWS, pipeline.rows().count() - rowsBefore);
    }

    @Override
    public void close() throws IOException {
        pipeline.close();
        if (journal != null) {
            journal.close();
        }
        if (directory != null) {
            directory.close();
        }
    }
}
