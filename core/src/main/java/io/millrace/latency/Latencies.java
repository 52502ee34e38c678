package io.millrace.latency;

import java.util.ArrayList;
import java.util.List;

/**
 * The latency recorders of one pipeline, one for each stage.
 *
 * <p><b>Threading</b>: each recorder has one writer, the thread of its stage; any thread may read.
 */
public final class Latencies {
    private final List<LatencyRecorder> recorders;

    public Latencies() {
        List<LatencyRecorder> list = new ArrayList<>();
        for (LatencyStage stage : LatencyStage.values()) {
            list.add(new LatencyRecorder(stage.tag()));
        }
        recorders = List.copyOf(list);
    }

    public LatencyRecorder recorder(LatencyStage stage) {
        return recorders.get(stage.ordinal());
    }

    /** {@return all recorders in the order of {@link LatencyStage}} */
    public List<LatencyRecorder> recorders() {
        return recorders;
    }
}
