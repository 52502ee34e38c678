package io.millrace.journal;

import java.nio.file.Path;
import java.util.List;

/**
 * What retention would remove of a log, and why; nothing is changed by making one.
 *
 * @param segments of the log from the oldest on
 */
public record RetentionPlan(Path dataDirectory, LogKind kind, List<Segment> segments) {
    /**
     * What becomes of a segment.
     *
     * @param start number of its start
     * @param number within the start, from 0
     * @param firstPlace of its first record; sequence in the journal, else an ordinal
     * @param endPlace behind its last record
     * @param length of the file in bytes
     * @param endedNs when writing went on in the next one, in nanoseconds since the epoch
     * @param reason in words, for people
     */
    public record Segment(
            Path file,
            int start,
            int number,
            long firstPlace,
            long endPlace,
            long length,
            long endedNs,
            boolean isRemoved,
            String reason) {}

    /** {@return the segments that would go, from the front} */
    public List<Segment> removed() {
        return segments.stream().filter(Segment::isRemoved).toList();
    }

    /** {@return bytes of the files that would go} */
    public long removedLength() {
        return removed().stream().mapToLong(Segment::length).sum();
    }
}
