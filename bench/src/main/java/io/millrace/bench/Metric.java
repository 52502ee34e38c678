package io.millrace.bench;

import java.util.function.ToDoubleFunction;

/** What of two subjects is compared. */
enum Metric {
    EVENTS_PER_SECOND("events/s", Sample::eventsPerSecond),
    MEGABYTES_PER_SECOND("MB/s", Sample::megabytesPerSecond),
    /** CPU time of the thread that works, the kernel's share in it included. */
    CALLER_CPU("CPU ns/event of the thread", sample -> sample.perEvent(Sample.CALLER_CPU_NS)),
    /** Of what a subject timed itself. */
    BETWEEN("ns/event between boundaries", sample -> sample.perEvent(Sample.BETWEEN_NS)),
    P50("p50 us", sample -> sample.value(Sample.P50_NS) / 1e3),
    P99("p99 us", sample -> sample.value(Sample.P99_NS) / 1e3),
    P999("p99.9 us", sample -> sample.value(Sample.P999_NS) / 1e3),
    CPU_PERCENT("CPU, % of a core", sample -> 100 * sample.value(Sample.CPU_NS) / sample.value(Sample.WALL_NS)),
    WALL_MS("ms", sample -> sample.value(Sample.WALL_NS) / 1e6);

    private final String label;
    private final ToDoubleFunction<Sample> of;

    Metric(String label, ToDoubleFunction<Sample> of) {
        this.label = label;
        this.of = of;
    }

    double of(Sample sample) {
        return of.applyAsDouble(sample);
    }

    @Override
    public String toString() {
        return label;
    }
}
