package io.millrace.window;

import io.millrace.state.StateException;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;
import io.millrace.state.Stateful;

/**
 * Event time of a pipeline: W = maxTs - outOfOrderness - 1 promises that no event at or before W is expected any
 * more. An event with {@code timestampNs <= W} is late. W never goes back.
 *
 * <pre>
 *        W                      maxTs
 *   -----|-----------------------|------------->  event time
 *   late |   outOfOrdernessNs    |
 * </pre>
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

    private final long outOfOrdernessNs;
    private final boolean idleAdvance;

    private long maxTimestampNs = Long.MIN_VALUE;
    private long watermarkNs = NONE;
    private long lateCount;

    /**
     * Begins before all events.
     *
     * @param outOfOrdernessNs how far events may be behind the newest without being late, in nanoseconds, at least 0
     * @param idleAdvance whether a TICK moves time to its ingest time, as an event of that time would
     */
    public Watermark(long outOfOrdernessNs, boolean idleAdvance) {
        this.outOfOrdernessNs = checkNotNegative("outOfOrdernessNs", outOfOrdernessNs);
        this.idleAdvance = idleAdvance;
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

    /** Takes the time of an event. {@return W, this event included} */
    public long onEvent(long timestampNs) {
        if (timestampNs <= watermarkNs) {
            lateCount++;
        }
        return moveTo(timestampNs);
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

    private long behind(long timestampNs) {
        return timestampNs <= Long.MIN_VALUE + outOfOrdernessNs ? NONE : timestampNs - outOfOrdernessNs - 1;
    }

    @Override
    public void save(StateWriter writer) {
        writer.putLong(outOfOrdernessNs);
        writer.putInt(idleAdvance ? 1 : 0);
        writer.putLong(maxTimestampNs);
        writer.putLong(watermarkNs);
        writer.putLong(lateCount);
    }

    @Override
    public void load(StateReader reader) {
        StateException.requireSame(NAME, "outOfOrdernessNs", reader.getLong(), outOfOrdernessNs);
        StateException.requireSame(NAME, "idleAdvance", reader.getInt(), idleAdvance ? 1 : 0);
        maxTimestampNs = reader.getLong();
        watermarkNs = reader.getLong();
        lateCount = reader.getLong();
    }
}
