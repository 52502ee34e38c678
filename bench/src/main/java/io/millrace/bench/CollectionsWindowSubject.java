package io.millrace.bench;

import io.millrace.workload.Payments;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * Q2 and Q2L as anybody would write them first: a HashMap of customers, each with a ring of sums and counts, one per
 * slide, added up when a window ends: by streams, or in a loop by somebody who has measured it.
 */
final class CollectionsWindowSubject extends PeerSubject {
    private final int paneCount;
    private final boolean isLooping;
    private final Map<Long, Panes> byCustomer = new HashMap<>();
    private long nextEndMs = Payments.START_MS;
    /** The average is asked for, but not in the checksum: kept so that it is worked out. */
    private double averages;

    CollectionsWindowSubject(Query query, boolean isLooping) {
        super(query);
        this.isLooping = isLooping;
        this.paneCount = (int) (query.windowMs / query.slideMs);
    }

    @Override
    void onPayment() {
        while (nextEndMs <= payments.timestampMs) {
            closeWindow();
            nextEndMs += query.slideMs;
        }
        if (payments.type == Payments.ORDER_PLACED) {
            Panes panes = byCustomer.computeIfAbsent(payments.customerId, customer -> new Panes(paneCount));
            int at = paneAt(payments.timestampMs);
            panes.sums[at] += payments.amountCents;
            panes.counts[at]++;
        }
    }

    private int paneAt(long timeMs) {
        return (int) (timeMs / query.slideMs % paneCount);
    }

    private void closeWindow() {
        int oldest = paneAt(nextEndMs);
        Iterator<Map.Entry<Long, Panes>> customers = byCustomer.entrySet().iterator();
        while (customers.hasNext()) {
            Map.Entry<Long, Panes> customer = customers.next();
            Panes panes = customer.getValue();
            long sum = isLooping ? panes.sum() : Arrays.stream(panes.sums).sum();
            int count = isLooping ? panes.count() : Arrays.stream(panes.counts).sum();
            if (count == 0) {
                customers.remove();
            } else {
                averages += (double) sum / count;
                rows.add(nextEndMs, customer.getKey(), sum, count);
                panes.sums[oldest] = 0;
                panes.counts[oldest] = 0;
            }
        }
    }

    /** {@return the sum of all averages} */
    double averages() {
        return averages;
    }

    private static final class Panes {
        private final long[] sums;
        private final int[] counts;

        private Panes(int count) {
            sums = new long[count];
            counts = new int[count];
        }

        private long sum() {
            long sum = 0;
            for (long each : sums) {
                sum += each;
            }
            return sum;
        }

        private int count() {
            int count = 0;
            for (int each : counts) {
                count += each;
            }
            return count;
        }
    }
}
