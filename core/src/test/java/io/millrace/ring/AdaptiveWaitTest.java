package io.millrace.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AdaptiveWaitTest {
    private static final long SHORT_GAP_NS = AdaptiveWait.SPIN_BUDGET_NS / 5;
    private static final long LONG_GAP_NS = 10_000_000_000L;
    private static final int MANY = 100;

    private final AtomicLong nowNs = new AtomicLong(1_000_000_000);
    private final AtomicInteger readingCount = new AtomicInteger();
    private final Parker parker = new Parker(1_000);
    private final AdaptiveWait wait = new AdaptiveWait(parker, this::read, true);

    @Test
    void shouldSpinThenYieldThenArmThenParkWhenNothingComes() {
        int spinCount = 0;
        for (long gapNs = 0; gapNs < AdaptiveWait.SPIN_BUDGET_NS; gapNs += 1_000) {
            idle(wait, AdaptiveWait.CHECK_INTERVAL);
            nowNs.addAndGet(1_000);
            spinCount += AdaptiveWait.CHECK_INTERVAL;
        }
        idle(wait, AdaptiveWait.CHECK_INTERVAL + AdaptiveWait.YIELD_COUNT);
        assertFalse(parker.isArmed(), "after " + spinCount + " spins");

        wait.idle();

        assertTrue(parker.isArmed());
        wait.idle();
        assertTrue(parker.isArmed(), "a park that nobody ended stays announced");
    }

    @Test
    void shouldArmAtOnceWhenGapsAreLong() {
        learn(LONG_GAP_NS, MANY);

        wait.idle();

        assertTrue(parker.isArmed());
    }

    @Test
    void shouldSpinWhenGapsAreShort() {
        learn(SHORT_GAP_NS, MANY);

        idle(wait, 1_000 * AdaptiveWait.CHECK_INTERVAL);

        assertFalse(parker.isArmed());
        assertEquals(SHORT_GAP_NS, wait.expectedGapNs(), 8);
    }

    @Test
    void shouldSpinAgainAfterAboutTenShortGaps() {
        learn(LONG_GAP_NS, MANY);
        assertEquals(AdaptiveWait.GAP_MAX_NS, wait.expectedGapNs(), 8);

        int gapCount = 0;
        while (wait.expectedGapNs() > AdaptiveWait.SPIN_BUDGET_NS) {
            learn(SHORT_GAP_NS, 1);
            gapCount++;
        }

        assertTrue(gapCount >= 8 && gapCount <= 14, "gapCount=" + gapCount);
    }

    @Test
    void shouldNotSpinWhenThereIsOneCore() {
        AdaptiveWait onOneCore = new AdaptiveWait(parker, this::read, false);

        idle(onOneCore, AdaptiveWait.YIELD_COUNT);
        assertFalse(parker.isArmed());
        onOneCore.idle();

        assertTrue(parker.isArmed());
    }

    @Test
    void shouldLearnWhenTheSignalCameAndNotWhenTheThreadWoke() throws InterruptedException {
        Parker unbounded = new Parker(Parker.UNBOUNDED_NS);
        AdaptiveWait parked = new AdaptiveWait(unbounded, this::read, true);
        learn(parked, LONG_GAP_NS, 3);
        long expectedBeforeNs = parked.expectedGapNs();
        Thread thread = new Thread(() -> {
            parked.idle();
            parked.idle();
            parked.onWork();
        });
        thread.start();
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }

        nowNs.addAndGet(SHORT_GAP_NS);
        parked.signal();
        nowNs.addAndGet(LONG_GAP_NS);
        thread.join();

        assertEquals(expectedBeforeNs + ((SHORT_GAP_NS - expectedBeforeNs) >> 3), parked.expectedGapNs());
    }

    @Test
    void shouldReadNoClockWhenSignalledWhileNobodyIsParked() {
        wait.idle();
        wait.onWork();
        readingCount.set(0);

        for (int i = 0; i < MANY; i++) {
            wait.signal();
            wait.onWork();
        }

        assertEquals(0, readingCount.get());
    }

    @Test
    void shouldBeDisarmedWhenThereIsWork() {
        learn(LONG_GAP_NS, MANY);
        wait.idle();

        wait.onWork();

        assertFalse(parker.isArmed());
    }

    /** Gaps of the given length, seen by a thread that looks at their ends. */
    private void learn(long gapNs, int count) {
        learn(wait, gapNs, count);
    }

    private void learn(AdaptiveWait learner, long gapNs, int count) {
        for (int i = 0; i < count; i++) {
            learner.idle();
            nowNs.addAndGet(gapNs);
            idle(learner, AdaptiveWait.CHECK_INTERVAL);
            learner.onWork();
        }
    }

    private static void idle(AdaptiveWait wait, int count) {
        for (int i = 0; i < count; i++) {
            wait.idle();
        }
    }

    private long read() {
        readingCount.incrementAndGet();
        return nowNs.get();
    }
}
