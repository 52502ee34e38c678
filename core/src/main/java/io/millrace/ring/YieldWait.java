package io.millrace.ring;

/**
 * Polls, after some spins offering its core to others between polls: a short wake-up on cores that are shared now and
 * then. It burns its core all the same while nobody else wants it.
 */
final class YieldWait extends WaitStrategy {
    static final String NAME = "yield";

    private static final int SPIN_COUNT = 100;

    private final IdleState state = new IdleState();

    @Override
    public void idle() {
        if (state.stepCount < SPIN_COUNT) {
            state.stepCount++;
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
    }

    @Override
    public void onWork() {
        state.stepCount = 0;
    }

    @Override
    public void signal() {}

    @Override
    public boolean isBusySpinning() {
        return true;
    }

    @Override
    public String name() {
        return NAME;
    }
}
