package io.millrace.window;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import java.nio.ByteOrder;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a window puts out per key: a complete SBE message, described in {@code io/millrace/event/outputs.xml}. The
 * event's key is the window's key and its time the window's end.
 *
 * <pre>
 *   0        8         16      24      32    40    48    56    64         68
 *  +--------+---------+-------+-------+-----+-----+-----+-----+----------+
 *  | header | startNs | endNs | count | sum | min | max | avg | revision |
 *  +--------+---------+-------+-------+-----+-----+-----+-----+----------+
 * </pre>
 *
 * <p>The window is {@code [startNs, endNs)}; {@code avg} is sum / count as a double, NaN never, as windows without
 * values are not put out; {@code revision} counts corrections by late events, and is 0 so far.
 *
 * <p><b>Threading</b>: a view belongs to one thread. <b>Allocation</b>: none after construction.
 */
public final class WindowResult {
    public static final int TYPE_ID = 60_001;
    public static final int SCHEMA_ID = 6_000;
    public static final int SCHEMA_VERSION = 0;
    public static final int HEADER_LENGTH = 8;

    public static final int START_NS_OFFSET = 8;
    public static final int END_NS_OFFSET = 16;
    public static final int COUNT_OFFSET = 24;
    public static final int SUM_OFFSET = 32;
    public static final int MIN_OFFSET = 40;
    public static final int MAX_OFFSET = 48;
    public static final int AVG_OFFSET = 56;
    public static final int REVISION_OFFSET = 64;
    /** Bytes of the payload, message header included. */
    public static final int PAYLOAD_LENGTH = 68;
    /** Bytes of the block behind the message header. */
    public static final int BLOCK_LENGTH = PAYLOAD_LENGTH - HEADER_LENGTH;

    /** What {@link #min} and {@link #max} are in the results of a window without extremes. */
    public static final long NULL = Long.MIN_VALUE;

    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final long MESSAGE_HEADER =
            BLOCK_LENGTH | (long) TYPE_ID << 16 | (long) SCHEMA_ID << 32 | (long) SCHEMA_VERSION << 48;

    private final UnsafeBuffer payload = new UnsafeBuffer(0, 0);

    /** Points this view at an event of {@link #TYPE_ID}, for as long as the event's own view is valid. */
    public WindowResult wrap(Event event) {
        payload.wrap(event.buffer(), event.payloadOffset(), PAYLOAD_LENGTH);
        return this;
    }

    /** {@return the first nanosecond of the window, since the epoch} */
    public long startNs() {
        return payload.getLong(START_NS_OFFSET, ORDER);
    }

    /** {@return the first nanosecond behind the window, since the epoch} */
    public long endNs() {
        return payload.getLong(END_NS_OFFSET, ORDER);
    }

    /** {@return how many values were aggregated, at least 1} */
    public long count() {
        return payload.getLong(COUNT_OFFSET, ORDER);
    }

    /** {@return the sum, exact unless it leaves the range of long, when it wraps} */
    public long sum() {
        return payload.getLong(SUM_OFFSET, ORDER);
    }

    /** {@return the least value, {@link #NULL} if the window goes without} */
    public long min() {
        return payload.getLong(MIN_OFFSET, ORDER);
    }

    /** {@return the greatest value, {@link #NULL} if the window goes without} */
    public long max() {
        return payload.getLong(MAX_OFFSET, ORDER);
    }

    public double avg() {
        return payload.getDouble(AVG_OFFSET, ORDER);
    }

    public int revision() {
        return payload.getInt(REVISION_OFFSET, ORDER);
    }

    static void encode(MutableEvent to, long startNs, long endNs, long count, long sum, long min, long max) {
        MutableDirectBuffer record = to.buffer();
        int at = to.payloadOffset();
        record.putLong(at, MESSAGE_HEADER, ORDER);
        record.putLong(at + START_NS_OFFSET, startNs, ORDER);
        record.putLong(at + END_NS_OFFSET, endNs, ORDER);
        record.putLong(at + COUNT_OFFSET, count, ORDER);
        record.putLong(at + SUM_OFFSET, sum, ORDER);
        record.putLong(at + MIN_OFFSET, min, ORDER);
        record.putLong(at + MAX_OFFSET, max, ORDER);
        record.putDouble(at + AVG_OFFSET, (double) sum / count, ORDER);
        record.putInt(at + REVISION_OFFSET, 0, ORDER);
    }
}
