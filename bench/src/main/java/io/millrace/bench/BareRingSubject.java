package io.millrace.bench;

import com.lmax.disruptor.EventHandler;
import io.millrace.event.MutableEvent;
import java.util.Map;

/** A bare Disruptor, one producer and one consumer that reads one field of each record, or nothing. */
final class BareRingSubject implements Subject {
    private final MutableEvent template = RecordTemplate.make();
    private final BareRing ring;
    private final Runnable step = this::publish;
    private long sum;
    private long ordinal;

    BareRingSubject(Map<String, String> options, boolean isRead) {
        EventHandler<MutableEvent> reader = (record, sequence, isEndOfBatch) -> sum += record.key();
        EventHandler<MutableEvent> counter = (record, sequence, isEndOfBatch) -> sum++;
        this.ring = new BareRing(options.getOrDefault("wait", "adaptive"), isRead ? reader : counter);
    }

    @Override
    public void measure(long durationNs, Meter meter) {
        meter.begin();
        long count = Loop.repeat(durationNs, step);
        ring.drain();
        meter.end(count);
        meter.put("sum", sum);
    }

    private void publish() {
        template.key(ordinal++);
        ring.publish(template);
    }

    @Override
    public void close() {
        ring.close();
    }
}
