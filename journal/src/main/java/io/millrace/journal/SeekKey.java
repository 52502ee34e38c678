package io.millrace.journal;

import io.millrace.event.Event;

/**
 * What a reader looks for: the first record whose place or time has reached a value.
 *
 * @param value place, or nanoseconds since the epoch
 */
record SeekKey(Field field, long value) {
    /** By what to look. */
    enum Field {
        PLACE,
        TIMESTAMP,
        INGEST_TIME
    }

    /** Whether the record stands in the start or behind its beginning. */
    boolean isWithin(StartFrame start) {
        return isAtOrBehind(start.begin().nextSequence(), start.maxTimestampNs(), start.maxIngestTimeNs());
    }

    /** Whether the record stands in the segment or behind it. */
    boolean isWithin(SegmentHeader header) {
        return isAtOrBehind(header.firstSequence(), header.maxTimestampNs(), header.maxIngestTimeNs());
    }

    /** Whether the record stands before the end of a part or, if it is the last part, of the segment. */
    boolean isBeforeEndOf(SegmentFooter.Part part, long endSequence) {
        return switch (field) {
            case PLACE -> value < endSequence;
            case TIMESTAMP -> value <= part.maxTimestampNs();
            case INGEST_TIME -> value <= part.maxIngestTimeNs();
        };
    }

    boolean isReachedBy(long place, Event record) {
        return switch (field) {
            case PLACE -> place >= value;
            case TIMESTAMP -> record.timestampNs() >= value;
            case INGEST_TIME -> record.ingestTimeNs() >= value;
        };
    }

    private boolean isAtOrBehind(long nextPlace, long maxTimestampNs, long maxIngestTimeNs) {
        return switch (field) {
            case PLACE -> nextPlace <= value;
            case TIMESTAMP -> maxTimestampNs < value;
            case INGEST_TIME -> maxIngestTimeNs < value;
        };
    }
}
