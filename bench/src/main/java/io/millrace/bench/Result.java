package io.millrace.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The intervals of one subject, and of those the ones that count: the first quiet ones, else the quietest. */
final class Result {
    private final String subject;
    private final Metric metric;
    private final int noisePercent;
    private final int stolenMaxMs;
    private final int wanted;
    private final List<Sample> samples = new ArrayList<>();

    /**
     * Begins without intervals.
     *
     * @param noisePercent of the machine's CPU time that others may take in a quiet interval
     * @param stolenMaxMs that the host may take from the machine's CPUs in one
     * @param wanted quiet intervals
     */
    Result(String subject, Metric metric, int noisePercent, int stolenMaxMs, int wanted) {
        this.subject = subject;
        this.metric = metric;
        this.noisePercent = noisePercent;
        this.stolenMaxMs = stolenMaxMs;
        this.wanted = wanted;
    }

    String subject() {
        return subject;
    }

    void add(Sample sample) {
        samples.add(sample);
    }

    boolean isEnough() {
        return samples.stream().filter(this::isQuiet).count() >= wanted;
    }

    boolean isNoisy() {
        return counted().stream().anyMatch(sample -> !isQuiet(sample));
    }

    private boolean isQuiet(Sample sample) {
        return sample.othersPercent() <= noisePercent && sample.stolenMs() <= stolenMaxMs;
    }

    /** {@return the intervals that count, by the metric} */
    List<Sample> counted() {
        List<Sample> chosen = isEnough()
                ? samples.stream().filter(this::isQuiet).limit(wanted).toList()
                : samples.stream()
                        .sorted(Comparator.comparingDouble(sample ->
                                Math.max(sample.othersPercent() / noisePercent, sample.stolenMs() / stolenMaxMs)))
                        .limit(wanted)
                        .toList();
        return chosen.stream().sorted(Comparator.comparingDouble(metric::of)).toList();
    }

    Sample median() {
        List<Sample> counted = counted();
        return counted.get(counted.size() / 2);
    }

    double value() {
        return metric.of(median());
    }

    /** {@return a row of the table whose head is {@link #head}} */
    String row() {
        Sample m = median();
        String all = counted().stream().map(sample -> number(metric.of(sample))).collect(Collectors.joining(" / "));
        return "| %s | %s | %s | %s | %s | %s | %s | %s | %s | %.0f | %.0f%s |"
                .formatted(
                        subject,
                        number(m.eventsPerSecond()),
                        all,
                        number(m.perEvent(Sample.WALL_NS)),
                        number(m.perEvent(Sample.CPU_NS)),
                        number(m.perEvent(Sample.CALLER_CPU_NS)),
                        bytes(m.perEvent(Sample.PATH_ALLOCATED)),
                        bytes(m.perEvent(Sample.ALLOCATED)),
                        m.value(Sample.BYTES) > 0 ? number(m.megabytesPerSecond()) : "",
                        m.othersPercent(),
                        m.stolenMs(),
                        isNoisy() ? " NOISY" : "");
    }

    static String head(Metric metric) {
        return "| subject | events/s | " + metric + ", intervals | ns/event | CPU ns/event | of the caller"
                + " | B/event, path | B/event, all | MB/s | others % | stolen ms |\n"
                + "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|";
    }

    /** {@return a row of the table of latencies, in microseconds} */
    String latencyRow() {
        Sample m = median();
        return "| %s | %s | %s | %s | %s | %s | %s | %s |"
                .formatted(
                        subject,
                        number(m.value(Sample.P50_NS) / 1e3),
                        number(m.value(Sample.P99_NS) / 1e3),
                        number(m.value(Sample.P999_NS) / 1e3),
                        number(m.value(Sample.MAX_NS) / 1e3),
                        number(m.value(Sample.OUTPUT_P99_NS) / 1e3),
                        m.has(Sample.MINOR_FAULTS) ? number(1e6 / m.megabytesPerSecond()) : "",
                        number(m.value(Sample.MINOR_FAULTS)));
    }

    boolean hasLatencies() {
        return median().has(Sample.P99_NS);
    }

    static String latencyHead() {
        return "| subject | p50 us | p99 us | p99.9 us | max us | outputs p99 us | us/MB | minor faults |\n"
                + "|---|--:|--:|--:|--:|--:|--:|--:|";
    }

    private static String number(double value) {
        if (!Double.isFinite(value)) {
            return "";
        }
        return String.format(Locale.ROOT, value >= 1000 ? "%,.0f" : value >= 100 ? "%.0f" : "%.1f", value);
    }

    /** Not rounded to zero: 0 stands for no byte at all. */
    private static String bytes(double value) {
        if (!Double.isFinite(value)) {
            return "";
        }
        return value == 0 ? "0" : String.format(Locale.ROOT, value >= 1 ? "%.1f" : "%.5f", value);
    }
}
