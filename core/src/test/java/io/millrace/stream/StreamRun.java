package io.millrace.stream;

import io.millrace.event.MutableEvent;
import io.millrace.state.Operator;
import io.millrace.window.Watermark;
import io.millrace.workload.OperatorDriver;
import io.millrace.workload.RecordedOutputs;
import io.millrace.workload.Snapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Runs an operator over a feed, restored so often from what it saved before. */
final class StreamRun {
    final List<String> records = new ArrayList<>();
    final Watermark watermark;
    private final Supplier<? extends Operator> maker;
    private final RecordedOutputs outputs = RecordedOutputs.into(records);
    private final int restoreInterval;
    private Operator operator;
    private OperatorDriver driver;
    private int count;

    /** @param restoreInterval events between two restores, 0 for none */
    StreamRun(Supplier<? extends Operator> maker, long outOfOrdernessNs, int restoreInterval) {
        this.maker = maker;
        this.watermark = new Watermark(outOfOrdernessNs, false);
        this.restoreInterval = restoreInterval;
        this.operator = maker.get();
        this.driver = new OperatorDriver(operator, watermark, outputs);
    }

    void onEvent(MutableEvent event) {
        if (restoreInterval > 0 && count++ % restoreInterval == 0) {
            operator = Snapshots.copy(operator, maker.get());
            driver = new OperatorDriver(operator, watermark, outputs);
        }
        driver.onEvent(event);
    }

    void onTick(long sequence) {
        driver.onTick(sequence, watermark.watermarkNs());
    }

    void onEnd(long sequence) {
        driver.onEnd(sequence);
    }

    long stateHash() {
        return operator.stateHash();
    }

    List<String> words() {
        return StreamEvents.words(operator.outputTypes(), RecordedOutputs.events(records));
    }
}
