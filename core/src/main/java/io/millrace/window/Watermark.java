package io.millrace.window;

import io.millrace.state.StateException;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;
import io.millrace.state.Stateful;
import org.jspecify.annotations.Nullable;

/**
 * Event time of a pipeline: W promises that no event at or before W is expected any more. An event with {@code
 * timestampNs <= W} is late. W never goes back.
 *
 * <pre>
 *        W                       newest
 *   -----|-----------------------|------------->  event time
 *   late |   outOfOrdernessNs    |
 * </pre>
 *
 * <p>W = newest - outOfOrderness - 1. With one source, or several that are not told apart, newest is the greatest event
 * time so far. With several it is that of the active source that is furthest behind: so a source that is slow makes the
 * others wait, not its own events late. Nobody waits for a source that a marker in the journal says is idle; while all
 * of them are, newest is again the greatest event time.
 *
 * <p>One wrong timestamp far in the future would close all windows: ADMIT rejects events that are too far ahead of
 * their publication, so none gets here.
 *
 * <p><b>Threading</b>: one thread. <b>Allocation</b>: none. <b>Failure</b>: none; sums saturate.
 */
public final class Watermark implements Stateful {
    /** No event so far. */
    public static final long NONE = Long.MIN_VALUE;
    /** No event is expected any more. */
    public static final long END = Long.MAX_VALUE;

    private static final String NAME = "watermark";

    /** Most sources that can be told apart. */
    public static final int MAX_SOURCES_LIMIT = 1 << 16;

    private final long outOfOrdernessNs;
    private final boolean idleAdvance;
    private final int maxSources;
    private final @Nullable Sources sources;

    private long maxTimestampNs = Long.MIN_VALUE;
    private long watermarkNs = NONE;
    private long lateCount;

    /** Begins before all events; sources are not told apart. */
    public Watermark(long outOfOrdernessNs, boolean idleAdvance) {
        this(outOfOrdernessNs, idleAdvance, 1);
    }

    /**
     * Begins before all events.
     *
     * @param outOfOrdernessNs how far events may be behind the newest of their source without being late, in
     *     nanoseconds, at least 0
     * @param idleAdvance whether a TICK moves time to its ingest time, as an event of that time would
     * @param maxSources how many sources are told apart, 1 (none is) to {@link #MAX_SOURCES_LIMIT}
     */
    public Watermark(long outOfOrdernessNs, boolean idleAdvance, int maxSources) {
        this.outOfOrdernessNs = checkNotNegative("outOfOrdernessNs", outOfOrdernessNs);
        this.idleAdvance = idleAdvance;
        this.maxSources = checkMaxSources(maxSources);
        this.sources = maxSources == 1 ? null : new Sources(maxSources);
    }

    private static int checkMaxSources(int value) {
        if (value < 1 || value > MAX_SOURCES_LIMIT) {
            throw new IllegalArgumentException("cannot build watermark: maxSources=" + value + " (expected: 1 to "
                    + MAX_SOURCES_LIMIT + "); set how many sources are told apart");
        }
        return value;
    }

    private static long checkNotNegative(String setting, long value) {
        if (value < 0) {
            throw new IllegalArgumentException("cannot build watermark: " + setting + '=' + value
                    + " (expected: 0 or more); set a duration in nanoseconds");
        }
        return value;
    }

    @Override
    public String name() {
        return NAME;
    }

    /** {@return W, in nanoseconds since the epoch; {@link #NONE} before the first event, {@link #END} after END} */
    public long watermarkNs() {
        return watermarkNs;
    }

    /**
     * {@return the newest event time, in nanoseconds since the epoch; {@code Long.MIN_VALUE} before the first event}
     */
    public long maxTimestampNs() {
        return maxTimestampNs;
    }

    /** {@return events that were late when they came} */
    public long lateCount() {
        return lateCount;
    }

    /** Takes the time of an event of source 0. {@return W, this event included} */
    public long onEvent(long timestampNs) {
        return onEvent(0, timestampNs, timestampNs);
    }

