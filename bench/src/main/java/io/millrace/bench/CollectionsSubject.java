package io.millrace.bench;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;

/** Q1 as anybody would write it first: the last ids in a HashSet, their order in an ArrayDeque. */
final class CollectionsSubject extends PeerSubject {
    private static final int ID_COUNT = 1_000_000;

    private final Set<Long> ids = new HashSet<>(2 * ID_COUNT);
    private final ArrayDeque<Long> order = new ArrayDeque<>(ID_COUNT + 1);

    CollectionsSubject() {
        super(Query.Q1);
    }

    @Override
    void onPayment() {
        Long id = payments.eventId;
        if (ids.add(id)) {
            order.add(id);
            if (order.size() > ID_COUNT) {
                ids.remove(order.remove());
            }
            rows.add(1, id, 0, 0);
        }
    }
}
