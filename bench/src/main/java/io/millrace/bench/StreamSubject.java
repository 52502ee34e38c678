package io.millrace.bench;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.millrace.ClaimPolicy;
import io.millrace.Pipeline;
import io.millrace.PipelineContext;
import io.millrace.Publisher;
import io.millrace.event.Event;
import io.millrace.event.EventType;
import io.millrace.event.Field;
import io.millrace.stream.StreamBuilder;
import io.millrace.stream.StreamOperator;
import io.millrace.window.Window;
import io.millrace.workload.Payments;
import java.util.Map;

/** Q2 as somebody writes it who knows streams: filter, map, window, sum, count and average, having. */
final class StreamSubject implements Subject {
    private static final int CUSTOMERS = 100_000;
    private static final long TIMEOUT_NS = 60_000_000_000L;
    private static final long NS_PER_MS = 1_000_000;

    private final PaymentTypes types = new PaymentTypes();
    private final Payments payments = new Payments(Payments.SEED);
    private final ClaimPolicy policy = ClaimPolicy.spin(TIMEOUT_NS);
    private final QueryRows rows = new QueryRows();
    private final Runnable step = this::next;
    private final Pipeline pipeline;
    private final Publisher publisher;
    private final Field endNs;
    private final Field sum;
    private final Field count;

    StreamSubject(Map<String, String> options) {
        StreamBuilder builder = StreamBuilder.named("orders");
        builder.from(types.placed)
                .filter("amountCents > 0")
                .map("amount", "amountCents")
                .window(Window.hopping(60, SECONDS, 5, SECONDS))
                .sum("revenue", "amount")
                .count("count")
                .avg("average", "amount")
                .maxKeys(CUSTOMERS)
                .having("count > 0")
                .to("revenue");
        StreamOperator operator = builder.build();
        EventType row = operator.outputType("revenue");
        this.endNs = row.field("endNs");
        this.sum = row.field("revenue");
        this.count = row.field("count");
        PipelineContext context = QuerySubject.context(options).operator(operator);
        context.eventTypes(types.types).maxPayloadLength(64);
        this.pipeline = Pipeline.create(context);
        pipeline.subscribe(row.id(), "rows", this::onRow);
        pipeline.start();
        this.publisher = pipeline.publisher();
    }

    private void onRow(Event event) {
        rows.windows.add(endNs.getLong(event) / NS_PER_MS, event.key(), sum.getLong(event), count.getLong(event));
    }

    private void next() {
        payments.next();
        long ticket = publisher.claim(types.typeId(payments), PaymentTypes.PAYLOAD_LENGTH, policy);
        if (ticket < 0) {
            throw new IllegalStateException("cannot publish: code=" + Publisher.describe(ticket) + ", fault="
                    + pipeline.fault() + " (expected: a ticket within a minute)");
        }
        types.encode(payments, publisher.event());
        publisher.commit();
    }

    private void drain() {
        if (!pipeline.awaitDrained(TIMEOUT_NS)) {
            throw new IllegalStateException(
                    "cannot drain: fault=" + pipeline.fault() + " (expected: drained within a minute)");
        }
    }

    @Override
    public long verify() {
        for (long i = 0; i < Query.Q2.verifiedCount; i++) {
            next();
        }
        drain();
        Query.Q2.requireRows(rows);
        return Query.Q2.verifiedCount;
    }

    @Override
    public long fillCount() {
        return Query.Q2.fillCount;
    }

    @Override
    public void measure(long durationNs, Meter meter) {
        long rowsBefore = rows.windows.count();
        meter.begin();
        long eventCount = Loop.repeat(durationNs, step);
        drain();
        meter.end(eventCount);
        meter.put(Sample.ROWS, rows.windows.count() - rowsBefore);
    }

    @Override
    public void close() {
        pipeline.close();
    }
}
