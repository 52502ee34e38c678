package io.millrace.journal;

import io.millrace.event.Event;

/**
 * The greatest event time and ingest time of the records of a log so far, in nanoseconds since the epoch; {@code
 * Long.MIN_VALUE} if there are none. By these running bounds a reader finds the first record of a time although event
 * times may be out of order.
 */
final class TimeBounds {
    private long maxTimestampNs;
    private long maxIngestTimeNs;

    TimeBounds(long maxTimestampNs, long maxIngestTimeNs) {
        this.maxTimestampNs = maxTimestampNs;
        this.maxIngestTimeNs = maxIngestTimeNs;
    }

    static TimeBounds none() {
        return new TimeBounds(Long.MIN_VALUE, Long.MIN_VALUE);
    }

    long maxTimestampNs() {
        return maxTimestampNs;
    }

    long maxIngestTimeNs() {
        return maxIngestTimeNs;
    }

    void add(long timestampNs, long ingestTimeNs) {
        maxTimestampNs = Math.max(maxTimestampNs, timestampNs);
        maxIngestTimeNs = Math.max(maxIngestTimeNs, ingestTimeNs);
    }

    /**
     * Adds the records of a frame, and what a segment's header or footer says about all before. The frame is rewound.
     *
     * @param view to read records with
     */
    void add(Frame frame, Event view) {
        frame.rewind();
        while (frame.next(view)) {
            add(view.timestampNs(), view.ingestTimeNs());
        }
        frame.rewind();
        if (frame.controlCount() > 0 && frame.count() == 0) {
            addControl(frame, view);
        }
    }

    private void addControl(Frame frame, Event view) {
        SegmentHeader header = SegmentHeader.of(frame, view);
        SegmentFooter footer = header == null ? SegmentFooter.of(frame, view) : null;
        if (header != null) {
            add(header.maxTimestampNs(), header.maxIngestTimeNs());
        } else if (footer != null) {
            add(footer.maxTimestampSoFarNs(), footer.maxIngestTimeSoFarNs());
        }
    }
}
