package io.millrace.journal.deadletter;

import io.millrace.event.Event;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A parked event or row.
 *
 * @param place in the queue, from 0
 * @param timeNs when it was parked, wall clock in nanoseconds since the epoch
 * @param idHi of the event; of a row a hash over file, line and bytes
 * @param idLo see {@code idHi}
 * @param handler that gave up; of a row the file it came from
 * @param errorClass name of the last error's class; empty for a row
 * @param message of the last error; of a row what is wrong with it
 * @param attempts made, 0 for a row
 * @param line of a row in its file, from 1; 0 for an event
 * @param bytes of the event's record, header first; of a row as it was read
 */
public record DeadLetter(
        long place,
        long timeNs,
        long idHi,
        long idLo,
        String handler,
        String errorClass,
        String message,
        int attempts,
        long line,
        byte[] bytes) {
    /** {@return whether this is a row of input rather than an event} */
    public boolean isRow() {
        return line > 0;
    }

    /** {@return a view of the event over {@link #bytes}; only if this is no row} */
    public Event event() {
        if (isRow()) {
            throw new IllegalStateException("no event in dead letter: place=" + place + " is a row of " + handler);
        }
        Event event = new Event();
        event.wrap(new UnsafeBuffer(bytes), 0, bytes.length);
        return event;
    }
}
