package io.millrace.ring;

import io.millrace.status.PipelineCounter;
import io.millrace.window.Watermark;
import org.agrona.concurrent.status.AtomicCounter;

/** Shows other threads how far event time is, and which source it waits for. */
final class TimeCounters {
    private final Watermark watermark;
    private final AtomicCounter late;
    private final AtomicCounter watermarkNs;
    private final AtomicCounter active;
    private final AtomicCounter idle;
    private final AtomicCounter holding;
    private final AtomicCounter holdingSinceNs;
    private final AtomicCounter untracked;
    private long lateBefore;
    private long untrackedBefore;

    TimeCounters(Watermark watermark, StageProbe probe) {
        this.watermark = watermark;
        this.late = probe.counter(PipelineCounter.EVENTS_LATE);
        this.watermarkNs = probe.counter(PipelineCounter.WATERMARK_NS);
        this.active = probe.counter(PipelineCounter.SOURCES_ACTIVE);
        this.idle = probe.counter(PipelineCounter.SOURCES_IDLE);
        this.holding = probe.counter(PipelineCounter.SOURCE_HOLDING);
        this.holdingSinceNs = probe.counter(PipelineCounter.SOURCE_HOLDING_SINCE_NS);
        this.untracked = probe.counter(PipelineCounter.EVENTS_UNTRACKED);
    }

    /** Counts from now on: what was before was in another run. */
    void begin() {
        lateBefore = watermark.lateCount();
        untrackedBefore = watermark.untrackedCount();
        set();
    }

    /** Shows where event time is now; the thread of APPLY. */
    void set() {
        late.setRelease(watermark.lateCount() - lateBefore);
        watermarkNs.setRelease(watermark.watermarkNs());
        if (watermark.isApart()) {
            untracked.setRelease(watermark.untrackedCount() - untrackedBefore);
            active.setRelease(watermark.activeSourceCount());
            idle.setRelease(watermark.idleSourceCount());
            boolean isHeld = watermark.isHeld();
            holding.setRelease(isHeld ? watermark.holdingSourceId() : -1);
            holdingSinceNs.setRelease(isHeld ? watermark.holdingSinceNs() : -1);
        }
    }
}
