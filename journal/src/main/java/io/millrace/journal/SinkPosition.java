package io.millrace.journal;

import java.nio.ByteBuffer;

/**
 * How far a sink has come, as its checkpoint keeps it.
 *
 * @param next place in the log of the first record that is not delivered
 * @param idHi of the last record delivered
 * @param idLo of the last record delivered, -1 if none is known
 * @param start of the frame that held it
 * @param isDetached whether the sink was cut loose because it was too far behind: nothing waits for it any more
 * @param timeNs when this was noted, in nanoseconds since the epoch
 * @param endAtDetach the place behind the log's last record when the sink was detached, else 0
 */
public record SinkPosition(
        long next, long idHi, long idLo, int start, boolean isDetached, long timeNs, long endAtDetach) {
    /** Before the first record. */
    public static final SinkPosition BEGINNING = new SinkPosition(0, 0, -1, 0, false, 0, 0);

    private static final int DETACHED = 1;

    /** {@return the same place, attached or not} */
    SinkPosition detached(boolean isNowDetached, long atNs, long end) {
        return new SinkPosition(next, idHi, idLo, start, isNowDetached, atNs, isNowDetached ? end : 0);
    }

    static SinkPosition read(ByteBuffer entry, int offset) {
        return new SinkPosition(
                entry.getLong(offset),
                entry.getLong(offset + 8),
                entry.getLong(offset + 16),
                entry.getInt(offset + 24),
                (entry.getInt(offset + 28) & DETACHED) != 0,
                entry.getLong(offset + 32),
                entry.getLong(offset + 40));
    }

    void write(ByteBuffer entry) {
        entry.putLong(next).putLong(idHi).putLong(idLo).putInt(start).putInt(isDetached ? DETACHED : 0);
        entry.putLong(timeNs).putLong(endAtDetach);
    }
}
