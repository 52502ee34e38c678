package io.millrace.stream;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.event.Outputs;
import io.millrace.state.Operator;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;

/** Puts out each event as it is, and refuses those that are not ahead of the time it was told. */
final class Passed implements Operator {
    private long watermarkNs = Long.MIN_VALUE;

    @Override
    public String name() {
        return "passed";
    }

    @Override
    public int maxOutputsPerStep() {
        return 1;
    }

    @Override
    public boolean advanceTo(long newWatermarkNs, boolean idle, Outputs outputs) {
        if (newWatermarkNs < watermarkNs) {
            throw new AssertionError("time went back from " + watermarkNs + " to " + newWatermarkNs);
        }
        watermarkNs = newWatermarkNs;
        return true;
    }

    @Override
    public void onEvent(Event event, Outputs outputs) {
        if (event.timestampNs() <= watermarkNs) {
            throw new AssertionError(event.timestampNs() + " came late, at " + watermarkNs);
        }
        MutableEvent output = outputs.claim(event.typeId(), event.payloadLength());
        output.key(event.key()).timestampNs(event.timestampNs()).schemaVersion(event.schemaVersion());
        output.buffer().putBytes(Event.HEADER_LENGTH, event.buffer(), Event.HEADER_LENGTH, event.payloadLength());
        outputs.commit();
    }

    @Override
    public long nextDeadlineNs() {
        return Long.MAX_VALUE;
    }

    @Override
    public void save(StateWriter writer) {
        writer.putLong(watermarkNs);
    }

    @Override
    public void load(StateReader reader) {
        watermarkNs = reader.getLong();
    }
}
