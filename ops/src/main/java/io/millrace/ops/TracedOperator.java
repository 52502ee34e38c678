package io.millrace.ops;

import io.millrace.event.Event;
import io.millrace.event.EventType;
import io.millrace.event.Outputs;
import io.millrace.state.Operator;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;
import java.util.List;

/** A pattern that is watched: someone may look at it before it gets an event, and after it. */
final class TracedOperator implements Operator {
    private final Operator pattern;
    private final Watcher watcher;

    /** Looks at a pattern. */
    interface Watcher {
        /** Called when what is due before the event is done, and the event is not. */
        void before(Event event);

        /** Called when the pattern has taken the event. */
        void after(Event event);
    }

    TracedOperator(Operator pattern, Watcher watcher) {
        this.pattern = pattern;
        this.watcher = watcher;
    }

    @Override
    public String name() {
        return pattern.name();
    }

    @Override
    public int maxOutputsPerStep() {
        return pattern.maxOutputsPerStep();
    }

    @Override
    public List<EventType> outputTypes() {
        return pattern.outputTypes();
    }

    @Override
    public boolean accepts(Event event) {
        return pattern.accepts(event);
    }

    @Override
    public boolean needsOrder() {
        return pattern.needsOrder();
    }

    @Override
    public boolean advanceTo(long watermarkNs, boolean idle, Outputs outputs) {
        return pattern.advanceTo(watermarkNs, idle, outputs);
    }

    @Override
    public void onEvent(Event event, Outputs outputs) {
        watcher.before(event);
        pattern.onEvent(event, outputs);
        watcher.after(event);
    }

    @Override
    public boolean hasMore() {
        return pattern.hasMore();
    }

    @Override
    public void putOutMore(Outputs outputs) {
        pattern.putOutMore(outputs);
    }

    @Override
    public long nextDeadlineNs() {
        return pattern.nextDeadlineNs();
    }

    @Override
    public long touch(Event event) {
        return pattern.touch(event);
    }

    @Override
    public void save(StateWriter writer) {
        pattern.save(writer);
    }

    @Override
    public void load(StateReader reader) {
        pattern.load(reader);
    }
}
