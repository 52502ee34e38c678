package io.millrace.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.lmax.disruptor.Sequence;
import io.millrace.TestSeed;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two threads hand a turn to and fro, with parks that nothing ends but a signal: a lost wake-up stops them for ever. A
 * planted bug makes it fail within its rounds: in {@link BlockWait}, {@code arm()} and {@code park()} in one step of
 * {@code idle()}. Missing fences are found by {@link ParkerOrderTest}.
 */
class LostWakeUpTest {
    private static final int ROUND_COUNT = 20_000;
    private static final int PARK_ROUND_COUNT = 500;

    /** Few: on one core each turn costs a spinning thread its time slice. */
    private static final int SPIN_ROUND_COUNT = 200;

    private static final long TIMEOUT_MS = 25_000;
    private static final long SEED = TestSeed.of(LostWakeUpTest.class);

    private record Wait(String title, int roundCount, Supplier<WaitStrategy> supplier) {
        @Override
        public String toString() {
            return title;
        }
    }

    @ParameterizedTest
    @MethodSource("waits")
    void shouldLoseNoWakeUp(Wait wait) throws InterruptedException {
        Player left = new Player(wait, SEED);
        Player right = new Player(wait, SEED + 1);

        Thread leftThread = left.start(right, true);
        Thread rightThread = right.start(left, false);
        leftThread.join(TIMEOUT_MS);
        rightThread.join(left.turns.get() == wait.roundCount ? TIMEOUT_MS : 1);
        long leftTurns = left.turns.get();
        long rightTurns = right.turns.get();
        left.stop(leftThread);
        right.stop(rightThread);

        assertEquals(wait.roundCount, leftTurns, "left, seed=" + SEED);
        assertEquals(wait.roundCount, rightTurns, "right, seed=" + SEED);
    }

    private static List<Wait> waits() {
        AtomicLong jumpingNs = new AtomicLong();
        return List.of(
                named("busy-spin", SPIN_ROUND_COUNT),
                named("yield", SPIN_ROUND_COUNT),
                named("adaptive", ROUND_COUNT),
                named("park", PARK_ROUND_COUNT),
                named("block", ROUND_COUNT),
                new Wait(
                        "adaptive that always parks",
                        ROUND_COUNT,
                        () -> new AdaptiveWait(
                                new Parker(Parker.UNBOUNDED_NS), () -> jumpingNs.addAndGet(1_000_000), true)));
    }

    private static Wait named(String name, int roundCount) {
        return new Wait(name, roundCount, () -> WaitStrategy.named(name, Parker.UNBOUNDED_NS));
    }

    /** One side: waits for the other's turn, takes its own, signals; dawdles now and then to shift the two in time. */
    private static final class Player {
        private final Sequence turns = new Sequence(0);
        private final AtomicBoolean isStopped = new AtomicBoolean();
        private final int roundCount;
        private final WaitStrategy wait;
        private final Random random;

        Player(Wait wait, long seed) {
            this.roundCount = wait.roundCount;
            this.wait = wait.supplier.get();
            this.random = new Random(seed);
        }

        Thread start(Player other, boolean isFirst) {
            Thread thread = new Thread(() -> play(other, isFirst ? 0 : 1));
            thread.setDaemon(true);
            thread.start();
            return thread;
        }

        void stop(Thread thread) throws InterruptedException {
            isStopped.set(true);
            LockSupport.unpark(thread);
            thread.join();
        }

        private void play(Player other, int lead) {
            for (int turn = 1; turn <= roundCount && await(other, turn - 1 + lead); turn++) {
                dawdle();
                turns.set(turn);
                other.wait.signal();
            }
        }

        private boolean await(Player other, long turn) {
            while (other.turns.get() < turn) {
                if (isStopped.get()) {
                    return false;
                }
                wait.idle();
            }
            wait.onWork();
            return true;
        }

        private void dawdle() {
            int bound = random.nextInt(8) == 0 ? 2_000 : 50;
            for (int i = random.nextInt(bound); i > 0; i--) {
                Thread.onSpinWait();
            }
        }
    }
}
