package io.millrace.bench;

import io.millrace.PipelineContext;
import io.millrace.journal.Journal;
import io.millrace.journal.replay.ReplayPace;
import io.millrace.journal.replay.ReplayRange;
import io.millrace.journal.replay.ReplaySession;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Q1 + Q2 + Q3 over the same number of events from an empty state: live with a journal, or replayed from one at full
 * speed. Both count accepted events, of which live is given more: it refuses the duplicates among them.
 */
final class ReplaySubject implements Subject {
    private final Map<String, String> options;
    private final long eventCount;
    private final BenchDirectory filled;
    private final boolean isReplay;
    private long rows;

    ReplaySubject(Map<String, String> options, boolean isReplay) throws IOException {
        this.options = options;
        this.isReplay = isReplay;
        this.eventCount = Long.parseLong(options.getOrDefault("events", "4000000"));
        this.filled = BenchDirectory.create(options);
        if (isReplay) {
            live(filled.path(), new Meter());
        }
    }

    @Override
    public void measure(long durationNs, Meter meter) throws IOException {
        if (isReplay) {
            replay(meter);
        } else {
            try (BenchDirectory directory = BenchDirectory.create(options)) {
                live(directory.path(), meter);
            }
        }
    }

    private void live(Path directory, Meter meter) {
        try (Journal journal = QuerySubject.openJournal(directory, options);
                PaymentsPipeline pipeline = new PaymentsPipeline(
                        Query.Q123, QuerySubject.context(options).store(journal))) {
            meter.begin();
            for (long i = 0; i < eventCount; i++) {
                pipeline.publishNext();
            }
            pipeline.drain();
            meter.end(pipeline.pipeline().emitted().sequence() + 1);
            meter.put("rows", pipeline.rows().count());
        }
    }

    private void replay(Meter meter) {
        PipelineContext context =
                PaymentsPipeline.configure(Query.Q123, QuerySubject.context(options), new PaymentTypes());
        rows = 0;
        try (ReplaySession session = ReplaySession.open(filled.path(), context, ReplayRange.ALL, output -> rows++)) {
            meter.begin();
            session.run(ReplayPace.max());
            meter.end(session.recordCount());
            meter.put("rows", rows);
        }
    }

    @Override
    public void close() throws IOException {
        filled.close();
    }
}
