package io.millrace.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.MemoryStore;
import io.millrace.PipelineContext;
import java.util.List;
import org.agrona.concurrent.NanoClock;
import org.junit.jupiter.api.Test;

/** When SYNC forces by itself, polled by hand on a clock that stands still. */
class SyncPolicyTest {
    private static final long INTERVAL_NS = 100_000_000;

    private final MemoryStore store = new MemoryStore();
    private long nowNs = 1_000;
    private StageChain chain;
    private SyncStage sync;

    private void start(SyncPolicy policy) {
        PipelineContext context = new PipelineContext()
                .threadPlan(ThreadPlan.INVOKED)
                .ringCapacity(16)
                .maxBatchCount(2)
                .syncPolicy(policy)
                .store(store);
        chain = new StageChain(context, List.of());
        sync = (SyncStage) chain.stages().stream()
                .filter(stage -> stage instanceof SyncStage)
                .findFirst()
                .orElseThrow();
        NanoClock clock = () -> nowNs;
        sync.clock(clock);
        chain.start();
    }

    private void publish(int count) {
        for (int i = 0; i < count; i++) {
            long ticket = chain.ring().claim(1);
            chain.ring().slot(ticket).clearHeader().id(1, ticket).typeId(7);
            chain.ring().publish(ticket);
        }
    }

    private void pollAll(int times) {
        for (int i = 0; i < times; i++) {
            chain.doWork();
        }
    }

    private void assertReached(long journaled, long synced) {
        assertEquals(journaled, chain.journaled().ticket(), "journaled");
        assertEquals(journaled, chain.journaled().sequence(), "journaled sequence");
        assertEquals(synced, chain.synced().ticket(), "synced");
        assertEquals(synced, chain.synced().sequence(), "synced sequence");
    }

    @Test
    void shouldSyncOnlyWhenAskedWithNone() {
        start(SyncPolicy.NONE);
        publish(4);
        pollAll(10);
        assertReached(3, -1);

        assertEquals(1, chain.awaitLevel(1, Level.SYNCED, 20_000_000_000L));
        assertReached(3, 3);
        assertEquals(1, store.journal.syncCount);
    }

    @Test
    void shouldSyncTheFirstAtOnceAndThenOncePerInterval() {
        start(SyncPolicy.interval(INTERVAL_NS));
        publish(1);
        pollAll(1);
        assertReached(0, 0);

        publish(1);
        nowNs += INTERVAL_NS - 1;
        pollAll(10);
        assertReached(1, 0);

        nowNs += 1;
        pollAll(1);
        assertReached(1, 1);
    }

    @Test
    void shouldNotWaitForTheIntervalWhenAsked() {
        start(SyncPolicy.interval(INTERVAL_NS));
        publish(1);
        pollAll(1);
        publish(1);

        assertEquals(1, chain.awaitLevel(1, Level.SYNCED, 20_000_000_000L));
        assertReached(1, 1);
    }

    @Test
    void shouldSyncWhatHasGatheredWithGroup() {
        start(SyncPolicy.GROUP);
        publish(2);
        chain.poll(chain.stages().get(0));
        chain.poll(chain.stages().get(1));
        publish(1);
        chain.poll(chain.stages().get(0));
        chain.poll(chain.stages().get(1));
        assertReached(2, -1);

        chain.poll(sync);
        assertReached(2, 2);
        assertEquals(1, store.journal.syncCount);
    }

    @Test
    void shouldWriteTheNextBatchOnlyWhenTheLastOneIsSyncedWithPerBatch() {
        start(SyncPolicy.PER_BATCH);
        publish(5);
        for (Stage stage : chain.stages()) {
            if (stage != sync) {
                for (int i = 0; i < 5; i++) {
                    chain.poll(stage);
                }
            }
        }
        assertEquals(2, store.journal.committedCount());
        assertReached(-1, -1);

        chain.poll(sync);
        assertReached(1, 1);
        pollAll(10);
        assertReached(4, 4);
        assertEquals(3, store.journal.syncCount);
        assertEquals(4, chain.emitted().ticket());
    }

    @Test
    void shouldMarkOnceWhenNothingComesAfterASync() {
        start(SyncPolicy.GROUP);
        publish(1);
        pollAll(3);
        nowNs += SyncStage.MARK_IDLE_NS - 1;
        pollAll(3);
        assertEquals(0, store.journal.markCount);

        nowNs += 1;
        pollAll(10);
        assertEquals(1, store.journal.markCount);
        assertEquals(2, store.journal.syncCount);
        nowNs += 10 * SyncStage.MARK_IDLE_NS;
        pollAll(10);
        assertEquals(1, store.journal.markCount);
        assertEquals(2, store.journal.syncCount);
    }

    @Test
    void shouldNotMarkWhatNewerRecordsWillSay() {
        start(SyncPolicy.GROUP);
        publish(1);
        pollAll(3);
        nowNs += SyncStage.MARK_IDLE_NS;
        chain.poll(sync);
        publish(1);
        pollAll(3);

        assertEquals(0, store.journal.markCount);
        nowNs += SyncStage.MARK_IDLE_NS;
        pollAll(3);
        assertEquals(1, store.journal.markCount);
    }

    @Test
    void shouldNotMarkWhatIsNotSynced() {
        start(SyncPolicy.NONE);
        publish(1);
        pollAll(3);
        nowNs += 100 * SyncStage.MARK_IDLE_NS;
        pollAll(3);

        assertEquals(0, store.journal.markCount);
        assertEquals(0, store.journal.syncCount);
    }

    @Test
    void shouldSyncWhatIsInTheJournalAtTheEnd() {
        start(SyncPolicy.NONE);
        publish(3);
        pollAll(5);
        chain.close();

        assertReached(2, 2);
        assertEquals(3, store.journal.durableCount);
    }

    @Test
    void shouldSayThatTheLastSyncFailed() {
        start(SyncPolicy.NONE);
        publish(3);
        pollAll(5);
        store.journal.failure = new IllegalStateException("disk");
        chain.close();

        assertReached(2, -1);
        assertEquals(
                "pipeline halted: stage=SYNC: IllegalStateException: disk",
                chain.fault().message());
    }

    @Test
    void shouldRefuseAnIntervalOutOfRange() {
        for (long intervalNs : new long[] {0, SyncPolicy.INTERVAL_MIN_NS - 1, SyncPolicy.INTERVAL_MAX_NS + 1}) {
            assertEquals(
                    "cannot make sync policy: kind=INTERVAL, intervalNs=" + intervalNs
                            + " (expected: 1000000 to 3600000000000); set an interval in that range",
                    assertThrows(IllegalArgumentException.class, () -> SyncPolicy.interval(intervalNs))
                            .getMessage());
        }
        assertEquals(
                SyncPolicy.INTERVAL_MIN_NS,
                SyncPolicy.interval(SyncPolicy.INTERVAL_MIN_NS).intervalNs());
        assertEquals(
                SyncPolicy.INTERVAL_MAX_NS,
                SyncPolicy.interval(SyncPolicy.INTERVAL_MAX_NS).intervalNs());
    }
}
