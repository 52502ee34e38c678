package io.millrace.bench;

import io.millrace.workload.Payments;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/** The queries as anybody would write them first, in the collections of java.util. */
final class CollectionsSubject extends PeerSubject {
    private final boolean isLooping;
    private final Set<Long> ids;
    private final ArrayDeque<Long> idsInOrder;
    private final Map<Long, Panes> panes = new HashMap<>();
    private final Map<Long, Attempts> attempts = new HashMap<>();
    private final Map<Long, Sequences> sequences = new HashMap<>();
    private final int paneCount;
    private long nextEndMs = Payments.START_MS;
    /** Keeps the division from being left out. */
    private double averages;

    /** @param isLooping whether panes are added up in a loop, as by somebody who has measured it; else by streams */
    CollectionsSubject(Query query, boolean isLooping) {
        super(query);
        this.isLooping = isLooping;
        int idCount = query.hasDedup ? Query.DEDUP_IDS : 0;
        this.ids = new HashSet<>(2 * idCount);
        this.idsInOrder = new ArrayDeque<>(idCount + 1);
        this.paneCount = query.hasWindow ? (int) (query.windowMs / query.slideMs) : 0;
    }

    @Override
    void onPayment() {
        Payments payment = payments;
        if (query.hasWindow) {
            closeWindows(payment.timestampMs);
        }
        if (query.hasDedup && !isNew(payment.eventId)) {
            return;
        }
        if (query.hasWindow && payment.type == Payments.ORDER_PLACED) {
            addToPane(payment);
        }
        if (query.hasPattern && payment.type == Payments.PAYMENT_ATTEMPTED) {
            addToAttempts(payment);
        }
        if (query.hasSequence) {
            addToSequences(payment);
        }
    }

    private boolean isNew(Long id) {
        if (!ids.add(id)) {
            return false;
        }
        idsInOrder.add(id);
        if (idsInOrder.size() > Query.DEDUP_IDS) {
            ids.remove(idsInOrder.remove());
        }
        if (query == Query.Q1) {
            rows.kept.add(1, id, 0, 0);
        }
        return true;
    }

    private void addToPane(Payments payment) {
        Panes all = panes.computeIfAbsent(payment.customerId, key -> new Panes(paneCount));
        int pane = (int) (payment.timestampMs / query.slideMs % paneCount);
        all.sums[pane] += payment.amountCents;
        all.counts[pane]++;
    }

    private void closeWindows(long nowMs) {
        for (; nextEndMs <= nowMs; nextEndMs += query.slideMs) {
            int oldest = (int) (nextEndMs / query.slideMs % paneCount);
            for (Iterator<Map.Entry<Long, Panes>> entries = panes.entrySet().iterator(); entries.hasNext(); ) {
                if (closeWindow(entries.next(), oldest)) {
                    entries.remove();
                }
            }
        }
    }

    /** {@return whether nothing is left of the key} */
    private boolean closeWindow(Map.Entry<Long, Panes> entry, int oldest) {
        Panes all = entry.getValue();
        long sum = isLooping ? all.sum() : Arrays.stream(all.sums).sum();
        long count = isLooping ? all.count() : Arrays.stream(all.counts).sum();
        if (count == 0) {
            return true;
        }
        averages += (double) sum / count;
        rows.windows.add(nextEndMs, entry.getKey(), sum, count);
        all.sums[oldest] = 0;
        all.counts[oldest] = 0;
        return false;
    }

    private void addToAttempts(Payments payment) {
        Attempts all = attempts.computeIfAbsent(payment.customerId, key -> new Attempts());
        long limitMs = payment.timestampMs - Query.ATTEMPTS_MS;
        for (Attempt old = all.recent.peek(); old != null && old.timestampMs <= limitMs; old = all.recent.peek()) {
            all.recent.remove();
            all.cards.computeIfPresent(old.card, (card, count) -> count == 1 ? null : count - 1);
        }
        all.recent.add(new Attempt(payment.timestampMs, payment.cardNumber));
        all.cards.merge(payment.cardNumber, 1, Integer::sum);
        if (all.recent.size() >= Query.MIN_ATTEMPTS && all.cards.size() >= Query.MIN_CARDS) {
            rows.matches.add(payment.eventId, payment.customerId, all.recent.size(), all.cards.size());
        }
    }

    private void addToSequences(Payments payment) {
        if (payment.type == Payments.PAYMENT_ATTEMPTED) {
            if (payment.amountCents >= Query.MIN_AMOUNT_CENTS) {
                Sequences all = sequences.computeIfAbsent(payment.customerId, key -> new Sequences());
                expire(all.wantOrder, payment.timestampMs);
                all.wantOrder.add(new Sequence(payment.timestampMs, payment.eventId, 0));
            }
            return;
        }
        Sequences all = sequences.get(payment.customerId);
        if (all != null) {
            expire(all.wantOrder, payment.timestampMs);
            expire(all.wantCompletion, payment.timestampMs);
            moveOn(all, payment);
        }
    }

    private void moveOn(Sequences all, Payments payment) {
        if (payment.type == Payments.ORDER_PLACED) {
            for (Sequence each : all.wantOrder) {
                all.wantCompletion.add(new Sequence(each.timestampMs, each.attemptId, payment.eventId));
            }
            all.wantOrder.clear();
        } else {
            all.wantCompletion.forEach(each -> rows.sequences.add(4, each.attemptId, each.orderId, payment.eventId));
            all.wantCompletion.clear();
        }
    }

    private static void expire(ArrayDeque<Sequence> waiting, long nowMs) {
        while (!waiting.isEmpty() && waiting.element().timestampMs <= nowMs - Query.SEQUENCE_MS) {
            waiting.remove();
        }
    }

    /** {@return the sum of all averages that were computed} */
    double averages() {
        return averages;
    }

    /** Sum and count of each pane of a customer, which are used in turn. */
    private static final class Panes {
        private final long[] sums;
        private final int[] counts;

        Panes(int count) {
            sums = new long[count];
            counts = new int[count];
        }

        long sum() {
            long sum = 0;
            for (long each : sums) {
                sum += each;
            }
            return sum;
        }

        int count() {
            int count = 0;
            for (int each : counts) {
                count += each;
            }
            return count;
        }
    }

    /** The attempts of a customer that count, and how many there are with each card. */
    private static final class Attempts {
        private final ArrayDeque<Attempt> recent = new ArrayDeque<>();
        private final Map<Long, Integer> cards = new HashMap<>();
    }

    private record Attempt(long timestampMs, Long card) {}

    /** Large attempts of a customer, oldest first. */
    private static final class Sequences {
        private final ArrayDeque<Sequence> wantOrder = new ArrayDeque<>();
        private final ArrayDeque<Sequence> wantCompletion = new ArrayDeque<>();
    }

    private record Sequence(long timestampMs, long attemptId, long orderId) {}
}
