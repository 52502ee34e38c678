package io.millrace;

import io.millrace.status.Counters;
import io.millrace.status.PipelineCounter;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/**
 * Looks, beside the message path, whether event time moves while events come, says which source holds it if it does
 * not, and has a source that is silent for too long marked idle. It also says, at most once a minute each, that events
 * were refused as their time is too far ahead, that there are too many sources, and that a reorder buffer is too small.
 *
 * <p>The clock only decides when the writer is asked for the marker; the marker is in the journal, so a replay needs no
 * clock.
 *
 * <p><b>Threading</b>: one thread, any but the pipeline's own; it reads counters.
 */
public final class EventTimeWatch {
    private static final long NS_PER_SECOND = 1_000_000_000;
    private static final long REPEAT_NS = 60 * NS_PER_SECOND;

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
    private final List<Rise> rises = List.of(
            new Rise(
                    PipelineCounter.EVENTS_SKEWED,
                    "events refused: skewed=",
                    " (expected: times at most maxSkew ahead of their publication); correct the clock of their source,"
                            + " or raise maxSkew"),
            new Rise(
                    PipelineCounter.EVENTS_UNTRACKED,
                    "events move no time: untracked=",
                    " (expected: at most maxSources active at a time); raise it, or mark sources idle that are gone"),
            new Rise(
                    PipelineCounter.REORDER_FORCED,
                    "events went on before they were in order: forced=",
                    " (expected: at most reorderCapacity that wait); raise it, or lower outOfOrderness"));

    /** A counter that should not rise. */
    private static final class Rise {
        private final PipelineCounter counter;
        private final String what;
        private final String remedy;
        private long told;
        private long toldNs;

        Rise(PipelineCounter counter, String what, String remedy) {
            this.counter = counter;
            this.what = what;
            this.remedy = remedy;
        }
    }

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
        rises.forEach(rise -> tell(rise, nowNs));
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

    private void tell(Rise rise, long nowNs) {
        long count = get(rise.counter);
        if (count > rise.told && (rise.told == 0 || nowNs - rise.toldNs >= REPEAT_NS)) {
            rise.told = count;
            rise.toldNs = nowNs;
            warnings.accept(rise.what + count + rise.remedy);
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
