package io.millrace.stream;

import io.millrace.event.Event;
import io.millrace.event.EventType;
import io.millrace.event.MutableEvent;
import org.jspecify.annotations.Nullable;

/** Makes up to a number of events of one. */
final class FlatMapStep extends Step implements Collector {
    private final EventType type;
    private final int maxCount;
    private final FlatMapper mapper;
    private final MutableEvent target;
    private @Nullable Event source;
    private int count;

    FlatMapStep(EventType type, int maxCount, FlatMapper mapper) {
        this.type = type;
        this.maxCount = maxCount;
        this.mapper = mapper;
        this.target = MutableEvent.allocate(type.encodedLength());
    }

    @Override
    int maxFactor() {
        return maxCount;
    }

    @Override
    void onEvent(Event event) {
        source = event;
        count = 0;
        mapper.map(event, this);
        source = null;
    }

    @Override
    public MutableEvent next() {
        if (source == null) {
            throw new IllegalStateException("cannot make event: no event is being mapped (expected: a call from"
                    + " within map); keep no collector");
        }
        MapStep.begin(source, type, target);
        return target;
    }

    @Override
    public void commit() {
        if (++count > maxCount) {
            throw new IllegalStateException("cannot make event: count=" + count + " of one event (expected: 0 to "
                    + maxCount + "); tell flatMap a higher maxCount");
        }
        forward(target);
    }
}
