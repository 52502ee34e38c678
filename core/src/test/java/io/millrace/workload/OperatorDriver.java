package io.millrace.workload;

import io.millrace.event.Event;
import io.millrace.event.Outputs;
import io.millrace.state.Operator;
import io.millrace.window.Watermark;

/** Runs one operator as APPLY does: event time first, step by step, then the event. */
public final class OperatorDriver {
    private final Operator operator;
    private final Watermark watermark;
    private final RecordedOutputs outputs;

    public OperatorDriver(Operator operator, long outOfOrdernessNs, RecordedOutputs outputs) {
        this(operator, new Watermark(outOfOrdernessNs, false), outputs);
    }

    public OperatorDriver(Operator operator, Watermark watermark, RecordedOutputs outputs) {
        this.operator = operator;
        this.watermark = watermark;
        this.outputs = outputs;
    }

    public void onEvent(Event event) {
        outputs.cause(event.sequence());
        advanceTo(watermark.onEvent(event.timestampNs()), false);
        operator.onEvent(event, outputs.step(operator.maxOutputsPerStep()));
        while (operator.hasMore()) {
            operator.putOutMore(outputs.step(operator.maxOutputsPerStep()));
        }
    }

    /** Moves time without an event. */
    public void onTick(long sequence, long watermarkNs) {
        outputs.cause(sequence);
        advanceTo(watermarkNs, true);
    }

    public void onEnd(long sequence) {
        outputs.cause(sequence);
        advanceTo(watermark.onEnd(), true);
    }

    private void advanceTo(long watermarkNs, boolean idle) {
        Outputs step = outputs.step(operator.maxOutputsPerStep());
        while (!operator.advanceTo(watermarkNs, idle, step)) {
            step = outputs.step(operator.maxOutputsPerStep());
        }
    }
}
