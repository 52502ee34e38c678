package io.millrace.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.MemoryStore;
import io.millrace.PipelineContext;
import io.millrace.SumOperator;
import io.millrace.event.MutableEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One event and then silence: its outputs arrive. Parks have no bound here, so a stage that nobody wakes sleeps for
 * ever.
 */
class SilenceTest {
    private static final int TYPE = 7;
    private static final long TIMEOUT_NS = 10_000_000_000L;
    private static final int FAILURE_COUNT_MAX = 2;

    /** A stage that sleeps for ever costs each combination its timeout: a few of them say it all. */
    private static int failureCount;

    private static Stream<Arguments> all() {
        List<Arguments> all = new ArrayList<>();
        for (ThreadPlan plan : List.of(ThreadPlan.FUSED, ThreadPlan.SPLIT, ThreadPlan.PIPELINED)) {
            for (String wait : WaitStrategy.names()) {
                for (Level gate : Level.values()) {
                    all.add(Arguments.of(plan, wait, gate));
                }
            }
        }
        return all.stream();
    }

    @BeforeEach
    void stopWhenItIsClear() {
        assumeTrue(failureCount < FAILURE_COUNT_MAX, "failed already");
        failureCount++;
    }

    private static void pass() {
        failureCount--;
    }

    private static Stream<Arguments> policies() {
        List<Arguments> all = new ArrayList<>();
        for (ThreadPlan plan : List.of(ThreadPlan.FUSED, ThreadPlan.SPLIT, ThreadPlan.PIPELINED)) {
            for (SyncPolicy policy : List.of(
                    SyncPolicy.NONE,
                    SyncPolicy.interval(SyncPolicy.INTERVAL_MIN_NS),
                    SyncPolicy.GROUP,
                    SyncPolicy.PER_BATCH)) {
                all.add(Arguments.of(plan, policy));
            }
        }
        return all.stream();
    }

    private final Semaphore arrived = new Semaphore(0);

    private StageChain start(ThreadPlan plan, String wait, Level gate, MemoryStore store) {
        return start(plan, wait, gate, SyncPolicy.behind(gate), store);
    }

    private StageChain start(ThreadPlan plan, String wait, Level gate, SyncPolicy policy, MemoryStore store) {
        PipelineContext context = new PipelineContext()
                .threadPlan(plan)
                .waitStrategy(wait)
                .gate(gate)
                .syncPolicy(policy)
                .ringCapacity(4)
                .outputRingCapacity(4)
                .operator(new SumOperator("sum"))
                .store(store);
        List<Subscription> subscriptions =
                List.of(StageChain.subscription(SumOperator.TYPE, "sums", e -> arrived.release()));
        StageChain chain = new StageChain(
                context, subscriptions, (name, parkMaxNs) -> WaitStrategy.named(name, Parker.UNBOUNDED_NS));
        chain.start();
        return chain;
    }

    private static long publish(StageChain chain, long key) {
        while (!chain.ring().hasRoom(1)) {
            Thread.onSpinWait();
        }
        long ticket = chain.ring().claim(1);
        MutableEvent slot = chain.ring().slot(ticket);
        slot.clearHeader().id(1, ticket).typeId(TYPE).key(key);
        chain.ring().publish(ticket);
        return ticket;
    }

    private static int rounds(String wait) {
        return wait.equals("adaptive") || wait.equals("block") ? 300 : 20;
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldBringTheOutputOfOneEventWithoutAnother(ThreadPlan plan, String wait, Level gate)
            throws InterruptedException {
        try (StageChain chain = start(plan, wait, gate, new MemoryStore())) {
            for (int round = 0; round < rounds(wait); round++) {
                publish(chain, 1);

                assertTrue(arrived.tryAcquire(1, TIMEOUT_NS, TimeUnit.NANOSECONDS), "round=" + round);
            }
            assertTrue(chain.awaitDrained(() -> true, TIMEOUT_NS));
        }
        pass();
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldBringTheOutputsOfAnEventThatFillTheOutputRingManyTimes(ThreadPlan plan, String wait, Level gate)
            throws InterruptedException {
        try (StageChain chain = start(plan, wait, gate, new MemoryStore())) {
            for (int round = 0; round < rounds(wait) / 10; round++) {
                publish(chain, 1_060);
                publish(chain, 1);

                assertTrue(arrived.tryAcquire(62, TIMEOUT_NS, TimeUnit.NANOSECONDS), "round=" + round);
            }
            assertTrue(chain.awaitDrained(() -> true, TIMEOUT_NS));
        }
        pass();
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldReachEveryLevelThatIsAwaited(ThreadPlan plan, String wait, Level gate) {
        MemoryStore store = new MemoryStore();
        try (StageChain chain = start(plan, wait, gate, store)) {
            for (int round = 0; round < rounds(wait) / 5; round++) {
                long ticket = publish(chain, 1);

                for (Level level : Level.values()) {
                    assertEquals(round, chain.awaitLevel(ticket, level, TIMEOUT_NS), "level=" + level);
                }
            }
            assertTrue(store.journal.syncCount > 0);
        }
        pass();
    }

    /** Of the awaited levels SYNCED asks for a sync; here nobody asks, and each event is followed by silence. */
    @ParameterizedTest
    @MethodSource("policies")
    void shouldSyncAndMarkByItselfWithEachPolicy(ThreadPlan plan, SyncPolicy policy) {
        MemoryStore store = new MemoryStore();
        try (StageChain chain = start(plan, "block", Level.JOURNALED, policy, store)) {
            for (int round = 0; round < 100; round++) {
                long ticket = publish(chain, 1);

                assertEquals(round, chain.awaitLevel(ticket, Level.JOURNALED, TIMEOUT_NS));
                if (policy.equals(SyncPolicy.NONE)) {
                    assertEquals(round, chain.awaitLevel(ticket, Level.SYNCED, TIMEOUT_NS));
                }
                awaitTrue(() -> chain.synced().ticket() >= ticket, "synced, round=" + round);
            }
            int markCount = store.journal.markCount;
            publish(chain, 1);
            chain.awaitLevel(100, policy.equals(SyncPolicy.NONE) ? Level.SYNCED : Level.JOURNALED, TIMEOUT_NS);
            awaitTrue(() -> store.journal.markCount > markCount, "mark");
            int syncCount = store.journal.syncCount;
            publish(chain, 1);
            awaitTrue(() -> chain.journaled().ticket() == 101, "journaled behind a mark");
            chain.requestSync(101);
            awaitTrue(() -> store.journal.syncCount > syncCount, "sync behind a mark");
        }
        pass();
    }

    private static void awaitTrue(BooleanSupplier condition, String what) {
        long beganNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - beganNs < TIMEOUT_NS, what);
            Thread.onSpinWait();
        }
    }
}
