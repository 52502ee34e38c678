package io.millrace.bench;

import io.millrace.latency.HiccupMeter;

/** A JVM that does nothing but to look how late its sleeps end: the jitter floor. */
final class HiccupSubject implements Subject {
    private final HiccupMeter hiccups = new HiccupMeter().start();

    @Override
    public void measure(long durationNs, Meter meter) {
        hiccups.recorder().intervalHistogram(null);
        meter.begin();
        Pause.forNs(durationNs);
        meter.end(durationNs / HiccupMeter.INTERVAL_DEFAULT_NS);
        meter.latencies(hiccups.recorder().intervalHistogram(null));
    }

    @Override
    public void close() {
        hiccups.close();
    }
}
