package io.millrace.ops;

import io.millrace.event.Event;
import io.millrace.event.EventType;
import io.millrace.event.Outputs;
import io.millrace.pattern.PatternInspector;
import io.millrace.pattern.PatternOperator;
import io.millrace.state.Operator;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;
import java.util.List;

/** A pattern that is watched: before it gets an event, someone may look what that will do, and after it at the runs. */
final class TracedOperator implements Operator {
    private final PatternOperator pattern;
    private final PatternInspector inspector;
    private final Watcher watcher;

    /** Looks at a pattern. */
    interface Watcher {
        /** Called when what is due before the event is done, and the event is not. */
        void before(Event event, PatternInspector inspector);

        /** Called when the pattern has taken the event. */
        void after(Event event, PatternInspector inspector);
    }

    TracedOperator(PatternOperator pattern, Watcher watcher) {
        this.pattern = pattern;
        this.inspector = new PatternInspector(pattern);
        this.watcher = watcher;
    }

    PatternInspector inspector() {
        return inspector;
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
        watcher.before(event, inspector);
        pattern.onEvent(event, outputs);
        watcher.after(event, inspector);
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
