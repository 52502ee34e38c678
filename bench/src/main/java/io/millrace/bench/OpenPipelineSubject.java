package io.millrace.bench;

import io.millrace.PipelineContext;
import io.millrace.event.Event;
import io.millrace.journal.Journal;
import java.io.IOException;
import java.util.Map;

/** Q1 + Q2 + Q3 at a fixed rate, journal on: an event has come out when a subscriber gets it behind the gate. */
final class OpenPipelineSubject implements Subject {
    /**
     * Few keys per record: what closes a window of 84,000 keys then takes a third of the slide, and no event waits for
     * more than a few rows.
     */
    private static final String SWEEP_BUDGET = "4";

    private final BenchDirectory directory;
    private final Journal journal;
    private final PaymentsPipeline pipeline;
    private final OpenLoop loop;
    private final OpenLoop.Sender sender;
    private int lastOrdinal;

    OpenPipelineSubject(Map<String, String> options) throws IOException {
        this.loop = new OpenLoop("millrace", options);
        this.directory = BenchDirectory.create(options);
        this.journal = QuerySubject.openJournal(directory.path(), options);
        PipelineContext context = QuerySubject.context(options).store(journal);
        int sweepBudget = Integer.parseInt(options.getOrDefault("sweep", SWEEP_BUDGET));
        this.pipeline = new PaymentsPipeline(Query.Q123, context, sweepBudget, this::onEvent, this::onOutput);
        this.sender = pipeline::publishNext;
    }

    private void onEvent(Event event) {
        lastOrdinal = event.sourceId();
        loop.received(lastOrdinal);
    }

    /** Outputs follow the event that caused them. */
    private void onOutput(Event output) {
        loop.receivedOutput(lastOrdinal);
    }

    @Override
    public long fillCount() {
        return Query.Q123.fillCount;
    }

    @Override
    public void measure(long durationNs, Meter meter) {
        meter.begin();
        int count = loop.run(durationNs, sender);
        pipeline.drain();
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
