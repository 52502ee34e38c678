package io.millrace.ring;

import com.lmax.disruptor.Sequence;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A flag by which a thread says that it is about to park, so that those who advance what it waits for pay for a wake-up
 * only when there is one to be woken.
 *
 * <p><b>Threading</b>: {@link #arm}, {@link #park} and {@link #disarm} by the one thread that waits; the rest by any.
 * <b>Allocation</b>: none after construction.
 */
final class Parker {
    /*
     * Design: two threads each write one thing and then read the other's (Dekker).
     *
     *     the thread that waits                  a thread that advances
     *     armed = 1                              cursor = n           (release)
     *     full fence                             full fence
     *     read cursor, park if it is old         read armed, unpark if it is 1
     *
     * In every order at least one of the two reads the new value, so no wake-up is lost. For that, a thread that waits
     * has to look once more between arm and park; WaitStrategy.idle() returns there to its caller for just this look.
     *
     * Whoever takes the flag back from 1 to 0 by compare-and-set also unparks, so a waiter that finds the flag at 0
     * need not park, and one that parks although the flag was taken away meanwhile is woken. An unpark that comes
     * late leaves a permit behind: the next park returns at once, which costs one look and harms nothing.
     */

    /** Park until signalled, however long that takes: for tests, where a bound would hide a lost wake-up. */
    static final long UNBOUNDED_NS = Long.MAX_VALUE;

    private static final long ARMED = 1;
    private static final long DISARMED = 0;

    private final long parkMaxNs;
    private final Sequence armed = new Sequence(DISARMED);

    /** Published by the write of {@link #armed}, read only by those who saw it armed. */
    private @Nullable Thread waiter;

    /**
     * @param parkMaxNs longest time in one {@link #park}, in nanoseconds, greater than 0
     */
    Parker(long parkMaxNs) {
        this.parkMaxNs = parkMaxNs;
    }

    /** Announces that the calling thread parks next; ends with a full fence. */
    void arm() {
        Thread current = Thread.currentThread();
        if (waiter != current) {
            waiter = current;
        }
        armed.setVolatile(ARMED);
    }

    boolean isArmed() {
        return armed.get() == ARMED;
    }

    /** Parks, unless signalled since {@link #arm}; returns when signalled, after the bound, or for no reason. */
    void park() {
        park(parkMaxNs);
    }

    /** The same with a bound of its own, in nanoseconds, greater than 0; the lesser one counts. */
    void park(long limitNs) {
        if (isArmed()) {
            LockSupport.parkNanos(this, Math.min(parkMaxNs, limitNs));
        }
    }

    /** Takes the announcement back; the writes of a signal on its way may still follow. */
    void disarm() {
        armed.set(DISARMED);
    }

    /** {@return whether the waiter is armed, read after a full fence that orders it behind the caller's writes} */
    boolean isArmedAfterFence() {
        VarHandle.fullFence();
        return isArmed();
    }

    /** Wakes the waiter if it is still armed. */
    void wake() {
        if (armed.compareAndSet(ARMED, DISARMED)) {
            LockSupport.unpark(waiter);
        }
    }

    /** Wakes the waiter if it is armed; to be called after the write that it waits for. */
    void signal() {
        if (isArmedAfterFence()) {
            wake();
        }
    }
}
