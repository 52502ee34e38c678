package io.millrace.ring;

/** Polls for ever: the shortest wake-up, for a core that the thread has for itself. */
final class BusySpinWait extends WaitStrategy {
    static final String NAME = "busy-spin";

    @Override
    public void idle() {
        Thread.onSpinWait();
    }

    @Override
    public void onWork() {}

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
