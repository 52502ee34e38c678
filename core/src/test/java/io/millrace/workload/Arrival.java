package io.millrace.workload;

import io.millrace.event.EventType;
import io.millrace.event.Field;
import io.millrace.event.HeaderField;
import io.millrace.event.MutableEvent;

/** An event for tests of operators: its value is in the header, so that it needs no schema. */
public record Arrival(long sequence, int typeId, long key, long timestampNs, long value) {
    public static final EventType TYPE = EventType.opaque(7, "Departure");
    public static final EventType OTHER_TYPE = EventType.opaque(8, "Arrival");
    public static final Field VALUE = HeaderField.ID_LO;

    /** {@return an event of {@link #TYPE}} */
    public static Arrival of(long sequence, long key, long timestampNs, long value) {
        return new Arrival(sequence, TYPE.id(), key, timestampNs, value);
    }

    /** Writes it to a template. */
    public MutableEvent to(MutableEvent event) {
        return event.clearHeader()
                .sequence(sequence)
                .id(~sequence, value)
                .key(key)
                .timestampNs(timestampNs)
                .ingestTimeNs(timestampNs)
                .typeId(typeId);
    }
}
