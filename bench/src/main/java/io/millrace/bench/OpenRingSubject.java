package io.millrace.bench;

import io.millrace.event.MutableEvent;
import io.millrace.workload.Payments;
import java.io.IOException;
import java.util.Map;

/** The same records at the same rate through a bare Disruptor. */
final class OpenRingSubject implements Subject {
    private final Payments payments = new Payments(Payments.SEED);
    private final PaymentTypes types = new PaymentTypes();
    private final MutableEvent template = RecordTemplate.make();
    private final OpenLoop loop;
    private final OpenLoop.Sender sender = this::publish;
    private final BareRing ring;

    OpenRingSubject(Map<String, String> options) throws IOException {
        this.loop = new OpenLoop("disruptor", options);
        this.ring = new BareRing(
                options.getOrDefault("wait", "adaptive"),
                (record, sequence, isEndOfBatch) -> loop.received(record.sourceId()));
    }

    @Override
    public void measure(long durationNs, Meter meter) {
        meter.begin();
        int count = loop.run(durationNs, sender);
        ring.drain();
        meter.end(count);
        loop.report(meter);
    }

    private void publish(int ordinal) {
        payments.next();
        types.encode(payments, template);
        ring.publish(template.sourceId(ordinal));
    }

    @Override
    public void close() {
        ring.close();
    }
}
