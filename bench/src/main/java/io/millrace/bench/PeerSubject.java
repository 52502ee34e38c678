package io.millrace.bench;

import io.millrace.workload.Payments;

/** A query of the payments workload answered on the calling thread, an event at a time. */
abstract class PeerSubject implements Subject {
    final Query query;
    final Payments payments = new Payments(Payments.SEED);
    final QueryRows rows = new QueryRows();
    private final Runnable step = this::next;

    PeerSubject(Query query) {
        this.query = query;
    }

    private void next() {
        payments.next();
        onPayment();
    }

    /** Takes the payment at hand. */
    abstract void onPayment();

    @Override
    public final long verify() {
        for (long i = 0; i < query.verifiedCount; i++) {
            next();
        }
        query.requireRows(rows);
        return query.verifiedCount;
    }

    @Override
    public long fillCount() {
        return query.fillCount;
    }

    @Override
    public final void measure(long durationNs, Meter meter) {
        long rowsBefore = rows.count();
        meter.begin();
        long count = Loop.repeat(durationNs, step);
        meter.end(count);
        meter.put(Sample.ROWS, rows.count() - rowsBefore);
    }
}
