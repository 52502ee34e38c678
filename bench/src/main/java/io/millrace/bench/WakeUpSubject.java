package io.millrace.bench;

import io.millrace.Pipeline;
import io.millrace.PipelineContext;
import io.millrace.event.MutableEvent;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * One event, then a silence that is long enough for the consumer to park: how long until the event comes out. Through a
 * pipeline without a journal, or through a bare ring that waits in the same way.
 */
final class WakeUpSubject implements Subject {
    private static final long SILENCE_NS = 5_000_000;
    private static final long LATENCY_MAX_NS = 60_000_000_000L;

    private final Histogram histogram = new Histogram(LATENCY_MAX_NS, 3);
    private final MutableEvent template = RecordTemplate.make();
    private final AutoCloseable owner;
    private final Runnable publish;
    private long sentNs;

    WakeUpSubject(Map<String, String> options, boolean isBare) {
        if (isBare) {
            BareRing ring = new BareRing(
                    options.getOrDefault("wait", "adaptive"), (record, sequence, isEndOfBatch) -> onEvent());
            owner = ring;
            publish = () -> ring.publish(template);
        } else {
            PipelineContext context = QuerySubject.context(options);
            Pipeline pipeline = Pipeline.create(context);
            pipeline.subscribe(template.typeId(), "wake-up", event -> onEvent());
            pipeline.start();
            owner = pipeline;
            publish = () -> pipeline.publisher().publish(template);
        }
    }

    private void onEvent() {
        histogram.recordValue(Math.min(System.nanoTime() - sentNs, LATENCY_MAX_NS));
    }

    @Override
    public void measure(long durationNs, Meter meter) {
        histogram.reset();
        long count = Math.max(1, durationNs / SILENCE_NS);
        meter.begin();
        for (long i = 0; i < count; i++) {
            Pause.forNs(SILENCE_NS);
            sentNs = System.nanoTime();
            publish.run();
        }
        Pause.forNs(SILENCE_NS);
        meter.end(count);
        meter.latencies(histogram);
    }

    @Override
    public void close() {
        try {
            owner.close();
        } catch (Exception e) {
            throw new IllegalStateException("cannot close", e);
        }
    }
}
