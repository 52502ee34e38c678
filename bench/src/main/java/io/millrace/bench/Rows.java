package io.millrace.bench;

import io.millrace.event.Event;
import io.millrace.pattern.Match;
import io.millrace.pattern.PatternMatch;
import io.millrace.window.WindowResult;
import io.millrace.workload.Payments;

/**
 * The rows of one query, counted and summed up in the workload's checksum, which does not depend on their order.
 *
 * <p><b>Threading</b>: written by one thread; read it when that has drained. <b>Allocation</b>: none.
 */
final class Rows {
    private static final long NS_PER_MS = 1_000_000;

    private final WindowResult result = new WindowResult();
    private final Match match = new Match();
    private final PatternMatch sequence = new PatternMatch();
    private long count;
    private long checksum;

    void add(long a, long b, long c, long d) {
        count++;
        checksum += Payments.rowChecksum(a, b, c, d);
    }

    /** A row of Q1: an event that was kept. */
    void addKept(Event event) {
        add(1, event.idLo(), 0, 0);
    }

    /** A row of Q2. */
    void addWindow(Event event) {
        result.wrap(event);
        add(result.endNs() / NS_PER_MS, event.key(), result.sum(), result.count());
    }

    /** A row of Q3. */
    void addMatch(Event event) {
        match.wrap(event);
        add(match.lastIdLo(), event.key(), match.count(), match.distinct());
    }

    /** A row of Q4. */
    void addSequence(Event event) {
        sequence.wrap(event);
        add(4, sequence.idLo(0), sequence.idLo(1), sequence.idLo(2));
    }

    /** A row of one of many rules, of two or three events. */
    void addRule(Event event) {
        sequence.wrap(event);
        long third = sequence.eventCount() == 3 ? sequence.idLo(2) : 0;
        add(sequence.pattern(), sequence.idLo(0), sequence.idLo(1), third);
    }

    long count() {
        return count;
    }

    long checksum() {
        return checksum;
    }

    @Override
    public String toString() {
        return count + " " + Long.toHexString(checksum);
    }
}
