package io.millrace.ops.config;

import io.millrace.event.EventType;
import io.millrace.stream.EventStream;
import io.millrace.stream.StreamBuilder;
import java.util.List;

/**
 * A stream that was checked. It is built anew for each pipeline, as what is built has state.
 *
 * @param source where it begins
 * @param sources all that it reads, that one first
 * @param steps of it, in their order
 * @param ends that put rows out; none for one that only feeds others
 * @param type of the rows
 * @param outputTypes of what is put out
 * @param settings what decides the rows, in words; sizes that only bound memory are left out
 * @param needsOrder whether it has windows that take events in the order of their times
 * @param bytes that its state takes; 0 if it has none, and is repeated wherever it is read
 */
public record StreamSection(
        String name,
        Source source,
        List<Source> sources,
        List<Step> steps,
        List<End> ends,
        EventType type,
        List<EventType> outputTypes,
        String settings,
        boolean needsOrder,
        long bytes) {

    /** Makes streams of sources, in an operator that is being built. */
    @FunctionalInterface
    public interface Inputs {
        EventStream of(Source source);
    }

    /** A step of a stream. */
    interface Step {
        EventStream behind(Inputs inputs, EventStream stream);
    }

    /** What puts rows out. */
    interface End {
        void of(EventStream stream);
    }

    /** {@return the rows of the stream, of the same type in whatever operator} */
    public EventStream rows(StreamBuilder builder, Inputs inputs) {
        return builder.scoped(name, () -> {
            EventStream stream = inputs.of(source);
            for (Step step : steps) {
                stream = step.behind(inputs, stream);
            }
            return stream;
        });
    }

    /** Puts rows out as the stream says. */
    public void putOut(EventStream rows) {
        ends.forEach(end -> end.of(rows));
    }

    /** {@return whether it puts anything out} */
    public boolean isPutOut() {
        return !ends.isEmpty();
    }

    /** {@return whether it remembers anything between two events} */
    public boolean hasState() {
        return bytes > 0;
    }
}
