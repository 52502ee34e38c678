package io.millrace.ops.config;

import io.millrace.event.EventType;
import io.millrace.stream.EventStream;
import io.millrace.stream.StreamBuilder;
import java.util.List;

/**
 * A stream that was checked. It is built anew for each pipeline, as what is built has state.
 *
 * @param source where it begins: its event type, or all of another stream but that one's outputs
 * @param steps of it, in their order
 * @param ends that put rows out; none for one that only feeds others
 * @param type of the rows
 * @param outputTypes of what is put out
 * @param settings what decides the rows, in words; sizes that only bound memory are left out
 * @param bytes that its state takes, those of the streams that feed it included
 */
public record StreamSection(
        String name,
        Source source,
        List<Step> steps,
        List<End> ends,
        EventType type,
        List<EventType> outputTypes,
        String settings,
        long bytes) {

    /** Where a stream begins. */
    interface Source {
        EventStream of(StreamBuilder builder);
    }

    /** A step of a stream. */
    interface Step {
        EventStream behind(StreamBuilder builder, EventStream stream);
    }

    /** What puts rows out. */
    interface End {
        void of(EventStream stream);
    }

    /** {@return the rows of the stream, in an operator that is being built} */
    EventStream rows(StreamBuilder builder) {
        EventStream stream = source.of(builder);
        for (Step step : steps) {
            stream = step.behind(builder, stream);
        }
        return stream;
    }

    /** {@return whether it puts anything out, and so is an operator of its own} */
    public boolean isPutOut() {
        return !ends.isEmpty();
    }

    /** {@return a builder with the whole stream, of a new operator} */
    public StreamBuilder builder() {
        StreamBuilder builder = StreamBuilder.named(name);
        EventStream rows = rows(builder);
        ends.forEach(end -> end.of(rows));
        return builder;
    }
}
