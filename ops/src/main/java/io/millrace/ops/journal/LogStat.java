package io.millrace.ops.journal;

import io.millrace.event.Event;
import io.millrace.event.SystemTypes;
import io.millrace.journal.CorruptJournalException;
import io.millrace.journal.Frame;
import io.millrace.journal.FrameReader;
import io.millrace.journal.LogKind;
import io.millrace.journal.LogSegment;
import io.millrace.journal.LogStart;
import io.millrace.ops.command.DataDirectory;
import io.millrace.ops.command.RecordTypes;
import io.millrace.ops.command.TimeText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Figures of one log, from reading all of it once. */
final class LogStat {
    private static final double NS_PER_SECOND = 1e9;

    private final LogKind kind;
    private final List<LogStart> starts;
    private final Map<Integer, Long> countByTypeId = new TreeMap<>();
    private final TreeSet<Integer> epochs = new TreeSet<>();
    private final SourceStat sources = new SourceStat();
    private long frameCount;
    private long recordCount;
    private long controlCount;
    private long frameLength;
    private long firstPlace = -1;
    private long endPlace;
    private long minTimestampNs = Long.MAX_VALUE;
    private long maxTimestampNs = Long.MIN_VALUE;
    private long minIngestTimeNs = Long.MAX_VALUE;
    private long maxIngestTimeNs = Long.MIN_VALUE;
    private long syncedUpTo = -1;
    private @Nullable CorruptJournalException problem;

    private LogStat(LogKind kind, List<LogStart> starts) {
        this.kind = kind;
        this.starts = starts;
    }

    /** {@return what a log has, up to damage if there is any} */
    static LogStat of(DataDirectory data, LogKind kind) {
        LogStat stat = new LogStat(kind, LogStart.list(data.path(), kind));
        stat.starts.forEach(start -> stat.syncedUpTo = Math.max(stat.syncedUpTo, start.syncedUpTo()));
        Event record = new Event();
        try (FrameReader reader = data.reader(kind, 0)) {
            while (reader.nextFrame()) {
                stat.add(reader.frame(), record);
            }
        } catch (CorruptJournalException e) {
            stat.problem = data.isWhole(kind) ? null : e;
        }
        return stat;
    }

    LogKind kind() {
        return kind;
    }

    List<LogStart> starts() {
        return starts;
    }

    long recordCount() {
        return recordCount;
    }

    /** {@return the damage that ended the reading, null if there is none} */
    @Nullable
    CorruptJournalException problem() {
        return problem;
    }

    private void add(Frame frame, Event record) {
        frameCount++;
        frameLength += frame.length();
        controlCount += frame.controlCount();
        epochs.add(frame.epoch());
        syncedUpTo = Math.max(syncedUpTo, frame.syncedUpTo());
        while (frame.next(record)) {
            add(record, frame.place());
        }
    }

    private void add(Event record, long place) {
        recordCount++;
        firstPlace = firstPlace < 0 ? place : firstPlace;
        endPlace = place + 1;
        countByTypeId.merge(record.typeId(), 1L, Long::sum);
        boolean isUsers = record.typeId() < SystemTypes.ID_MIN || kind != LogKind.JOURNAL;
        if (isUsers) {
            minTimestampNs = Math.min(minTimestampNs, record.timestampNs());
            maxTimestampNs = Math.max(maxTimestampNs, record.timestampNs());
        }
        if (kind == LogKind.JOURNAL) {
            sources.add(record);
        }
        minIngestTimeNs = Math.min(minIngestTimeNs, record.ingestTimeNs());
        maxIngestTimeNs = Math.max(maxIngestTimeNs, record.ingestTimeNs());
    }

    /** {@return the figures} */
    Figures figures(RecordTypes types) {
        return new Figures(
                kind.directoryName(),
                starts.size(),
                segments().count(),
                frameCount,
                recordCount,
                controlCount,
                firstPlace,
                endPlace,
                Math.min(syncedUpTo, endPlace - 1),
                byType(types),
                sources.figures(),
                time(minTimestampNs),
                time(maxTimestampNs),
                time(minIngestTimeNs),
                time(maxIngestTimeNs),
                recordsPerSecond(),
                frameLength,
                segments().mapToLong(LogSegment::writtenLength).sum(),
                segments().mapToLong(LogSegment::fileLength).sum(),
                epochs.stream().toList(),
                problem == null ? null : problem.getMessage());
    }

    /**
     * The figures of a log as they are printed; -1 and null are "none".
     *
     * @param sources of a journal, the one furthest behind first
     * @param frameLength bytes of all frames
     * @param writtenLength bytes of all segments up to the last that is not zero
     * @param fileLength bytes of all segments, what is reserved included
     */
    record Figures(
            String log,
            int starts,
            long segments,
            long frames,
            long records,
            long controlRecords,
            long firstPlace,
            long endPlace,
            long syncedUpTo,
            Map<String, Long> byType,
            List<SourceStat.Figures> sources,
            @Nullable String minTime,
            @Nullable String maxTime,
            @Nullable String minIngestTime,
            @Nullable String maxIngestTime,
            double recordsPerSecond,
            long frameLength,
            long writtenLength,
            long fileLength,
            List<Integer> epochs,
            @Nullable String problem) {}

    private Stream<LogSegment> segments() {
        return starts.stream().flatMap(start -> start.segments().stream());
    }

    private Map<String, Long> byType(RecordTypes types) {
        Map<String, Long> byType = new LinkedHashMap<>();
        countByTypeId.forEach((typeId, count) -> byType.put(types.name(typeId), count));
        return byType;
    }

    /** Of ingest time, from the first to the last record; pauses count. */
    private double recordsPerSecond() {
        long spanNs = maxIngestTimeNs - minIngestTimeNs;
        return recordCount < 2 || spanNs <= 0 ? 0 : recordCount * NS_PER_SECOND / spanNs;
    }

    private static @Nullable String time(long timeNs) {
        return timeNs == Long.MAX_VALUE || timeNs == Long.MIN_VALUE ? null : TimeText.of(timeNs);
    }
}
