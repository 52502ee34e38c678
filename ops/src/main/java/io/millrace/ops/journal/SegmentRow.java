package io.millrace.ops.journal;

import io.millrace.journal.CorruptJournalException;
import io.millrace.journal.FrameReader;
import io.millrace.journal.LogSegment;
import io.millrace.journal.LogStart;
import io.millrace.journal.SegmentFooter;
import io.millrace.journal.SegmentHeader;
import io.millrace.ops.command.DataDirectory;
import java.util.ArrayList;
import java.util.List;

/**
 * What is to be said of a segment. A finished one says it itself in its footer; of another one the frames are read.
 *
 * @param firstPlace of its first record
 * @param endPlace behind its last record; what a recovery left out does not count
 * @param minTimestampNs least event time in nanoseconds since the epoch, {@code Long.MAX_VALUE} without records
 * @param maxTimestampNs greatest event time, {@code Long.MIN_VALUE} without records
 * @param problem that ended the reading, empty if none did
 */
record SegmentRow(
        LogSegment segment,
        State state,
        long firstPlace,
        long endPlace,
        long minTimestampNs,
        long maxTimestampNs,
        String problem) {
    /** How the segment ends. */
    enum State {
        /** With a footer. */
        FINISHED("finished"),
        /** It is being written. */
        OPEN("open"),
        /** Its writer died. */
        CUT_SHORT("cut short"),
        /** A recovery left out all that it has. */
        LEFT_OUT("left out"),
        /** It cannot be read to its end. */
        DAMAGED("damaged");

        private final String text;

        State(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * {@return the rows of a start}
     *
     * @param endPlace where the next start continues, {@code Long.MAX_VALUE} if none came
     * @param isHeld whether a process may be writing the newest start
     */
    static List<SegmentRow> of(DataDirectory data, LogStart start, long endPlace, boolean isHeld) {
        List<SegmentRow> rows = new ArrayList<>();
        for (LogSegment segment : start.segments()) {
            SegmentHeader header = segment.header();
            SegmentFooter footer = segment.footer();
            if (header != null && header.firstSequence() >= endPlace && endPlace > start.firstPlace()) {
                rows.add(empty(segment, State.LEFT_OUT, header.firstSequence(), ""));
            } else if (header != null && footer != null) {
                rows.add(finished(segment, footer, endPlace));
            } else {
                boolean isNewest = endPlace == Long.MAX_VALUE;
                rows.add(walk(data, start, segment, isHeld && isNewest));
            }
        }
        return rows;
    }

    long recordCount() {
        return Math.max(0, endPlace - firstPlace);
    }

    private static SegmentRow empty(LogSegment segment, State state, long place, String problem) {
        return new SegmentRow(segment, state, place, place, Long.MAX_VALUE, Long.MIN_VALUE, problem);
    }

    private static SegmentRow finished(LogSegment segment, SegmentFooter footer, long endPlace) {
        return new SegmentRow(
                segment,
                State.FINISHED,
                footer.firstSequence(),
                Math.min(endPlace, footer.endSequence()),
                footer.minTimestampNs(),
                footer.maxTimestampNs(),
                "");
    }

    private static SegmentRow walk(DataDirectory data, LogStart start, LogSegment segment, boolean isOpen) {
        SegmentHeader header = segment.header();
        long first = header == null ? start.firstPlace() : header.firstSequence();
        long end = first;
        long min = Long.MAX_VALUE;
        long max = Long.MIN_VALUE;
        State state = isOpen ? State.OPEN : State.CUT_SHORT;
        String problem = "";
        try (FrameReader reader = data.reader(start.kind(), first)) {
            boolean isReached = false;
            while (reader.nextFrame()) {
                boolean isHere = reader.file().equals(segment.file());
                if (isReached && !isHere) {
                    break;
                }
                isReached = isHere;
                if (isHere) {
                    end = reader.frame().endSequence();
                    min = Math.min(min, reader.frame().minTimestampNs());
                    max = Math.max(max, reader.frame().maxTimestampNs());
                }
            }
        } catch (CorruptJournalException e) {
            if (!data.isWhole(start.kind())) {
                problem = String.valueOf(e.getMessage());
                state = e.file().equals(segment.file().toString()) ? State.DAMAGED : state;
            }
        }
        return new SegmentRow(segment, state, first, end, min, max, problem);
    }
}
