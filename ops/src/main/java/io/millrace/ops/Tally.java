package io.millrace.ops;

import io.millrace.event.Condition;
import io.millrace.event.Event;
import io.millrace.event.EventType;
import io.millrace.event.Field;
import io.millrace.expression.Expression;
import io.millrace.ops.config.RunConfig;
import io.millrace.ops.config.RunConfig.WindowSection;
import io.millrace.ring.OperatorIds;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What this run put out, counted by subscribers: outputs per operator, and per key the events and values of the first
 * window. Bounded: keys beyond the window's own bound are not ranked.
 *
 * <p><b>Threading</b>: written by the thread of EMIT, read when the pipeline has stopped.
 */
final class Tally {
    private final Long2ObjectHashMap<KeyTally> keys = new Long2ObjectHashMap<>();
    private final @Nullable WindowSection ranked;
    private final @Nullable Condition condition;
    private final long[] countByOperatorId = new long[1 << 16];
    private final long[] countByTypeId = new long[1 << 16];
    private final List<EventType> streamTypes;

    Tally(RunConfig config) {
        streamTypes = config.streams().stream()
                .flatMap(stream -> stream.outputTypes().stream())
                .toList();
        ranked = config.windows().stream()
                .filter(window -> window.source().isOfPipeline())
                .findFirst()
                .orElse(null);
        Expression where = ranked == null ? null : ranked.where();
        condition = where == null ? null : where.condition();
    }

    /** Events and values of one key. */
    static final class KeyTally {
        private final long key;
        private long count;
        private long sum;
        private long max = Long.MIN_VALUE;
        private long matchCount;

        KeyTally(long key) {
            this.key = key;
        }

        long key() {
            return key;
        }

        long count() {
            return count;
        }

        long max() {
            return max;
        }

        long matchCount() {
            return matchCount;
        }

        double average() {
            return (double) sum / count;
        }

        private void add(long value) {
            count++;
            sum += value;
            max = Math.max(max, value);
        }
    }

    /** {@return the window whose events and values are ranked by key, null if there is none} */
    @Nullable
    WindowSection ranked() {
        return ranked;
    }

    void onEvent(Event event) {
        if (ranked != null && (condition == null || condition.test(event))) {
            Field value = ranked.value();
            KeyTally tally = key(event.key());
            if (tally != null && !value.isNull(event)) {
                tally.add(value.getLong(event));
            }
        }
    }

    void onWindow(Event output) {
        countByOperatorId[operatorId(output)]++;
    }

    void onStream(Event output) {
        countByTypeId[output.typeId()]++;
    }

    /** {@return the types of what streams put out} */
    List<EventType> streamTypes() {
        return streamTypes;
    }

    /** {@return how many rows of each output of a stream left in this run} */
    Map<String, Long> streams() {
        Map<String, Long> counts = new LinkedHashMap<>();
        streamTypes.forEach(type -> counts.put(type.name(), countByTypeId[type.id()]));
        return counts;
    }

    void onMatch(Event output) {
        countByOperatorId[operatorId(output)]++;
        KeyTally tally = key(output.key());
        if (tally != null) {
            tally.matchCount++;
        }
    }

    private static int operatorId(Event output) {
        return (int) (output.idHi() >>> 32) & 0xFFFF;
    }

    private @Nullable KeyTally key(long key) {
        KeyTally tally = keys.get(key);
        if (tally == null && ranked != null && keys.size() < ranked.maxKeys()) {
            tally = new KeyTally(key);
            keys.put(key, tally);
        }
        return tally;
    }

    /** {@return how many outputs of an operator left in this run} */
    long outputCount(String operatorName) {
        return countByOperatorId[OperatorIds.idOf(operatorName)];
    }

    /** {@return the keys with the most events} */
    List<KeyTally> busiest(int limit) {
        return top(1, Comparator.comparingLong(KeyTally::count), limit);
    }

    /** {@return the keys with the highest average among those with some events} */
    List<KeyTally> worst(int minCount, int limit) {
        return top(minCount, Comparator.comparingDouble(KeyTally::average), limit);
    }

    private List<KeyTally> top(int minCount, Comparator<KeyTally> order, int limit) {
        List<KeyTally> tallies = new ArrayList<>();
        keys.values().forEach(tally -> {
            if (tally.count() >= minCount) {
                tallies.add(tally);
            }
        });
        tallies.sort(order.reversed().thenComparingLong(KeyTally::key));
        return tallies.subList(0, Math.min(limit, tallies.size()));
    }
}
