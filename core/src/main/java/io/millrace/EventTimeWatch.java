package io.millrace;

import io.millrace.status.Counters;
import io.millrace.status.PipelineCounter;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * Looks, beside the message path, whether event time moves while events come, says which source holds it if it does
 * not, and has a source that is silent for too long marked idle.
 *
 * <p>The clock only decides when the writer is asked for the marker; the marker is in the journal, so a replay needs no
 * clock.
 *
 * <p><b>Threading</b>: one thread, any but the pipeline's own; it reads counters.
 */
public final class EventTimeWatch {
    private static final long NS_PER_SECOND = 1_000_000_000;

    private final Pipeline pipeline;
    private final Counters counters;
    private final long warnAfterNs;
    private final long idleAfterNs;
    private final Consumer<String> warnings;
    private final long beganNs;

    private long watermarkNs;
    private long stillSinceNs;
    private long acceptedBefore;
    private boolean isWarned;
    private boolean isMarked;
    private long markedSource;

    /**
     * Begins to watch a pipeline that has started.
     *
     * @param warnAfterNs how long event time may stand still while events come, in nanoseconds; 0 for ever
     * @param idleAfterNs how long the source that holds event time may be silent before it is marked idle, in
     *     nanoseconds; 0 for ever
     * @param warnings takes what people should know
     * @param nowNs nanoseconds since the epoch
     */
    public EventTimeWatch(
            Pipeline pipeline, long warnAfterNs, long idleAfterNs, Consumer<String> warnings, long nowNs) {
        this.pipeline = pipeline;
        this.counters = pipeline.counters();
        this.warnAfterNs = warnAfterNs;
        this.idleAfterNs = idleAfterNs;
        this.warnings = warnings;
        this.beganNs = nowNs;
        restart(nowNs);
    }

    private long get(PipelineCounter counter) {
        return counters.counter(counter).get();
    }

    private void restart(long nowNs) {
        watermarkNs = get(PipelineCounter.WATERMARK_NS);
        stillSinceNs = nowNs;
        acceptedBefore = get(PipelineCounter.EVENTS_ACCEPTED);
        isWarned = false;
    }

    /** Looks once; several times within the shortest of the times given. */
    public void look(long nowNs) {
        markIdle(nowNs);
        if (get(PipelineCounter.WATERMARK_NS) != watermarkNs) {
            boolean wasWarned = isWarned;
            restart(nowNs);
            if (wasWarned) {
                warnings.accept("event time moves again: watermark=" + time(watermarkNs));
            }
        } else if (!isWarned && warnAfterNs > 0 && nowNs - stillSinceNs >= warnAfterNs) {
            warn(nowNs);
        }
    }

    private void warn(long nowNs) {
        long count = get(PipelineCounter.EVENTS_ACCEPTED) - acceptedBefore;
        if (count == 0) {
            // Nothing comes, so nothing is expected to move.
            stillSinceNs = nowNs;
            return;
        }
        isWarned = true;
        String what = "event time stands still: watermark=" + time(watermarkNs) + " for "
                + (nowNs - stillSinceNs) / NS_PER_SECOND + " s, events=" + count;
        if (get(PipelineCounter.SOURCES_ACTIVE) <= 0) {
            warnings.accept(what + " (expected: times that go on); an event far ahead of them was accepted, lower"
                    + " maxSkew");
        } else {
            long source = get(PipelineCounter.SOURCE_HOLDING);
            warnings.accept(what + ", held by source=" + source + " which was silent for "
                    + silentNs(nowNs) / NS_PER_SECOND + " s (expected: an event of each active source now and then);"
                    + " have it publish, mark it idle, or set sourceIdleAfter");
        }
    }

    private long silentNs(long nowNs) {
        return nowNs - Math.max(beganNs, get(PipelineCounter.SOURCE_HOLDING_SINCE_NS));
    }

    /** Once for each time that the source is silent: the marker takes a while to be seen. */
    private void markIdle(long nowNs) {
        boolean isHeld = idleAfterNs > 0 && get(PipelineCounter.SOURCES_ACTIVE) > 0;
        long source = get(PipelineCounter.SOURCE_HOLDING);
        if (!isHeld || silentNs(nowNs) < idleAfterNs) {
            isMarked = false;
        } else if (!(isMarked && markedSource == source) && pipeline.requestIdle((int) source)) {
            isMarked = true;
            markedSource = source;
            warnings.accept("source=" + source + " was silent for " + silentNs(nowNs) / NS_PER_SECOND
                    + " s: marked idle, event time does not wait for it until its next event");
        }
    }

    private static String time(long timeNs) {
        if (timeNs == Long.MIN_VALUE || timeNs == Long.MAX_VALUE) {
            return timeNs < 0 ? "none" : "end";
        }
        return Instant.ofEpochSecond(Math.floorDiv(timeNs, NS_PER_SECOND), Math.floorMod(timeNs, NS_PER_SECOND))
                .toString();
    }
}
