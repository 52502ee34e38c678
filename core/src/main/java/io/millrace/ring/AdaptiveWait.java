package io.millrace.ring;

import com.lmax.disruptor.Sequence;
import org.agrona.concurrent.NanoClock;

/**
 * Spins while the next event is expected soon, and parks at once when it is not: the wake-up of {@code busy-spin} under
 * load, the idle CPU of {@code block} without.
 *
 * <p>The gap between two pieces of work is learned as a moving average. If a gap is expected to be no longer than
 * {@link #SPIN_BUDGET_NS} the thread spins for that budget, then yields {@link #YIELD_COUNT} times, then parks; if it
 * is expected to be longer, or there is but one core, the thread does not spin. A parked thread is woken by a signal,
 * and looks by itself each {@link WaitStrategy#PARK_MAX_NS}.
 */
final class AdaptiveWait extends WaitStrategy {
    /*
     * Design.
     *
     * Budget. Spinning for as long as a wake-up costs is never worse than twice the best choice [1]; a wake-up from
     * park takes some tens of microseconds.
     *
     * Learning. The gap has to end when the event came, not when the thread came round to it: a thread that parks would
     * count its own wake-up as part of every gap and never learn that gaps have become short. So the signal that
     * finds the flag armed, and only that one, leaves its time behind before it clears the flag. The clock is read
     * only while idle: once when a gap begins, once in CHECK_INTERVAL spins, after a park that nobody ended. A gap
     * that ends between two readings is taken as it was at the earlier one.
     *
     * A gap counts for at most GAP_MAX_NS, so that after one long silence about ten short gaps bring the spinning back.
     *
     * [1] Karlin, Li, Manasse, Owicki: Empirical studies of competitive spinning, SOSP 1991.
     */
    static final String NAME = "adaptive";

    static final long SPIN_BUDGET_NS = 50_000;
    static final int YIELD_COUNT = 4;
    static final int CHECK_INTERVAL = 16;
    static final long GAP_MAX_NS = 4 * SPIN_BUDGET_NS;

    /** A new gap moves the average by an eighth. */
    private static final int WEIGHT_SHIFT = 3;

    private static final long WORKING = 0;
    private static final long SPINNING = 1;
    private static final long YIELDING = 2;
    private static final long PARKING = 3;

    private final Parker parker;
    private final NanoClock clock;
    private final boolean maySpin;
    private final IdleState state = new IdleState();
    private final Sequence signalledNs = new Sequence(0);

    /**
     * @param clock that does not go back; read by the waiting thread, and by one that wakes it
     * @param maySpin false if the thread shares the only core with those it waits for
     */
    AdaptiveWait(Parker parker, NanoClock clock, boolean maySpin) {
        this.parker = parker;
        this.clock = clock;
        this.maySpin = maySpin;
    }

    @Override
    public void idle() {
        if (state.phase == WORKING) {
            beginGap();
        }
        if (state.phase == SPINNING) {
            spin();
        } else if (state.phase == YIELDING) {
            yieldOnce();
        } else {
            armOrPark();
        }
    }

    @Override
    public void onWork() {
        if (state.phase != WORKING) {
            endGap();
        }
    }

    @Override
    public void signal() {
        if (parker.isArmedAfterFence()) {
            signalledNs.set(clock.nanoTime());
            parker.wake();
        }
    }

    @Override
    public boolean isBusySpinning() {
        return false;
    }

    @Override
    public String name() {
        return NAME;
    }

    /** {@return the moving average over the gaps, in nanoseconds} */
    long expectedGapNs() {
        return state.expectedGapNs;
    }

    private void beginGap() {
        state.sinceNs = clock.nanoTime();
        state.seenNs = state.sinceNs;
        enter(state.expectedGapNs > SPIN_BUDGET_NS ? PARKING : maySpin ? SPINNING : YIELDING);
    }

    private void enter(long phase) {
        state.phase = phase;
        state.stepCount = 0;
    }

    private void spin() {
        Thread.onSpinWait();
        if (++state.stepCount % CHECK_INTERVAL == 0) {
            state.seenNs = clock.nanoTime();
            if (state.seenNs - state.sinceNs >= SPIN_BUDGET_NS) {
                enter(YIELDING);
            }
        }
    }

    private void yieldOnce() {
        Thread.yield();
        state.seenNs = clock.nanoTime();
        if (++state.stepCount == YIELD_COUNT) {
            enter(PARKING);
        }
    }

    private void armOrPark() {
        if (!parker.isArmed()) {
            parker.arm();
            return;
        }
        parker.park();
        state.seenNs = parker.isArmed() ? clock.nanoTime() : signalledNs.get();
    }

    private void endGap() {
        long gapNs = Math.min(Math.max(0, state.seenNs - state.sinceNs), GAP_MAX_NS);
        state.expectedGapNs += (gapNs - state.expectedGapNs) >> WEIGHT_SHIFT;
        state.phase = WORKING;
        if (parker.isArmed()) {
            parker.disarm();
        }
    }
}
