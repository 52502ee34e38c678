package io.millrace.ring;

import io.millrace.status.PipelineCounter;
import java.util.function.IntSupplier;

/** A duty cycle of the chain's user, run beside the stages. */
final class LoopStage implements Stage {
    private final String name;
    private final IntSupplier doWork;
    private final Runnable stop;
    private final StageProbe probe;

    LoopStage(String name, IntSupplier doWork, Runnable stop, PipelineParts parts) {
        this.name = name;
        this.doWork = doWork;
        this.stop = stop;
        this.probe = parts.probe(null, PipelineCounter.SEQUENCER_CYCLE_MAX_NS);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public StageProbe probe() {
        return probe;
    }

    @Override
    public int doWork() {
        return doWork.getAsInt();
    }

    @Override
    public void stop() {
        stop.run();
    }
}
