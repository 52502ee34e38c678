package io.millrace.ring;

import io.millrace.event.NearestNames;
import io.millrace.thread.CorePinning;
import java.util.List;
import org.agrona.concurrent.SystemNanoClock;

/**
 * What a thread does when its duty cycle found no work. Each waiting thread has an instance of its own, and whoever
 * advances something that it waits for signals that instance.
 *
 * <pre>
 *   the thread that waits                        any thread that advances a cursor
 *
 *   while (running) {                            cursor.set(n);      // release
 *       if (doWork() > 0) wait.onWork();         wait.signal();      // has the full fence
 *       else wait.idle();
 *   }
 * </pre>
 *
 * <table>
 * <caption>What each costs; figures of a 2-core VM are in core/README.md</caption>
 * <tr><th>name<th>while idle<th>to wake up<th>per signal
 * <tr><td>{@code busy-spin}<td>a whole core<td>least: a cache miss<td>nothing
 * <tr><td>{@code yield}<td>a whole core, given up when another thread wants it<td>a cache miss, or the others' time
 * slice<td>nothing
 * <tr><td>{@code adaptive}<td>a core while events come more often than the spin budget, else as {@code block}<td>a
 * cache miss, else as {@code block}<td>a full fence; a wake-up call if the thread is parked
 * <tr><td>{@code park}<td>about a tenth of a core<td>up to its period and the timer's slack<td>nothing
 * <tr><td>{@code block}<td>hundredths of a core<td>that of the scheduler<td>a full fence; a wake-up call if the
 * thread is parked
 * </table>
 *
 * <p>No park of a stage is longer than {@link #PARK_MAX_NS}, so that it also sees what nobody signals.
 *
 * <p><b>Threading</b>: {@link #idle} and {@link #onWork} by the one thread that waits, {@link #signal} by any.
 * <b>Allocation</b>: none after construction. <b>Failure</b>: an interrupted thread does not park but polls on; only
 * the caller ends the loop.
 */
public abstract class WaitStrategy implements Wakeable {
    /** The longest that a thread stays parked without a signal. */
    public static final long PARK_MAX_NS = 1_000_000;

    private static final List<String> NAMES =
            List.of(BusySpinWait.NAME, YieldWait.NAME, AdaptiveWait.NAME, ParkWait.NAME, BlockWait.NAME);

    WaitStrategy() {}

    /**
     * {@return a new strategy for one thread; an adaptive one spins only if this process has two cores or more}
     *
     * @param name one of {@link #names()}
     * @throws IllegalArgumentException if there is no such strategy
     */
    public static WaitStrategy named(String name) {
        return named(name, PARK_MAX_NS);
    }

    /** {@return the same, but a signalled strategy parks for at most {@code parkMaxNs} nanoseconds} For tests. */
    static WaitStrategy named(String name, long parkMaxNs) {
        return switch (name) {
            case BusySpinWait.NAME -> new BusySpinWait();
            case YieldWait.NAME -> new YieldWait();
            case AdaptiveWait.NAME ->
                new AdaptiveWait(new Parker(parkMaxNs), SystemNanoClock.INSTANCE, CorePinning.availableCores() > 1);
            case ParkWait.NAME -> new ParkWait();
            case BlockWait.NAME -> new BlockWait(new Parker(parkMaxNs));
            default -> throw new IllegalArgumentException(unknown(name));
        };
    }

    /** {@return the names that {@link #named} knows, from the most to the least eager} */
    public static List<String> names() {
        return NAMES;
    }

    /**
     * Takes one step of waiting; to be called after each duty cycle without work. A strategy that parks only
     * announces it in one step and parks in the next, so that the caller polls once in between and no wake-up is
     * lost.
     */
    public abstract void idle();

    /** Ends the waiting; to be called after each duty cycle with work. Cheap when there was no waiting. */
    public abstract void onWork();

    /**
     * Wakes the thread if it is parked, or about to be; to be called after the write that it waits for. Contains the
     * full fence that orders the two.
     */
    @Override
    public abstract void signal();

    /** Bounds the next parks, beside the strategy's own bound; one that never parks for long need not care. */
    void parkAtMost(long limitNs) {}

    /** {@return whether a thread that waits like this takes a core for itself however long nothing comes} */
    public abstract boolean isBusySpinning();

    /** {@return the name by which {@link #named} gives this strategy} */
    public abstract String name();

    @Override
    public final String toString() {
        return name();
    }

    private static String unknown(String name) {
        List<String> nearest = NearestNames.of(name, NAMES);
        return "cannot choose wait strategy: waitStrategy=" + name + " (expected: " + String.join(", ", NAMES) + "); "
                + (nearest.isEmpty() ? "take one of these" : "did you mean " + nearest.get(0) + "?");
    }
}
