package io.millrace.ring;

import io.millrace.latency.LatencyRecorder;
import io.millrace.status.Counters;
import io.millrace.status.DutyCycle;
import io.millrace.status.ErrorLog;
import io.millrace.status.PipelineCounter;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.status.AtomicCounter;
import org.jspecify.annotations.Nullable;

/**
 * What a stage tells the outside: cursors, counts, latencies and its longest duty cycle. One time stamp per batch ends
 * the batch, begins that of the next stage on the same thread, and is the time of the latencies.
 *
 * <p><b>Threading</b>: the thread of the stage. <b>Allocation</b>: none, but for errors.
 */
final class StageProbe {
    private final EpochNanoClock clock;
    private final Counters counters;
    private final ErrorLog errors;
    private final DutyCycle dutyCycle;
    private final @Nullable LatencyRecorder latencies;
    private ThreadTime time = new ThreadTime();
    private long beganNs;

    StageProbe(
            EpochNanoClock clock,
            Counters counters,
            ErrorLog errors,
            PipelineCounter cycleMaxNs,
            @Nullable LatencyRecorder latencies) {
        this.clock = clock;
        this.counters = counters;
        this.errors = errors;
        this.dutyCycle = new DutyCycle(counters.counter(cycleMaxNs));
        this.latencies = latencies;
    }

    /** The last time stamp of one thread's duty cycle, 0 at its begin. */
    static final class ThreadTime {
        private long lastNs;
        private final IngestTimes ingestTimes = new IngestTimes();

        void beginCycle() {
            lastNs = 0;
            ingestTimes.clear();
        }
    }

    /** Shares the time stamps of the thread that the stage runs on. */
    void share(ThreadTime threadTime) {
        time = threadTime;
    }

    /** Begins a duty cycle of a stage that is polled alone. */
    void beginCycle() {
        time.beginCycle();
    }

    /** Begins a batch. */
    void begin() {
        beganNs = time.lastNs == 0 ? clock.nanoTime() : time.lastNs;
    }

    /** Ends a batch without events of its own. */
    void end() {
        time.lastNs = clock.nanoTime();
        dutyCycle.record(beganNs, time.lastNs);
    }

    /** Ends a batch: every record in it is this stage's age old. Before the cursor moves on, which frees the slots. */
    void end(EventRing ring, long from, long to) {
        end();
        if (latencies != null) {
            latencies.beginBatch(time.lastNs);
            time.ingestTimes.addTo(latencies, ring, from, to);
            latencies.endBatch();
        }
    }

    AtomicCounter counter(PipelineCounter counter) {
        return counters.counter(counter);
    }

    /** Counts an attempt of a handler that threw. */
    void handlerFailed(Throwable error) {
        counter(PipelineCounter.SUBSCRIBER_ERRORS).incrementRelease();
        errors.onError(error);
    }

    /** Logs that a handler gets nothing more. */
    void handlerHalted(Throwable error) {
        errors.onError(error);
    }
}
