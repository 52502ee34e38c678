package io.millrace.ring;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.latency.LatencyRecorder;

/**
 * The times at which the events of the last batch were published, kept as runs of one time, so that the next stage of
 * the same thread, which mostly has the same batch, need not read all headers again.
 *
 * <p><b>Threading</b>: one thread. <b>Allocation</b>: none after construction.
 */
final class IngestTimes {
    /** A batch of more runs is read again by each stage. */
    private static final int MAX_RUNS = 64;

    private final long[] times = new long[MAX_RUNS];
    private final int[] counts = new int[MAX_RUNS];
    private int runCount;
    private long firstTicket;
    private long lastTicket = -1;

    /** Forgets the batch: slots may have been used again. */
    void clear() {
        lastTicket = -1;
    }

    /** Adds the accepted records of a batch to those whose latency is taken. */
    void addTo(LatencyRecorder latencies, EventRing ring, long from, long to) {
        if (from == firstTicket && to == lastTicket) {
            for (int i = 0; i < runCount; i++) {
                latencies.add(times[i], counts[i]);
            }
        } else {
            read(latencies, ring, from, to);
        }
    }

    private void read(LatencyRecorder latencies, EventRing ring, long from, long to) {
        int last = -1;
        long runTime = 0;
        for (long ticket = from; ticket <= to; ticket++) {
            MutableEvent event = ring.slot(ticket);
            if (!event.hasAny(Event.DROPPED)) {
                long ingestTimeNs = event.ingestTimeNs();
                latencies.add(ingestTimeNs, 1);
                if (last < 0 || ingestTimeNs != runTime) {
                    last++;
                    runTime = ingestTimeNs;
                    begin(last, ingestTimeNs);
                }
                counts[last & MAX_RUNS - 1]++;
            }
        }
        runCount = last + 1;
        firstTicket = from;
        lastTicket = runCount <= MAX_RUNS ? to : -1;
    }

    private void begin(int run, long timeNs) {
        times[run & MAX_RUNS - 1] = timeNs;
        counts[run & MAX_RUNS - 1] = 0;
    }
}
