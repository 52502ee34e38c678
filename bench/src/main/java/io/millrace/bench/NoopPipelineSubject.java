package io.millrace.bench;

import io.millrace.ClaimPolicy;
import io.millrace.Pipeline;
import io.millrace.PipelineContext;
import io.millrace.Publisher;
import io.millrace.event.MutableEvent;
import io.millrace.ring.ThreadPlan;
import java.util.Map;

/**
 * FUSED with stages that have nothing to do but to hand on: no dedup, no operator, no store. With a subscriber it reads
 * one field of each event.
 */
final class NoopPipelineSubject implements Subject {
    private static final long TIMEOUT_NS = 60_000_000_000L;

    private final ClaimPolicy policy = ClaimPolicy.spin(TIMEOUT_NS);
    private final MutableEvent template = RecordTemplate.make();
    private final Pipeline pipeline;
    private final Publisher publisher;
    private final Runnable step = this::publish;
    private long sum;
    private long ordinal;

    NoopPipelineSubject(Map<String, String> options, boolean hasSubscriber) {
        PipelineContext context = new PipelineContext()
                .name("bench")
                .threadPlan(ThreadPlan.FUSED)
                .waitStrategy(options.getOrDefault("wait", "adaptive"))
                .force(true)
                .ringCapacity(RecordTemplate.RING_CAPACITY)
                .maxPayloadLength(RecordTemplate.STRIDE - MutableEvent.HEADER_LENGTH)
                .maxBatchCount(RecordTemplate.BATCH_COUNT);
        this.pipeline = Pipeline.create(context);
        if (hasSubscriber) {
            pipeline.subscribe(template.typeId(), "sum", event -> sum += event.key());
        }
        pipeline.start();
        this.publisher = pipeline.publisher();
    }

    @Override
    public void measure(long durationNs, Meter meter) {
        meter.begin();
        long count = Loop.repeat(durationNs, step);
        if (!pipeline.awaitDrained(TIMEOUT_NS)) {
            throw new IllegalStateException("cannot drain: fault=" + pipeline.fault());
        }
        meter.end(count);
        meter.put("sum", sum);
    }

    private void publish() {
        template.key(ordinal++);
        long ticket = publisher.publish(template, policy);
        if (ticket < 0) {
            throw new IllegalStateException("cannot publish: code=" + Publisher.describe(ticket));
        }
    }

    @Override
    public void close() {
        pipeline.close();
    }
}
