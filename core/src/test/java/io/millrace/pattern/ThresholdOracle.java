package io.millrace.pattern;

import io.millrace.workload.Arrival;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Thresholds without cleverness: a list per key, looked through at each event. */
final class ThresholdOracle {
    /** A match: sequences of first and last event counted, and how many and how various they are. */
    record Found(long key, long startNs, long endNs, long number, long count, long distinct, long first, long last) {}

    private final long minCount;
    private final long minDistinct;
    private final long withinNs;
    private final MatchMode mode;
    private final Map<Long, List<Arrival>> eventsByKey = new HashMap<>();
    private final List<Found> found = new ArrayList<>();
    private long newestNs = Long.MIN_VALUE;
    long lateCount;

    ThresholdOracle(long minCount, long minDistinct, long withinNs, MatchMode mode) {
        this.minCount = minCount;
        this.minDistinct = minDistinct;
        this.withinNs = withinNs;
        this.mode = mode;
    }

    void add(Arrival event, long watermarkNs) {
        if (event.timestampNs() < newestNs || event.timestampNs() <= watermarkNs) {
            lateCount++;
            return;
        }
        newestNs = event.timestampNs();
        List<Arrival> events = eventsByKey.computeIfAbsent(event.key(), key -> new ArrayList<>());
        events.removeIf(old -> event.timestampNs() - old.timestampNs() >= withinNs);
        boolean wasAbove = isAbove(events);
        events.add(event);
        if (isAbove(events) && !(wasAbove && mode == MatchMode.RISING_EDGE)) {
            Arrival first = events.get(0);
            found.add(new Found(
                    event.key(),
                    first.timestampNs(),
                    event.timestampNs(),
                    found.size() + 1,
                    events.size(),
                    distinct(events),
                    first.sequence(),
                    event.sequence()));
            if (mode == MatchMode.SKIP_PAST_LAST) {
                events.clear();
            }
        }
    }

    private boolean isAbove(List<Arrival> events) {
        return events.size() >= minCount && distinct(events) >= minDistinct;
    }

    private static long distinct(List<Arrival> events) {
        Set<Long> values = new HashSet<>();
        events.forEach(event -> values.add(event.value()));
        return values.size();
    }

    List<Found> found() {
        return found;
    }
}
