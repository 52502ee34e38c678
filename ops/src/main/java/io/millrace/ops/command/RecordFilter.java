package io.millrace.ops.command;

import io.millrace.event.Condition;
import io.millrace.event.Event;
import io.millrace.journal.Frame;
import java.util.ArrayList;
import java.util.List;

/**
 * Which records of a log are wanted. Bounds are included.
 *
 * @param fromPlace least place: the sequence in the journal, else the ordinal
 * @param toPlace greatest place
 * @param fromTimeNs least event time in nanoseconds since the epoch
 * @param toTimeNs greatest event time in nanoseconds since the epoch
 * @param conditions that all must hold
 */
public record RecordFilter(long fromPlace, long toPlace, long fromTimeNs, long toTimeNs, List<Condition> conditions) {
    /** All records. */
    public static final RecordFilter ALL =
            new RecordFilter(0, Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE, List.of());

    /** {@return all records from a place on} */
    public static RecordFilter from(long place) {
        return new RecordFilter(place, Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE, List.of());
    }

    /** {@return whether a record of the frame may be wanted, by what its header says} */
    public boolean mayMatch(Frame frame) {
        return frame.count() > 0
                && frame.endSequence() > fromPlace
                && frame.firstSequence() <= toPlace
                && frame.maxTimestampNs() >= fromTimeNs
                && frame.minTimestampNs() <= toTimeNs;
    }

    /** {@return whether no later frame can have a wanted record} */
    public boolean isBefore(Frame frame) {
        return frame.firstSequence() > toPlace;
    }

    /** {@return whether the record at a place is wanted} */
    public boolean matches(Event record, long place) {
        return place >= fromPlace
                && place <= toPlace
                && record.timestampNs() >= fromTimeNs
                && record.timestampNs() <= toTimeNs
                && conditions.stream().allMatch(condition -> condition.test(record));
    }

    /** {@return this filter with more conditions} */
    public RecordFilter and(List<Condition> more) {
        List<Condition> all = new ArrayList<>(conditions);
        all.addAll(more);
        return new RecordFilter(fromPlace, toPlace, fromTimeNs, toTimeNs, all);
    }
}
