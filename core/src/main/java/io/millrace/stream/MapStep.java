package io.millrace.stream;

import io.millrace.event.Event;
import io.millrace.event.EventType;
import io.millrace.event.MutableEvent;

/** Makes an event of another type, with the header of the one that it takes. */
final class MapStep extends Step {
    private final EventType type;
    private final Mapper mapper;
    private final MutableEvent target;

    MapStep(EventType type, Mapper mapper) {
        this.type = type;
        this.mapper = mapper;
        this.target = MutableEvent.allocate(type.encodedLength());
    }

    static MapStep of(Mapping.Compiled mapping) {
        return new MapStep(mapping.type(), mapper(mapping));
    }

    /** {@return what puts all fields of a mapping} */
    static Mapper mapper(Mapping.Compiled mapping) {
        Assignment[] assignments = mapping.assignments().toArray(new Assignment[0]);
        return (source, target) -> {
            for (Assignment assignment : assignments) {
                assignment.put(source, target);
            }
        };
    }

    @Override
    void onEvent(Event event) {
        begin(event, type, target);
        mapper.map(event, target);
        forward(target);
    }

    /** Makes the target an event of the type with nothing but nulls and the header of a source. */
    static void begin(Event source, EventType type, MutableEvent target) {
        target.buffer().putBytes(0, source.buffer(), 0, Event.HEADER_LENGTH);
        target.flags(0);
        type.encode(target);
    }
}
