package io.millrace.ops;

import io.millrace.event.MutableEvent;
import io.millrace.ops.format.RowError;
import io.millrace.ring.DeadLetters;
import java.io.PrintWriter;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Rows that did not become events: each is a dead letter of the handler {@code input}, with an identity from file, line
 * and bytes, so that reading the file again makes no second one of it. The first few are shown, the others counted.
 */
final class BadRows {
    /** Name under which they are parked. */
    static final String HANDLER = "input";

    private static final int MAX_SHOWN_COUNT = 5;

    private final DeadLetters deadLetters;
    private final PrintWriter err;
    private final String source;
    private final int maxPayloadLength;
    private long count;

    BadRows(DeadLetters deadLetters, PrintWriter err, String source, int maxPayloadLength) {
        this.deadLetters = deadLetters;
        this.err = err;
        this.source = source;
        this.maxPayloadLength = maxPayloadLength;
    }

    long count() {
        return count;
    }

    void add(RowError error) {
        count++;
        if (count <= MAX_SHOWN_COUNT) {
            err.println("millrace: bad row: " + source + ": " + error.message());
        }
        int length = Math.min(error.bytes().length, maxPayloadLength);
        MutableEvent letter = MutableEvent.allocate(length)
                .sequence(-1)
                .id(error.idHi(), error.idLo())
                .payload(new UnsafeBuffer(error.bytes()), 0, length);
        deadLetters.park(letter, HANDLER, new IllegalArgumentException(error.message()), 1);
    }

    /** Says how many were not shown. */
    void end() {
        if (count > MAX_SHOWN_COUNT) {
            err.println("millrace: bad rows: " + (count - MAX_SHOWN_COUNT) + " more, all in the dead letters");
        }
    }
}
