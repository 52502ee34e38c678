package io.millrace.ops;

import io.millrace.latency.LatencyRecorder;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * Writes the latencies of a run to a histogram log ({@code .hlog}, version 1.3), which HdrHistogram's own tools read:
 * one line per interval and recorder, with the recorder's name as its tag, values in nanoseconds, maxima shown in
 * milliseconds.
 *
 * <p>It is the one reader of its recorders' intervals; totals stay free for others. The caller says when an interval
 * ends.
 *
 * <p><b>Threading</b>: one thread. <b>Allocation</b>: per interval. <b>Failure</b>: the file system's is thrown at
 * once when the file is made; while lines are written it is swallowed by the writer, so a run does not end for its
 * statistics.
 */
final class HistogramLog implements AutoCloseable {
    private final HistogramLogWriter writer;
    private final List<LatencyRecorder> recorders;
    private final List<Histogram> recycled = new ArrayList<>();
    private long beganMs;

    /**
     * Begins a log; what the recorders took before belongs to its first interval.
     *
     * @param output that this log closes in the end
     * @param nowMs when the first interval begins, in milliseconds since the epoch
     */
    HistogramLog(OutputStream output, List<LatencyRecorder> recorders, long nowMs) {
        this.writer = new HistogramLogWriter(output);
        this.recorders = List.copyOf(recorders);
        this.beganMs = nowMs;
        for (int i = 0; i < recorders.size(); i++) {
            recycled.add(LatencyRecorder.newHistogram());
        }
        writer.outputComment("[Latencies in ns, tagged by stage; hiccup is the machine's own jitter]");
        writer.outputLogFormatVersion();
        writer.outputStartTime(nowMs);
        writer.setBaseTime(nowMs);
        writer.outputLegend();
    }

    /** {@return a log in a new file; its directory must exist} */
    static HistogramLog create(Path file, List<LatencyRecorder> recorders, long nowMs) {
        try {
            return new HistogramLog(Files.newOutputStream(file), recorders, nowMs);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot write histogram log: file=" + file + " (expected: a file that may be made); " + e, e);
        }
    }

    /** Ends an interval for all recorders; one without events leaves no line. */
    void tick(long nowMs) {
        for (int i = 0; i < recorders.size(); i++) {
            LatencyRecorder recorder = recorders.get(i);
            Histogram interval = recorder.intervalHistogram(recycled.get(i));
            if (interval.getTotalCount() > 0) {
                interval.setTag(recorder.name());
                interval.setStartTimeStamp(beganMs);
                interval.setEndTimeStamp(nowMs);
                writer.outputIntervalHistogram(interval);
            }
        }
        beganMs = nowMs;
    }

    @Override
    public void close() {
        writer.close();
    }
}
