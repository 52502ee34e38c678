package io.millrace.bench;

import io.millrace.workload.Payments;

/** The generator alone: what every figure of the payments workload includes. */
final class GeneratorSubject implements Subject {
    private final Payments payments = new Payments(Payments.SEED);
    private final Runnable step = this::next;
    private long fold;

    @Override
    public void measure(long durationNs, Meter meter) {
        meter.begin();
        long count = Loop.repeat(durationNs, step);
        meter.end(count);
        meter.put("fold", fold);
    }

    private void next() {
        payments.next();
        fold += payments.eventId ^ payments.customerId ^ payments.cardNumber ^ payments.amountCents ^ payments.type;
    }
}
