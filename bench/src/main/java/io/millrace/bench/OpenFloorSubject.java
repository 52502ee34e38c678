package io.millrace.bench;

import java.io.IOException;
import java.util.Map;

/** The sender alone: an event has come out when it was sent. What is late here the machine did. */
final class OpenFloorSubject implements Subject {
    private final OpenLoop loop;
    private final OpenLoop.Sender sender;

    OpenFloorSubject(Map<String, String> options) throws IOException {
        this.loop = new OpenLoop("floor", options);
        this.sender = loop::received;
    }

    @Override
    public void measure(long durationNs, Meter meter) {
        meter.begin();
        int count = loop.run(durationNs, sender);
        meter.end(count);
        loop.report(meter);
    }
}
