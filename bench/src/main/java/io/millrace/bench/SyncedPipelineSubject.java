package io.millrace.bench;

import io.millrace.ClaimPolicy;
import io.millrace.Pipeline;
import io.millrace.PipelineContext;
import io.millrace.event.MutableEvent;
import io.millrace.journal.Journal;
import io.millrace.ring.Level;
import io.millrace.ring.SyncPolicy;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;

/**
 * Events at planned times through a pipeline whose journal is synced in groups: an event has come out when the listener
 * of SYNCED is told of it.
 */
final class SyncedPipelineSubject implements Subject {
    private static final long TIMEOUT_NS = 60_000_000_000L;

    private final MutableEvent template = RecordTemplate.make();
    private final ClaimPolicy claimPolicy = ClaimPolicy.spin(TIMEOUT_NS);
    private final OpenLoop loop;
    private final OpenLoop.Sender sender = this::publish;
    private final BenchDirectory directory;
    private final Journal journal;
    private final Pipeline pipeline;
    private long firstTicket;
    private volatile long toldTicket = -1;

    SyncedPipelineSubject(Map<String, String> options) throws IOException {
        this.loop = new OpenLoop("synced", options);
        this.directory = BenchDirectory.create(options);
        this.journal = QuerySubject.openJournal(directory.path(), options);
        String policy = options.getOrDefault("policy", "group").toUpperCase(Locale.ROOT);
        PipelineContext context = QuerySubject.context(options)
                .syncPolicy(new SyncPolicy(SyncPolicy.Kind.valueOf(policy), 0))
                .store(journal);
        this.pipeline = Pipeline.create(context);
        pipeline.onLevel(Level.SYNCED, (ticket, sequence) -> told(ticket));
        pipeline.start();
    }

    private void publish(int ordinal) {
        if (pipeline.publisher().publish(template, claimPolicy) < 0) {
            throw new IllegalStateException("cannot publish: fault=" + pipeline.fault());
        }
    }

    private void told(long ticket) {
        for (long each = toldTicket + 1; each <= ticket; each++) {
            loop.received((int) (each - firstTicket));
        }
        toldTicket = ticket;
    }

    @Override
    public void measure(long durationNs, Meter meter) {
        firstTicket = pipeline.published() + 1;
        meter.begin();
        int count = loop.run(durationNs, sender);
        while (toldTicket < firstTicket + count - 1 && pipeline.fault() == null) {
            Pause.forNs(100_000);
        }
        meter.end(count, (long) count * RecordTemplate.RECORD_LENGTH);
        loop.report(meter);
    }

    @Override
    public void close() throws IOException {
        pipeline.close();
        journal.close();
        directory.close();
    }
}
