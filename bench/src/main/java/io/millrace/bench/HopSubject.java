package io.millrace.bench;

import static java.util.concurrent.TimeUnit.HOURS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.millrace.event.MutableEvent;
import io.millrace.event.Outputs;
import io.millrace.window.WindowOperator;
import io.millrace.window.WindowSpec;
import io.millrace.workload.Payments;

/**
 * The operator of a window of 1 h over 1,000 keys alone, 10,000 events per second of event time: what an event costs
 * where no window closes. Boundaries are crossed between two timed stretches of a second each.
 */
final class HopSubject implements Subject {
    private static final int KEY_COUNT = 1_000;
    private static final int EVENTS_PER_SECOND = 10_000;
    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final long GAP_NS = NS_PER_SECOND / EVENTS_PER_SECOND;
    private static final long SECONDS_TO_FILL = 4_000;

    private final PaymentTypes types = new PaymentTypes();
    private final Payments payments = new Payments(Payments.SEED);
    private final Nowhere outputs = new Nowhere();
    private final MutableEvent[] events = new MutableEvent[EVENTS_PER_SECOND];
    private final WindowOperator operator;
    private long second = Payments.START_MS / 1_000;

    /** @param slideSeconds from one window to the next */
    HopSubject(int slideSeconds) {
        WindowSpec spec = WindowSpec.named("hop")
                .over(types.placed)
                .value(types.placedAmount)
                .size(1, HOURS)
                .slide(slideSeconds, SECONDS)
                .withoutExtremes()
                .maxKeys(KEY_COUNT)
                .build();
        operator = new WindowOperator(spec);
        System.err.println("state of 1 h sliding by " + slideSeconds + " s: bytes=" + operator.bytes());
        for (int i = 0; i < events.length; i++) {
            events[i] = MutableEvent.allocate(PaymentTypes.PAYLOAD_LENGTH);
        }
    }

    @Override
    public long fillCount() {
        return SECONDS_TO_FILL * EVENTS_PER_SECOND;
    }

    @Override
    public void measure(long durationNs, Meter meter) {
        meter.begin();
        long endNs = System.nanoTime() + durationNs;
        long count = 0;
        long betweenNs = 0;
        while (System.nanoTime() < endNs) {
            makeEvents();
            closeWindows();
            long beganNs = System.nanoTime();
            takeEvents();
            betweenNs += System.nanoTime() - beganNs;
            count += events.length;
        }
        meter.end(count);
        meter.put(Sample.BETWEEN_NS, betweenNs);
    }

    private void makeEvents() {
        second++;
        for (int i = 0; i < events.length; i++) {
            payments.next();
            payments.type = Payments.ORDER_PLACED;
            MutableEvent event = events[i].clearHeader();
            types.encode(payments, event);
            event.typeId(types.placed.id())
                    .key(payments.customerId % KEY_COUNT)
                    .timestampNs(second * NS_PER_SECOND + i * GAP_NS);
        }
    }

    private void closeWindows() {
        long watermarkNs = second * NS_PER_SECOND - 1;
        while (operator.nextDeadlineNs() <= watermarkNs) {
            operator.advanceTo(watermarkNs, false, outputs);
        }
    }

    private void takeEvents() {
        for (MutableEvent event : events) {
            operator.advanceTo(event.timestampNs() - 1, false, outputs);
            operator.onEvent(event, outputs);
        }
    }

    /** Takes every row in the same record. */
    private static final class Nowhere implements Outputs {
        private final MutableEvent row = MutableEvent.allocate(192);

        @Override
        public MutableEvent claim(int typeId, int payloadLength) {
            return row.clearHeader().typeId(typeId).payloadLength(payloadLength);
        }

        @Override
        public void commit() {}
    }
}
