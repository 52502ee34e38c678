package io.millrace.bench;

import io.millrace.PipelineContext;
import io.millrace.journal.Journal;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A pipeline of plan AUTO with a journal, to which nobody publishes; or a JVM without one. */
final class IdleSubject implements Subject {
    private final @Nullable BenchDirectory directory;
    private final @Nullable Journal journal;
    private final @Nullable PaymentsPipeline pipeline;

    IdleSubject(Map<String, String> given, boolean hasPipeline) throws IOException {
        if (hasPipeline) {
            Map<String, String> options = new HashMap<>(given);
            options.putIfAbsent("plan", "AUTO");
            directory = BenchDirectory.create(options);
            journal = QuerySubject.openJournal(directory.path(), options);
            PipelineContext context = QuerySubject.context(options).store(journal);
            pipeline = new PaymentsPipeline(Query.Q123, context);
            pipeline.publishNext();
            pipeline.drain();
        } else {
            directory = null;
            journal = null;
            pipeline = null;
        }
    }

    @Override
    public void measure(long durationNs, Meter meter) {
        meter.begin();
        Pause.forNs(durationNs);
        meter.end(1);
    }

    @Override
    public void close() throws IOException {
        if (pipeline != null && journal != null && directory != null) {
            pipeline.close();
            journal.close();
            directory.close();
        }
    }
}
