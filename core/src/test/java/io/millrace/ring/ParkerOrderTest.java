package io.millrace.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.lmax.disruptor.Sequence;
import io.millrace.TestSeed;
import java.util.SplittableRandom;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * One thread arms and looks at a cursor while another advances the cursor and looks at the flag: at least one of them
 * has to see what the other wrote, or the wake-up is lost. It fails if {@code arm()} uses {@code armed.set}, or if
 * {@code isArmedAfterFence()} has no fence.
 */
class ParkerOrderTest {
    private static final int BATCH_COUNT = 3_000;
    private static final int TRIAL_COUNT = 256;

    /** Far more than the caches hold, so that a store to it takes long and holds up the stores behind it. */
    private static final int SLAB_LENGTH = 1 << 22;

    private static final int ARMING_STORE_COUNT = 2;
    private static final int ADVANCING_STORE_COUNT = 8;
    private static final long SEED = TestSeed.of(ParkerOrderTest.class);

    private final Parker[] parkers = new Parker[TRIAL_COUNT];
    private final Sequence[] cursors = new Sequence[TRIAL_COUNT];
    private final long[] slab = new long[SLAB_LENGTH];
    private final Sequence armingTrial = new Sequence(-1);
    private final boolean[] sawCursor = new boolean[TRIAL_COUNT];
    private final boolean[] sawArmed = new boolean[TRIAL_COUNT];
    private final CyclicBarrier batchEdge = new CyclicBarrier(3);
    private final AtomicInteger readyCount = new AtomicInteger();
    private final AtomicBoolean isDone = new AtomicBoolean();

    @Test
    void shouldLetOneSideSeeWhatTheOtherWrote() throws Exception {
        for (int i = 0; i < TRIAL_COUNT; i++) {
            parkers[i] = new Parker(1);
            cursors[i] = new Sequence(0);
        }
        start(this::armAndLook, SEED);
        start(this::advanceAndLook, SEED + 1);

        int lostCount = 0;
        for (int batch = 0; batch < BATCH_COUNT && lostCount == 0; batch++) {
            batchEdge.await();
            batchEdge.await();
            lostCount = lostCountAndReset();
        }
        isDone.set(true);
        batchEdge.await();

        assertEquals(0, lostCount, "wake-ups lost, seed=" + SEED);
    }

    private void armAndLook(SplittableRandom random) {
        for (int i = 0; i < TRIAL_COUNT; i++) {
            armingTrial.set(i);
            fillStoreBuffer(random, ARMING_STORE_COUNT);
            parkers[i].arm();
            sawCursor[i] = cursors[i].get() == 1;
        }
    }

    private void advanceAndLook(SplittableRandom random) {
        for (int i = 0; i < TRIAL_COUNT; i++) {
            awaitTrial(i);
            fillStoreBuffer(random, ADVANCING_STORE_COUNT);
            cursors[i].set(1);
            sawArmed[i] = parkers[i].isArmedAfterFence();
        }
    }

    /** Keeps this thread just behind the one that arms, by reading alone: its own stores stay where they are. */
    private void awaitTrial(int trial) {
        for (int spins = 0; armingTrial.get() < trial; spins++) {
            spinOrYield(spins);
        }
    }

    /** As writing an event does. */
    private void fillStoreBuffer(SplittableRandom random, int storeCount) {
        for (int store = 0; store < storeCount; store++) {
            slab[random.nextInt(SLAB_LENGTH)] = store;
        }
    }

    private static void spinOrYield(int spins) {
        if (spins < 10_000) {
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
    }

    private int lostCountAndReset() {
        int lostCount = 0;
        for (int i = 0; i < TRIAL_COUNT; i++) {
            lostCount += sawCursor[i] || sawArmed[i] ? 0 : 1;
            parkers[i].disarm();
            cursors[i].set(0);
        }
        readyCount.set(0);
        armingTrial.set(-1);
        return lostCount;
    }

    private void start(Consumer<SplittableRandom> batch, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Thread thread = new Thread(() -> {
            try {
                batchEdge.await();
                while (!isDone.get()) {
                    meet();
                    batch.accept(random);
                    batchEdge.await();
                    batchEdge.await();
                }
            } catch (InterruptedException | BrokenBarrierException e) {
                throw new IllegalStateException(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    /** A barrier wakes its threads one after the other; here they meet spinning, to begin at the same time. */
    private void meet() {
        readyCount.incrementAndGet();
        for (int spins = 0; readyCount.get() < 2; spins++) {
            spinOrYield(spins);
        }
    }
}
