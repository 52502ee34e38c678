package io.millrace.bench;

import io.millrace.workload.Payments;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;

/** Q1 as anybody would write it first: the last ids in a HashSet, their order in an ArrayDeque. */
final class CollectionsSubject implements Subject {
    private static final int ID_COUNT = 1_000_000;

    private final Payments payments = new Payments(Payments.SEED);
    private final Set<Long> ids = new HashSet<>(2 * ID_COUNT);
    private final ArrayDeque<Long> order = new ArrayDeque<>(ID_COUNT + 1);
    private final Runnable step = this::next;
    private final Rows rows = new Rows();

    @Override
    public long fillCount() {
        return Query.Q1.fillCount;
    }

    @Override
    public void measure(long durationNs, Meter meter) {
        meter.begin();
        long count = Loop.repeat(durationNs, step);
        meter.end(count);
        meter.put("rows", rows.count());
    }

    private void next() {
        payments.next();
        Long id = payments.eventId;
        if (ids.add(id)) {
            order.add(id);
            if (order.size() > ID_COUNT) {
                ids.remove(order.remove());
            }
            rows.add(1, id, 0, 0);
        }
    }

    /** {@return rows and checksum so far} */
    String result() {
        return rows.toString();
    }
}
