package io.millrace.journal;

import net.openhft.chronicle.core.time.TimeProvider;
import net.openhft.chronicle.queue.RollCycles;

/**
 * The clock that Chronicle rolls by: it stands at hour N while segment N is written, so that size decides and not time.
 */
final class SegmentClock {
    static final RollCycles ROLL_CYCLE = RollCycles.FAST_HOURLY;

    private volatile int segment;

    /** {@return this clock in Chronicle's terms} */
    TimeProvider timeProvider() {
        return () -> (long) segment * ROLL_CYCLE.lengthInMillis();
    }

    int segment() {
        return segment;
    }

    /** Lets the next append go to a later segment; one thread writes. */
    void moveTo(int laterSegment) {
        segment = laterSegment;
    }
}
