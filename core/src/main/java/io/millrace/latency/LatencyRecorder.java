package io.millrace.latency;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import org.jspecify.annotations.Nullable;

/**
 * Takes latencies from one thread and gives them to others as histograms of nanoseconds, exact to 0.1 %.
 *
 * <p>A stage reads the clock once per batch, and events published together carry the same time, so a batch is
 * recorded in runs: one record with a count for each time that occurs in it.
 *
 * <pre>
 *   recorder.beginBatch(clock.nanoTime());
 *   for (each event) recorder.add(event.ingestTimeNs());
 *   recorder.endBatch();
 * </pre>
 *
 * <p><b>Threading</b>: {@link #record} and the batch methods by one thread, which never waits; the histograms by any
 * others. <b>Allocation</b>: none for the thread that records.
 *
 * <p><b>Source</b>: the writer-reader phaser of HdrHistogram's {@link SingleWriterRecorder}.
 */
public final class LatencyRecorder {
    /** What is longer is recorded as this long: an hour. */
    public static final long LATENCY_MAX_NS = 3_600_000_000_000L;

    private static final int DIGITS = 3;

    private final String name;
    private final SingleWriterRecorder recorder = new SingleWriterRecorder(LATENCY_MAX_NS, DIGITS);

    private long batchNowNs;
    private long runIngestTimeNs;
    private long runCount;

    private final Histogram total = newHistogram();
    private final Histogram pending = newHistogram();
    private @Nullable Histogram drained;

    /** @param name tag of its histograms in files; no blank and no comma */
    public LatencyRecorder(String name) {
        this.name = name;
    }

    /** {@return an empty histogram that fits all recorders} */
    public static Histogram newHistogram() {
        return new Histogram(LATENCY_MAX_NS, DIGITS);
    }

    public String name() {
        return name;
    }

    /**
     * Records {@code count} events of the same latency.
     *
     * @param latencyNs in nanoseconds; below 0 (a clock went back) counts as 0, above {@link #LATENCY_MAX_NS} as that
     * @param count of events, at least 0
     */
    public void record(long latencyNs, long count) {
        recorder.recordValueWithCount(clamp(latencyNs), count);
    }

    /** Begins a batch of events that are all done at the same time, given on the clock of {@code ingestTimeNs}. */
    public void beginBatch(long nowNs) {
        batchNowNs = nowNs;
        runCount = 0;
    }

    /** Adds an event to the batch. */
    public void add(long ingestTimeNs) {
        add(ingestTimeNs, 1);
    }

    /** Adds events published at one time to the batch. */
    public void add(long ingestTimeNs, long count) {
        if (ingestTimeNs != runIngestTimeNs) {
            recordRun();
            runIngestTimeNs = ingestTimeNs;
        }
        runCount += count;
    }

    /** Records what the batch still holds back. */
    public void endBatch() {
        recordRun();
    }

    /**
     * {@return what was recorded since the last call of this method} Intervals are for one reader; others take totals,
     * which do not disturb them.
     *
     * @param recycle a histogram given by an earlier call, or by {@link #newHistogram}, to be overwritten; null for a
     * new one
     */
    public synchronized Histogram intervalHistogram(@Nullable Histogram recycle) {
        drain();
        Histogram interval = copy(pending, recycle);
        pending.reset();
        return interval;
    }

    /**
     * {@return all that was recorded}
     *
     * @param recycle as for {@link #intervalHistogram}
     */
    public synchronized Histogram totalHistogram(@Nullable Histogram recycle) {
        drain();
        return copy(total, recycle);
    }

    /** Records a pause in which nothing could be measured, and with it those that would have fallen into it. */
    void recordPause(long pauseNs, long expectedIntervalNs) {
        recorder.recordValueWithExpectedInterval(clamp(pauseNs), expectedIntervalNs);
    }

    private void recordRun() {
        if (runCount > 0) {
            record(batchNowNs - runIngestTimeNs, runCount);
            runCount = 0;
        }
    }

    private void drain() {
        drained = recorder.getIntervalHistogram(drained);
        total.add(drained);
        pending.add(drained);
    }

    private static Histogram copy(Histogram source, @Nullable Histogram recycle) {
        Histogram target = recycle == null ? newHistogram() : recycle;
        source.copyInto(target);
        return target;
    }

    private static long clamp(long latencyNs) {
        return Math.min(Math.max(0, latencyNs), LATENCY_MAX_NS);
    }
}
