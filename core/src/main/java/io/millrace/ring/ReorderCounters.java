package io.millrace.ring;

import io.millrace.state.Operator;
import io.millrace.status.PipelineCounter;
import io.millrace.window.ReorderBuffer;
import java.util.Arrays;
import org.agrona.concurrent.status.AtomicCounter;

/** What the reorder buffers of a pipeline count, together. */
final class ReorderCounters {
    private final ReorderBuffer[] buffers;
    private final AtomicCounter held;
    private final AtomicCounter forced;
    private final AtomicCounter late;
    private long heldBefore;
    private long forcedBefore;
    private long lateBefore;

    ReorderCounters(Operator[] operators, StageProbe probe) {
        this.buffers = Arrays.stream(operators)
                .filter(ReorderBuffer.class::isInstance)
                .map(ReorderBuffer.class::cast)
                .toArray(ReorderBuffer[]::new);
        this.held = probe.counter(PipelineCounter.REORDER_HELD);
        this.forced = probe.counter(PipelineCounter.REORDER_FORCED);
        this.late = probe.counter(PipelineCounter.REORDER_LATE);
    }

    /** Counts from now on: what was before was in another run. */
    void begin() {
        for (ReorderBuffer buffer : buffers) {
            heldBefore += buffer.heldCount();
            forcedBefore += buffer.forcedCount();
            lateBefore += buffer.lateCount();
        }
    }

    /** Shows what was counted so far; the thread of APPLY. */
    void set() {
        if (buffers.length == 0) {
            return;
        }
        long heldCount = -heldBefore;
        long forcedCount = -forcedBefore;
        long lateCount = -lateBefore;
        for (ReorderBuffer buffer : buffers) {
            heldCount += buffer.heldCount();
            forcedCount += buffer.forcedCount();
            lateCount += buffer.lateCount();
        }
        held.setRelease(heldCount);
        forced.setRelease(forcedCount);
        late.setRelease(lateCount);
    }
}
