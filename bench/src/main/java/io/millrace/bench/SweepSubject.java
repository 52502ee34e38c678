package io.millrace.bench;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.millrace.ClaimPolicy;
import io.millrace.Pipeline;
import io.millrace.PipelineContext;
import io.millrace.Publisher;
import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.window.WindowOperator;
import io.millrace.window.WindowResult;
import io.millrace.window.WindowSpec;
import io.millrace.workload.Payments;
import java.io.IOException;
import java.util.Map;

/**
 * A window of 12 panes over many keys at a fixed rate: how long events wait while it closes for all of them. A slide
 * has a million events of keys drawn evenly, so that all keys are alive.
 */
final class SweepSubject implements Subject {
    private static final int EVENTS_PER_SLIDE = 1_000_000;
    private static final int SLIDE_SECONDS = 5;
    private static final int PANE_COUNT = 12;
    private static final long GAP_NS = SLIDE_SECONDS * 1_000_000_000L / EVENTS_PER_SLIDE;
    private static final long TIMEOUT_NS = 60_000_000_000L;

    private final int keyCount;
    private final PaymentTypes types = new PaymentTypes();
    private final Payments payments = new Payments(Payments.SEED);
    private final ClaimPolicy policy = ClaimPolicy.spin(TIMEOUT_NS);
    private final Rows rows = new Rows();
    private final OpenLoop loop;
    private final Pipeline pipeline;
    private final Publisher publisher;
    private boolean isTimed;
    private long eventCount;

    SweepSubject(int keyCount, Map<String, String> options) throws IOException {
        this.keyCount = keyCount;
        this.loop = new OpenLoop("sweep-" + keyCount, options);
        WindowSpec.Builder window = WindowSpec.named("orders")
                .over(types.placed)
                .value(types.placedAmount)
                .size(PANE_COUNT * SLIDE_SECONDS, SECONDS)
                .slide(SLIDE_SECONDS, SECONDS)
                .withoutExtremes()
                .maxKeys(keyCount);
        if (options.containsKey("sweep")) {
            window.sweepBudget(Integer.parseInt(options.get("sweep")));
        }
        WindowOperator operator = new WindowOperator(window.build());
        System.err.println("state of " + keyCount + " keys: bytes=" + operator.bytes());
        PipelineContext context = QuerySubject.context(options).operator(operator);
        context.eventTypes(types.types).maxPayloadLength(64);
        this.pipeline = Pipeline.create(context);
        pipeline.subscribe(types.placed.id(), "events", this::onEvent);
        pipeline.subscribe(WindowResult.TYPE_ID, "windows", rows::addWindow);
        pipeline.start();
        this.publisher = pipeline.publisher();
    }

    private void onEvent(Event event) {
        if (isTimed) {
            loop.received(event.sourceId());
        }
    }

    @Override
    public long verify() {
        long count = (PANE_COUNT + 2L) * EVENTS_PER_SLIDE;
        for (long i = 0; i < count; i++) {
            send(0);
        }
        drain();
        long live = Math.min(keyCount, rows.count());
        if (live < keyCount) {
            throw new IllegalStateException("too few rows: rows=" + rows.count() + " (expected: >= " + keyCount + ")");
        }
        return count;
    }

    private void send(int ordinal) {
        payments.next();
        payments.type = Payments.ORDER_PLACED;
        long ticket = publisher.claim(types.placed.id(), PaymentTypes.PAYLOAD_LENGTH, policy);
        if (ticket < 0) {
            throw new IllegalStateException("cannot publish: code=" + Publisher.describe(ticket) + ", fault="
                    + pipeline.fault() + " (expected: a ticket within a minute)");
        }
        MutableEvent event = publisher.event();
        types.encode(payments, event);
        long key = Long.remainderUnsigned(payments.eventId, keyCount);
        event.key(key).timestampNs(eventCount++ * GAP_NS).sourceId(ordinal);
        publisher.commit();
    }

    private void drain() {
        if (!pipeline.awaitDrained(TIMEOUT_NS)) {
            throw new IllegalStateException(
                    "cannot drain: fault=" + pipeline.fault() + " (expected: drained within a minute)");
        }
    }

    @Override
    public void measure(long durationNs, Meter meter) {
        isTimed = true;
        long rowsBefore = rows.count();
        meter.begin();
        int count = loop.run(durationNs, this::send);
        drain();
        meter.end(count);
        loop.report(meter);
        meter.put(Sample.ROWS, rows.count() - rowsBefore);
    }

    @Override
    public void close() {
        pipeline.close();
    }
}
