package io.millrace.ring;

/**
 * Parks until signalled: the least CPU while nothing comes. The price is the scheduler's wake-up on the first event
 * after a gap, and a system call for the publisher of that event.
 */
final class BlockWait extends WaitStrategy {
    static final String NAME = "block";

    private final Parker parker;
    private long limitNs = Long.MAX_VALUE;

    BlockWait(Parker parker) {
        this.parker = parker;
    }

    @Override
    public void idle() {
        if (parker.isArmed()) {
            parker.park(limitNs);
        } else {
            parker.arm();
        }
    }

    @Override
    void parkAtMost(long limitNs) {
        this.limitNs = limitNs;
    }

    @Override
    public void onWork() {
        if (parker.isArmed()) {
            parker.disarm();
        }
    }

    @Override
    public void signal() {
        parker.signal();
    }

    @Override
    public boolean isBusySpinning() {
        return false;
    }

    @Override
    public String name() {
        return NAME;
    }
}
