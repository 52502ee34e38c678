package io.millrace.ops;

import io.millrace.Pipeline;
import io.millrace.journal.LogKind;
import io.millrace.journal.Recovery;
import io.millrace.journal.outbox.SinkStatus;
import io.millrace.latency.LatencyRecorder;
import io.millrace.ops.RunSummary.KeyRow;
import io.millrace.ops.RunSummary.Latency;
import io.millrace.ops.RunSummary.Position;
import io.millrace.ops.config.RunConfig;
import io.millrace.ops.config.RunConfig.PatternSection;
import io.millrace.ops.config.RunConfig.SequenceSection;
import io.millrace.ops.config.RunConfig.WindowSection;
import io.millrace.ops.format.KeyNames;
import io.millrace.ring.Cursor;
import io.millrace.ring.Outcome;
import io.millrace.status.Counters;
import io.millrace.status.PipelineCounter;
import io.millrace.window.AggregateOperator;
import io.millrace.window.WindowOperator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Takes figures of a run at the times when each can be read, and makes the summary of them. */
final class Figures {
    private static final int RANKED_COUNT = 5;
    /** An average of fewer says more of chance than of the key. */
    private static final int WORST_MIN_EVENTS = 50;

    private final RunConfig config;
    private final RunSession.Options options;
    private final KeyNames keyNames;
    private final Tally tally;
    private final long openedNs;
    private long startedNs;
    private RunSummary.@Nullable Recovery recovery;
    private long lateAtStartCount;
    private long lateCount;
    private boolean isEndDuplicate;
    private final Map<PipelineCounter, Long> countersAtStart = new LinkedHashMap<>();
    private final Map<PipelineCounter, Long> counters = new LinkedHashMap<>();
    private final Map<String, Position> cursors = new LinkedHashMap<>();
    private final List<Latency> latencies = new ArrayList<>();
    private RunSummary.@Nullable Input input;
    private List<SinkStatus> sinks = List.of();

    Figures(RunConfig config, RunSession.Options options, KeyNames keyNames, long openedNs) {
        this.config = config;
        this.options = options;
        this.keyNames = keyNames;
        this.tally = new Tally(config);
        this.openedNs = openedNs;
    }

    KeyNames keyNames() {
        return keyNames;
    }

    Tally tally() {
        return tally;
    }

    void started(Pipeline pipeline, Recovery of, long nowNs) {
        startedNs = nowNs;
        recovery = new RunSummary.Recovery(
                of.start() == 1,
                pipeline.recoveredCount(),
                pipeline.restoredOutputCount(),
                of.lostOutputCount(),
                of.quarantined(),
                (nowNs - openedNs) / 1e9);
        lateAtStartCount = pipeline.watermark().lateCount();
        takeCounters(pipeline.counters(), countersAtStart);
    }

    /** Takes what became of the end that a flush published: it is no event of the input. */
    void ended(long outcome) {
        isEndDuplicate = Outcome.isDuplicate(outcome);
    }

    void drained(Pipeline pipeline, List<LatencyRecorder> recorders, long rowCount, long badRowCount, long nowNs) {
        double seconds = (nowNs - startedNs) / 1e9;
        input = new RunSummary.Input(
                config.input().file(), rowCount, badRowCount, seconds, rowCount / seconds, options.ratePerSecond());
        takeCounters(pipeline.counters(), counters);
        recorders.forEach(recorder -> latencies.add(latency(recorder)));
    }

    /** Takes how the sinks are doing when nothing more comes. */
    void delivered(List<SinkStatus> statuses) {
        sinks = statuses;
    }

    private static void takeCounters(Counters from, Map<PipelineCounter, Long> to) {
        for (PipelineCounter counter : PipelineCounter.values()) {
            to.put(counter, from.counter(counter).get());
        }
    }

    private void takeCursors(Pipeline pipeline) {
        long lastSequence = pipeline.admitted().sequence();
        cursors.put("published", new Position(pipeline.published(), lastSequence));
        cursors.put("admitted", position(pipeline.admitted()));
        cursors.put("journaled", position(pipeline.journaled()));
        cursors.put("applied", position(pipeline.applied()));
        cursors.put("synced", position(pipeline.synced()));
        cursors.put("emitted", position(pipeline.emitted()));
    }

    private static Position position(Cursor cursor) {
        return new Position(cursor.ticket(), cursor.sequence());
    }

    private static Latency latency(LatencyRecorder recorder) {
        Histogram total = recorder.totalHistogram(null);
        return new Latency(
                recorder.name(),
                total.getTotalCount(),
                total.getValueAtPercentile(50),
                total.getValueAtPercentile(99),
                total.getValueAtPercentile(99.9),
                total.getMaxValue());
    }

