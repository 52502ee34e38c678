package io.millrace.ring;

import io.millrace.state.Operator;
import io.millrace.status.PipelineCounter;
import io.millrace.window.ReorderBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.status.AtomicCounter;

/** What the reorder buffers of a pipeline count, together. */
final class ReorderCounters {
    private final AtomicCounter waiting;
    private final AtomicCounter held;
    private final AtomicCounter forced;
    private final AtomicCounter late;
    private ReorderBuffer[] buffers = {};
    /** Counted by buffers that are gone, less what those that are there had counted when they came. */
    private long heldElsewhere;

    private long forcedElsewhere;
    private long lateElsewhere;

    ReorderCounters(Operator[] operators, StageProbe probe) {
        this.waiting = probe.counter(PipelineCounter.REORDER_WAITING);
        this.held = probe.counter(PipelineCounter.REORDER_HELD);
        this.forced = probe.counter(PipelineCounter.REORDER_FORCED);
        this.late = probe.counter(PipelineCounter.REORDER_LATE);
        operators(operators);
    }

    /** Takes other operators: what those that are gone have counted stays counted. */
    void operators(Operator[] operators) {
        ReorderBuffer[] before = buffers;
        List<ReorderBuffer> found = new ArrayList<>();
        find(Arrays.asList(operators), found);
        buffers = found.toArray(new ReorderBuffer[0]);
        List<ReorderBuffer> now = Arrays.asList(buffers);
        Arrays.stream(before).filter(buffer -> !now.contains(buffer)).forEach(buffer -> add(buffer, 1));
        Arrays.stream(buffers)
                .filter(buffer -> !Arrays.asList(before).contains(buffer))
                .forEach(buffer -> add(buffer, -1));
    }

    private static void find(List<Operator> operators, List<ReorderBuffer> found) {
        for (Operator operator : operators) {
            if (operator instanceof ReorderBuffer buffer) {
                found.add(buffer);
            }
            find(operator.operators(), found);
        }
    }

    private void add(ReorderBuffer buffer, int sign) {
        heldElsewhere += sign * buffer.heldCount();
        forcedElsewhere += sign * buffer.forcedCount();
        lateElsewhere += sign * buffer.lateCount();
    }

    /** Counts from now on: what was before was in another run. */
    void begin() {
        heldElsewhere = 0;
        forcedElsewhere = 0;
        lateElsewhere = 0;
        for (ReorderBuffer buffer : buffers) {
            add(buffer, -1);
        }
    }

    /** Shows what was counted so far; the thread of APPLY. */
    void set() {
        long heldCount = heldElsewhere;
        long forcedCount = forcedElsewhere;
        long lateCount = lateElsewhere;
        long waitingCount = 0;
        for (ReorderBuffer buffer : buffers) {
            waitingCount += buffer.waitingCount();
            heldCount += buffer.heldCount();
            forcedCount += buffer.forcedCount();
            lateCount += buffer.lateCount();
        }
        waiting.setRelease(waitingCount);
        held.setRelease(heldCount);
        forced.setRelease(forcedCount);
        late.setRelease(lateCount);
    }
}
