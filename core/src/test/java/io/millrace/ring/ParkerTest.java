package io.millrace.ring;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ParkerTest {
    private static final long BOUND_NS = 20_000_000;

    private final Parker parker = new Parker(BOUND_NS);

    @BeforeEach
    void takePermit() {
        LockSupport.unpark(Thread.currentThread());
        LockSupport.park();
    }

    @Test
    void shouldParkNoLongerThanTheBound() {
        parker.arm();

        parker.park();

        assertTrue(parker.isArmed(), "it came back, and nobody had signalled");
    }

    @Test
    void shouldNotParkWhenSignalledAfterArming() {
        Parker unbounded = new Parker(Parker.UNBOUNDED_NS);
        unbounded.arm();

        unbounded.signal();

        assertFalse(unbounded.isArmed());
        unbounded.park();
    }

    @Test
    void shouldWakeAThreadThatIsParked() throws InterruptedException {
        Parker unbounded = new Parker(Parker.UNBOUNDED_NS);
        Thread thread = new Thread(() -> {
            unbounded.arm();
            while (unbounded.isArmed()) {
                unbounded.park();
            }
        });
        thread.setDaemon(true);
        thread.start();
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }

        unbounded.signal();

        thread.join(10_000);
        assertFalse(thread.isAlive());
    }

    @Test
    void shouldLeaveNoPermitWhenSignalledUnarmed() {
        parker.signal();
        parker.arm();
        parker.disarm();
        parker.signal();

        parker.arm();
        assertTrue(longestOfThreeParksNs() >= BOUND_NS);
    }

    @Test
    void shouldWakeOnlyOnceWhenSignalledTwice() {
        parker.arm();
        parker.signal();
        LockSupport.park();

        parker.signal();

        parker.arm();
        assertTrue(longestOfThreeParksNs() >= BOUND_NS);
    }

    @Test
    void shouldWakeTheThreadThatArmedLast() throws InterruptedException {
        Thread first = new Thread(parker::arm);
        first.start();
        first.join();
        parker.disarm();

        parker.arm();
        parker.signal();

        LockSupport.park();
        assertFalse(parker.isArmed());
    }

    /** A park may end for no reason, but hardly three in a row. */
    private long longestOfThreeParksNs() {
        return Math.max(parkedNs(), Math.max(parkedNs(), parkedNs()));
    }

    private long parkedNs() {
        long beganNs = System.nanoTime();
        parker.park();
        return System.nanoTime() - beganNs;
    }
}