    /** Makes the summary; the pipeline must have stopped. */
    RunSummary summary(String end, Pipeline pipeline, Operators operators) {
        takeCursors(pipeline); // the last sync comes when it closes
        lateCount = pipeline.watermark().lateCount() - lateAtStartCount;
        if (input == null || recovery == null) {
            throw new IllegalStateException("no figures yet (expected: drained before summary)");
        }
        return new RunSummary(
                config.pipeline().name(),
                config.file(),
                end,
                options.isFlushing() && end.equals(RowPublisher.END_OF_INPUT),
                input,
                recovery,
                events(),
                outputs(operators),
                ranking(),
                keyRows(tally.busiest(RANKED_COUNT)),
                keyRows(tally.worst(WORST_MIN_EVENTS, RANKED_COUNT)),
                latencies,
                cursors,
                sinks.stream().map(Figures::figures).toList(),
                files());
    }

    private static RunSummary.SinkFigures figures(SinkStatus sink) {
        return new RunSummary.SinkFigures(
                sink.name(),
                word(sink.state()),
                word(sink.delivery()),
                sink.position(),
                sink.deliveredCount(),
                sink.behindCount(),
                sink.failureCount(),
                sink.lastFailure());
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** {@return what was counted since the start: the replay counts too} */
    private long counter(PipelineCounter counter) {
        return counters.getOrDefault(counter, 0L) - countersAtStart.getOrDefault(counter, 0L);
    }

    private RunSummary.Events events() {
        return new RunSummary.Events(
                counter(PipelineCounter.EVENTS_ACCEPTED),
                counter(PipelineCounter.EVENTS_DUPLICATE) - (isEndDuplicate ? 1 : 0),
                counter(PipelineCounter.EVENTS_TOO_OLD),
                counter(PipelineCounter.EVENTS_SKEWED),
                counter(PipelineCounter.EVENTS_INVALID),
                lateCount,
                counter(PipelineCounter.REORDER_HELD),
                counter(PipelineCounter.REORDER_FORCED),
                counter(PipelineCounter.EVENTS_UNTRACKED));
    }

    private RunSummary.Outputs outputs(Operators operators) {
        return new RunSummary.Outputs(
                written(config.windows(), WindowSection::name),
                tally.streams(),
                patterns(),
                operators.losses(),
                counter(PipelineCounter.OUTPUTS_EMITTED),
                openWindowCount(operators),
                Math.max(0, counters.getOrDefault(PipelineCounter.REORDER_WAITING, 0L)));
    }

    private static long openWindowCount(Operators operators) {
        return operators.every(WindowOperator.class).stream()
                        .mapToLong(WindowOperator::openWindowCount)
                        .sum()
                + operators.every(AggregateOperator.class).stream()
                        .mapToLong(AggregateOperator::openWindowCount)
                        .sum();
    }

    private Map<String, Long> patterns() {
        Map<String, Long> counts = written(config.patterns(), PatternSection::name);
        List<SequenceSection> alone = config.sequences().stream()
                .filter(section -> !config.items().isOfSet(section))
                .toList();
        counts.putAll(written(alone, SequenceSection::name));
        config.items().sets().forEach(set -> counts.put(set, tally.outputCount(set)));
        return counts;
    }

    private <T> Map<String, Long> written(List<T> sections, Function<T, String> name) {
        Map<String, Long> counts = new LinkedHashMap<>();
        sections.forEach(section -> counts.put(name.apply(section), tally.outputCount(name.apply(section))));
        return counts;
    }

    private RunSummary.@Nullable Ranking ranking() {
        WindowSection ranked = tally.ranked();
        if (ranked == null || config.input().key() == null) {
            return null;
        }
        return new RunSummary.Ranking(
                config.input().key().column(),
                ranked.type().name(),
                ranked.value().name(),
                WORST_MIN_EVENTS);
    }

    private List<KeyRow> keyRows(List<Tally.KeyTally> tallies) {
        return tallies.stream()
                .map(key ->
                        new KeyRow(keyNames.show(key.key()), key.count(), key.average(), key.max(), key.matchCount()))
                .toList();
    }

    private RunSummary.Files files() {
        Path data = options.dataDirectory().toAbsolutePath().normalize();
        return new RunSummary.Files(
                data.toString(),
                data.resolve(LogKind.JOURNAL.directoryName()).toString(),
                data.resolve(LogKind.OUTBOX.directoryName()).toString(),
                data.resolve(LogKind.DEAD_LETTERS.directoryName()).toString(),
                config.hlog() == null ? null : data.resolve(config.hlog()).toString());
    }
}
