package io.millrace.bench;

import java.io.File;
import java.io.FileNotFoundException;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * Sends at planned times, whatever becomes of what was sent: a latency counts from when the event was due, so that a
 * stall is charged to every event that it delays (no coordinated omission).
 *
 * <p><b>Threading</b>: {@link #run} by the sender, {@link #received} by the receiver; the receiver's histogram is to be
 * read when it has received everything.
 */
final class OpenLoop {
    /** Sends one event. */
    @FunctionalInterface
    interface Sender {
        /** @param ordinal of the event in this run, from which {@link OpenLoop#received} knows its planned time */
        void send(int ordinal);
    }

    private static final long LATENCY_MAX_NS = 60_000_000_000L;
    private static final long LEAD_NS = 1_000_000;

    private final double gapNs;
    private final Histogram events = new Histogram(LATENCY_MAX_NS, 3);
    private final Histogram outputs = new Histogram(LATENCY_MAX_NS, 3);
    private final HistogramLogWriter log;
    private long beganNs;

    /**
     * @param name of the log file {@code open-loop-NAME.hlog} in the directory that the option {@code hlog} names
     * @param options of which {@code rate} is that of sending, in events per second
     */
    OpenLoop(String name, Map<String, String> options) throws FileNotFoundException {
        this.gapNs = 1e9 / Integer.parseInt(options.getOrDefault("rate", "100000"));
        File file = new File(options.getOrDefault("hlog", "bench/target"), "open-loop-" + name + ".hlog");
        this.log = new HistogramLogWriter(file);
        log.outputComment("[latency in ns from the planned send time; tag: " + name + "; events, outputs apart]");
        log.outputLogFormatVersion();
        log.outputStartTime(System.currentTimeMillis());
        log.outputLegend();
    }

    /** {@return how many events were sent in that time, spinning up to the planned time of each} */
    int run(long durationNs, Sender sender) {
        events.reset();
        outputs.reset();
        events.setStartTimeStamp(System.currentTimeMillis());
        beganNs = System.nanoTime() + LEAD_NS;
        int count = count(durationNs);
        for (int ordinal = 0; ordinal < count; ordinal++) {
            long dueNs = dueNs(ordinal);
            while (System.nanoTime() < dueNs) {
                Thread.onSpinWait();
            }
            sender.send(ordinal);
        }
        return count;
    }

    /** {@return how many events {@link #run} sends in that time} */
    int count(long durationNs) {
        return (int) (durationNs / gapNs);
    }

    private long dueNs(int ordinal) {
        return beganNs + (long) (ordinal * gapNs);
    }

    /** Records that the event of that ordinal has come out. */
    void received(int ordinal) {
        record(events, ordinal);
    }

    /** Records that an output has come out which the event of that ordinal caused. */
    void receivedOutput(int ordinal) {
        record(outputs, ordinal);
    }

    private void record(Histogram histogram, int ordinal) {
        histogram.recordValue(Math.min(Math.max(0, System.nanoTime() - dueNs(ordinal)), LATENCY_MAX_NS));
    }

    /** Tells the meter and the log of a run that has been received. */
    void report(Meter meter) {
        meter.latencies(events);
        if (outputs.getTotalCount() > 0) {
            meter.put(Sample.OUTPUT_P99_NS, outputs.getValueAtPercentile(99));
        }
        events.setEndTimeStamp(System.currentTimeMillis());
        log.outputIntervalHistogram(events);
    }
}
