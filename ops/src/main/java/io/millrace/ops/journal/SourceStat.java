package io.millrace.ops.journal;

import io.millrace.event.Event;
import io.millrace.event.SystemTypes;
import io.millrace.ops.command.TimeText;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How far each source has come by the records of a journal. */
final class SourceStat {
    private final Map<Integer, Source> sources = new TreeMap<>();

    private static final class Source {
        private long eventCount;
        private long newestNs = Long.MIN_VALUE;
        private long ingestTimeNs = Long.MIN_VALUE;
        private boolean isIdle;
    }

    /**
     * A source as it is printed.
     *
     * @param newestTime greatest event time, null if it sent no event
     * @param lastIngestTime when its last record was published
     * @param isIdle whether a marker behind its last event says so
     */
    record Figures(int sourceId, long events, @Nullable String newestTime, String lastIngestTime, boolean isIdle) {}

    /** Takes a record of the journal. */
    void add(Event record) {
        boolean isMarker = record.typeId() == SystemTypes.SOURCE_IDLE || record.typeId() == SystemTypes.SOURCE_ACTIVE;
        if (record.typeId() >= SystemTypes.ID_MIN && !isMarker) {
            return;
        }
        Source source = sources.computeIfAbsent(record.sourceId(), id -> new Source());
        source.ingestTimeNs = Math.max(source.ingestTimeNs, record.ingestTimeNs());
        source.isIdle = record.typeId() == SystemTypes.SOURCE_IDLE;
        if (!isMarker) {
            source.eventCount++;
            source.newestNs = Math.max(source.newestNs, record.timestampNs());
        }
    }

    /** {@return the sources, the one furthest behind first, idle ones last} */
    List<Figures> figures() {
        Comparator<Map.Entry<Integer, Source>> byIdle = Comparator.comparing(entry -> entry.getValue().isIdle);
        return sources.entrySet().stream()
                .sorted(byIdle.thenComparingLong(entry -> entry.getValue().newestNs))
                .map(entry -> figures(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static Figures figures(int sourceId, Source source) {
        return new Figures(
                sourceId,
                source.eventCount,
                source.eventCount == 0 ? null : TimeText.of(source.newestNs),
                TimeText.of(source.ingestTimeNs),
                source.isIdle);
    }
}