    /**
     * Takes the time of an event. {@return W, this event included}
     *
     * @param ingestTimeNs when it was published, in nanoseconds since the epoch
     */
    public long onEvent(int sourceId, long timestampNs, long ingestTimeNs) {
        if (timestampNs <= watermarkNs) {
            lateCount++;
        }
        if (sources == null) {
            return moveTo(timestampNs);
        }
        maxTimestampNs = Math.max(maxTimestampNs, timestampNs);
        sources.onEvent(sourceId, timestampNs, ingestTimeNs);
        return moveBehind(sources);
    }

    /** Takes a marker: no event of a source is expected until its next one. {@return W} */
    public long onIdle(int sourceId) {
        if (sources == null) {
            return watermarkNs;
        }
        sources.onIdle(sourceId);
        return moveBehind(sources);
    }

    /** Takes a marker: events of a source are expected, so W waits for it. {@return W} */
    public long onActive(int sourceId, long ingestTimeNs) {
        if (sources != null) {
            sources.onActive(sourceId, ingestTimeNs);
        }
        return watermarkNs;
    }

    private long moveBehind(Sources all) {
        long newestNs = all.isAnyActive() ? all.heldNs() : maxTimestampNs;
        watermarkNs = Math.max(watermarkNs, behind(newestNs));
        return watermarkNs;
    }

    /** Takes a TICK. {@return W} */
    public long onTick(long ingestTimeNs) {
        return idleAdvance ? moveTo(ingestTimeNs) : watermarkNs;
    }

    /** Takes END. {@return {@link #END}, now and for ever} */
    public long onEnd() {
        watermarkNs = END;
        return END;
    }

    private long moveTo(long timestampNs) {
        if (timestampNs > maxTimestampNs) {
            maxTimestampNs = timestampNs;
            watermarkNs = Math.max(watermarkNs, behind(timestampNs));
        }
        return watermarkNs;
    }

    /** {@return whether sources are told apart} */
    public boolean isApart() {
        return sources != null;
    }

    /** {@return sources that are told apart and from which events are expected} */
    public int activeSourceCount() {
        return sources == null ? 0 : sources.activeCount();
    }

    /** {@return sources that are known to be idle} */
    public int idleSourceCount() {
        return sources == null ? 0 : sources.idleCount();
    }

    /** {@return whether a source holds W back: whether sources are told apart and one is active} */
    public boolean isHeld() {
        return sources != null && sources.isAnyActive();
    }

    /** {@return the source that holds W back, if {@link #isHeld}} */
    public int holdingSourceId() {
        return sources == null ? 0 : sources.holdingSourceId();
    }

    /**
     * {@return when the last event of that source was published, in nanoseconds since the epoch, if {@link #isHeld}}
     */
    public long holdingSinceNs() {
        return sources == null ? 0 : sources.holdingSinceNs();
    }

    /** {@return events that could not move time, as there were {@code maxSources} other active sources} */
    public long untrackedCount() {
        return sources == null ? 0 : sources.untrackedCount();
    }

    private long behind(long timestampNs) {
        return timestampNs <= Long.MIN_VALUE + outOfOrdernessNs ? NONE : timestampNs - outOfOrdernessNs - 1;
    }

    @Override
    public void save(StateWriter writer) {
        writer.putLong(outOfOrdernessNs);
        writer.putInt(idleAdvance ? 1 : 0);
        writer.putInt(maxSources);
        writer.putLong(maxTimestampNs);
        writer.putLong(watermarkNs);
        writer.putLong(lateCount);
        if (sources != null) {
            sources.save(writer);
        }
    }

    @Override
    public void load(StateReader reader) {
        StateException.requireSame(NAME, "outOfOrdernessNs", reader.getLong(), outOfOrdernessNs);
        StateException.requireSame(NAME, "idleAdvance", reader.getInt(), idleAdvance ? 1 : 0);
        StateException.requireSame(NAME, "maxSources", reader.getInt(), maxSources);
        maxTimestampNs = reader.getLong();
        watermarkNs = reader.getLong();
        lateCount = reader.getLong();
        if (sources != null) {
            sources.load(reader);
        }
    }
}
