package io.millrace.bench;

import java.io.IOException;
import java.util.Map;

/** The sender alone: an event has come out when it was sent. What is late here the machine did. */
final class OpenFloorSubject implements Subject {
    private final OpenLoop loop;

    OpenFloorSubject(Map<String, String> options) throws IOException {
        this.loop = new OpenLoop("floor", options);
    }

    @Override
    public void measure(long durationNs, Meter meter) {
        meter.begin();
        int count = loop.run(durationNs, loop::received);
        meter.end(count);
        loop.report(meter);
    }
}
