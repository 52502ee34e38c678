package io.millrace.ops;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run did, as it is printed: as text by {@link SummaryText}, or field by field as JSON.
 *
 * @param pipeline its name
 * @param config file it was configured by
 * @param end why it ended: {@code end of input}, {@code SIGINT}, {@code SIGTERM}, {@code bad row} or
 *     {@code storage full}
 * @param flushed whether event time was moved to its end, so that every window closed
 * @param busiest keys with the most events of this run
 * @param worst keys with the highest average of this run
 * @param latencies {@code admit} to {@code emit} (end to end) from publication, with a rate {@code behind-plan},
 *     and {@code hiccup}, the jitter floor
 * @param cursors stage to how far it has come
 */
record RunSummary(
        String pipeline,
        String config,
        String end,
        boolean flushed,
        Input input,
        Recovery recovery,
        Events events,
        Outputs outputs,
        @Nullable Ranking ranking,
        List<KeyRow> busiest,
        List<KeyRow> worst,
        List<Latency> latencies,
        Map<String, Position> cursors,
        List<SinkFigures> sinks,
        Files files) {

    /** What was read. */
    record Input(String file, long rows, long badRows, double seconds, double rowsPerSecond, long ratePerSecond) {}

    /**
     * What earlier runs had left.
     *
     * @param records accepted, ends of input among them
     * @param restoredOutputs that the outbox did not have yet
     * @param lostOutputs left out because the journal lost their cause
     * @param leftOut what could not be recovered: file, offset, length, reason
     */
    record Recovery(
            boolean isNew,
            long records,
            long restoredOutputs,
            long lostOutputs,
            List<String> leftOut,
            double seconds) {}

    /**
     * What became of the events of this run.
     *
     * @param late behind event time when they came
     * @param waited until they were in order, for each pattern
     * @param forced of those that went on early, as too many waited
     * @param untracked of sources for which there was no room, so that they moved no time
     */
    record Events(
            long accepted,
            long duplicates,
            long tooOld,
            long skewed,
            long invalid,
            long late,
            long waited,
            long forced,
            long untracked) {}

    /**
     * Outputs of this run by operator, and what is still to come.
     *
     * @param streams by the name of the output
     * @param losses of each operator that left something out since its state began: why, and how often
     * @param eventsWaiting until they are in order, for each operator that needs it
     */
    record Outputs(
            Map<String, Long> windows,
            Map<String, Long> streams,
            Map<String, Long> patterns,
            Map<String, Map<String, Long>> losses,
            long written,
            long windowsOpen,
            long eventsWaiting) {}

    /** What the ranked columns mean. */
    record Ranking(String key, String event, String value, int worstMinEvents) {}

    /** One key of a ranking. */
    record KeyRow(String key, long events, double average, long max, long matches) {}

    /** Percentiles in nanoseconds. */
    record Latency(String stage, long count, long p50Ns, long p99Ns, long p999Ns, long maxNs) {}

    /** A place in the ring of this run and in the journal. */
    record Position(long ticket, long sequence) {}

    /**
     * How a sink is doing.
     *
     * @param position ordinal of the first output that it has not taken
     * @param delivered outputs that it took in this run
     * @param behind outputs that it has not taken
     * @param lastFailure what it threw last, null if it never did
     */
    record SinkFigures(
            String name,
            String state,
            String delivery,
            long position,
            long delivered,
            long behind,
            long failures,
            @Nullable String lastFailure) {}

    /** Where everything is. */
    record Files(
            String data,
            String journal,
            String outbox,
            String deadLetters,
            @Nullable String hlog) {}
}
