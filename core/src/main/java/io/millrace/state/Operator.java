package io.millrace.state;

import io.millrace.event.Event;
import io.millrace.event.EventType;
import io.millrace.event.Outputs;
import java.util.List;
import java.util.Map;

/**
 * A deterministic function of the accepted events: a window, a pattern or a user's handler. It sees no clock, no random
 * numbers and no identity hashes; all it knows comes from the records. APPLY calls, for each accepted record in
 * sequence order,
 *
 * <pre>
 *   while (!advanceTo(watermarkNs, outputs)) { let EMIT make room }
 *   onEvent(event, outputs)          // events of users only, not for TICK, CONTROL, SNAPSHOT, END
 *   while (hasMore()) { let EMIT make room; putOutMore(outputs) }
 * </pre>
 *
 * <p>The watermark W promises that no event with {@code timestampNs <= W} is expected any more; it already contains the
 * event that is about to be processed and never goes back. An event with {@code timestampNs <= W} that still comes is
 * late: each operator decides and counts.
 *
 * <p>A deadline D is due when W >= D - 1: an event of time D finds W = D - 1, and all that is due at D done. Operators
 * move one after the other. Within one, what is due comes by deadline; at one deadline windows close first, then
 * patterns time out, then absences, sessions and timers, each kind in the order in which it was armed. What comes of it
 * has the time D, whenever it was noticed. A session takes an event at its very end D, so it waits for W >= D.
 *
 * <p>A window boundary over many keys is a sweep: each {@code advanceTo} does at most a configured number of keys and
 * returns true although the sweep goes on, unless the next boundary (or END, or a TICK) is there already, when it
 * returns false until the sweep is done. So how far a sweep is depends on the records alone, and is part of the state.
 *
 * <p><b>Threading</b>: one thread. <b>Allocation</b>: none after warm-up. <b>Failure</b>: an exception halts the
 * pipeline at that sequence.
 */
public interface Operator extends Stateful {
    /** {@return the most outputs that one call of {@link #advanceTo} or {@link #onEvent} writes, at least 0} */
    int maxOutputsPerStep();

    /**
     * Moves event time on and does what is due; at least {@link #maxOutputsPerStep} places are free.
     *
     * @param watermarkNs nanoseconds since the epoch, never less than in the call before
     * @param idle true for TICK and END: a sweep under way is brought to its end
     * @return true when done, false to be called again with the same arguments and fresh room
     */
    boolean advanceTo(long watermarkNs, boolean idle, Outputs outputs);

    /** Takes one accepted event; at least {@link #maxOutputsPerStep} places are free. */
    void onEvent(Event event, Outputs outputs);

    /** {@return whether {@link #onEvent} found more than a step may put out} */
    default boolean hasMore() {
        return false;
    }

    /**
     * Puts out more of what the event made; at least {@link #maxOutputsPerStep} places are free. Where nobody calls it
     * the next {@link #advanceTo} does the same.
     */
    default void putOutMore(Outputs outputs) {
        throw new IllegalStateException("cannot put out more: hasMore=false (expected: true)");
    }

    /**
     * {@return the least watermark at which {@link #advanceTo} has something to do, in nanoseconds;
     * {@code Long.MIN_VALUE} while a sweep is under way, {@code Long.MAX_VALUE} when nothing is waiting}
     */
    long nextDeadlineNs();

    /**
     * {@return the types of its outputs as far as they are derived ones; not those that every pipeline knows} Readers
     * of outputs need them, and so does an operator that takes these outputs for its input.
     */
    default List<EventType> outputTypes() {
        return List.of();
    }

    /** {@return the operators that it runs within itself; what decorates another operator has that one} */
    default List<Operator> operators() {
        return List.of();
    }

    /** {@return bytes that its state takes, those of the operators within included; 0 if it does not know} */
    default long bytes() {
        return 0;
    }

    /**
     * {@return what it left out since its state began, for what reason and how often; without those of the operators
     * within, and without reasons that never were} For people, when the pipeline rests: it allocates.
     */
    default Map<String, Long> losses() {
        return new Losses().counts();
    }

    /**
     * {@return whether {@link #onEvent} may do something with such an event; false if it passes it over whatever its
     * state is} What decorates an operator need not keep the others.
     */
    default boolean accepts(Event event) {
        return true;
    }

    /**
     * {@return whether events must come in the order of their times, and those behind the watermark not at all} Where
     * events may come out of order the pipeline puts such an operator behind a {@code ReorderBuffer}.
     */
    default boolean needsOrder() {
        return false;
    }

    /**
     * Loads the cache lines that {@link #onEvent} will need, so that the misses of a batch overlap; changes nothing.
     *
     * @return anything that depends on the loaded lines, so that the compiler keeps the loads
     */
    default long touch(Event event) {
        return 0;
    }

    /** Most events that are touched at a time. */
    int MAX_TOUCHED = 128;

    /**
     * Touches events that come next, one after the other in this order. Where what an event needs is found by way of
     * something else (a slot in a table, a run in a slot) passes over all of them overlap more misses than one event
     * after the other.
     *
     * @param events accepted ones; valid until this returns
     * @param count how many there are, at most {@link #MAX_TOUCHED}
     * @return as {@link #touch(Event)}
     */
    default long touch(Event[] events, int count) {
        long touched = 0;
        for (int i = 0; i < count; i++) {
            touched += touch(events[i]);
        }
        return touched;
    }
}
