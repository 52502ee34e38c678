package io.millrace;

import static io.millrace.PipelineTest.TIMEOUT_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.pattern.Match;
import io.millrace.ring.EventLog;
import io.millrace.ring.EventStore;
import io.millrace.ring.Level;
import io.millrace.ring.SyncPolicy;
import io.millrace.ring.ThreadPlan;
import io.millrace.window.WindowResult;
import io.millrace.workload.Corridor;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.function.ObjIntConsumer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No bytes per event on the publisher's thread and the stages' threads, with dedup, window, pattern and logs on. */
final class PipelineAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int ROUND_COUNT = 60;
    private static final int WARM_UP_COUNT = 30;
    private static final long NS_PER_MS = 1_000_000;

    private final List<MutableEvent> events = Corridor.events(2_000);
    private final long[] reached = new long[Level.values().length];
    private byte[] garbage = {};
    private long deliveredCount;
    private long idBase;
    private boolean isWasteful;

    @ParameterizedTest
    @EnumSource(names = {"FUSED", "SPLIT", "PIPELINED"})
    void shouldAllocateNothingPerEventWhenWarm(ThreadPlan plan) {
        measure(plan, SyncPolicy.GROUP);
        assertTrue(reached[Level.SYNCED.ordinal()] > events.size(), "synced=" + reached[Level.SYNCED.ordinal()]);
    }

    @Test
    void shouldAllocateNothingPerEventWhenEachBatchIsSynced() {
        measure(ThreadPlan.FUSED, SyncPolicy.PER_BATCH);
    }

    private void measure(ThreadPlan plan, SyncPolicy policy) {
        PipelineContext context = Corridor.operators(new PipelineContext())
                .name("alloc")
                .threadPlan(plan)
                .ringCapacity(256)
                .syncPolicy(policy)
                .store(new PreallocatedStore());
        try (Pipeline pipeline = Pipeline.create(context)) {
            pipeline.subscribe(WindowResult.TYPE_ID, "windows", this::count);
            pipeline.subscribe(Match.TYPE_ID, "matches", this::count);
            for (Level level : Level.values()) {
                pipeline.onLevel(level, (ticket, sequence) -> reached[level.ordinal()] = sequence);
            }
            pipeline.start();
            long[] threadIds = threadIds();
            for (int round = 0; round < WARM_UP_COUNT; round++) {
                publishAll(pipeline);
            }

            long[] bytes = new long[ROUND_COUNT];
            for (int round = 0; round < ROUND_COUNT; round++) {
                bytes[round] = measure(pipeline, threadIds);
            }
            isWasteful = true;
            long control = measure(pipeline, threadIds);

            assertTrue(deliveredCount > events.size(), "outputs=" + deliveredCount);
            assertTrue(control >= 16L * 100, "control=" + control);
            assertEquals(0, median(bytes), Arrays.toString(bytes));
            // A few rounds may carry what the JVM charges a thread for going back from compiled code.
            assertTrue(Arrays.stream(bytes).filter(b -> b > 0).count() <= ROUND_COUNT / 5, Arrays.toString(bytes));
        }
    }

    private static long median(long[] values) {
        return Arrays.stream(values)
                .sorted()
                .skip(values.length / 2)
                .findFirst()
                .orElseThrow();
    }

    private void count(Event output) {
        deliveredCount++;
        if (isWasteful) {
            garbage = new byte[16];
        }
    }

    private long measure(Pipeline pipeline, long[] threadIds) {
        long before = bytes(threadIds);
        publishAll(pipeline);
        return bytes(threadIds) - before;
    }

    private static long bytes(long[] threadIds) {
        long sum = 0;
        for (long id : threadIds) {
            sum += THREADS.getThreadAllocatedBytes(id);
        }
        return sum;
    }

    private static long[] threadIds() {
        long own = Thread.currentThread().getId();
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().endsWith("-alloc") || thread.getId() == own)
                .mapToLong(Thread::getId)
                .toArray();
    }

    /** The same events a second later, under ids of their own. */
    private void publishAll(Pipeline pipeline) {
        Publisher publisher = pipeline.publisher();
        for (int i = 0; i < events.size(); i++) {
            MutableEvent event = events.get(i);
            event.id(event.idHi(), idBase + i % 1_990).timestampNs(event.timestampNs() + 1_000 * NS_PER_MS);
            long ticket = publisher.publish(event);
            while (ticket == Publisher.BACK_PRESSURED) {
                Thread.onSpinWait();
                ticket = publisher.publish(event);
            }
        }
        idBase += events.size();
        assertTrue(pipeline.awaitDrained(TIMEOUT_NS));
    }

    /** Logs that copy each record into the same buffer, as nobody reads them. */
    private static final class PreallocatedStore implements EventStore {
        private final EventLog journal = new PreallocatedLog();
        private final EventLog outbox = new PreallocatedLog();

        @Override
        public EventLog journal() {
            return journal;
        }

        @Override
        public EventLog outbox() {
            return outbox;
        }

        @Override
        public void replay(long fromSequence, ObjIntConsumer<Event> consumer) {}

        @Override
        public long nextOutput() {
            return 0;
        }

        @Override
        public long nextSequence() {
            return 0;
        }

        @Override
        public long lastOutputIdHi() {
            return 0;
        }

        @Override
        public long lastOutputIdLo() {
            return -1;
        }

        @Override
        public int epoch() {
            return 0;
        }

        @Override
        public void close() {}
    }

    private static final class PreallocatedLog implements EventLog {
        private static final int LENGTH = 1 << 16;

        private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[LENGTH]);
        private int position;

        @Override
        public void start() {}

        @Override
        public boolean append(Event record) {
            if (position + record.recordLength() > LENGTH) {
                return false;
            }
            buffer.putBytes(position, record.buffer(), 0, record.recordLength());
            position += record.recordLength();
            return true;
        }

        @Override
        public void commit() {
            position = 0;
        }

        @Override
        public void sync() {}

        @Override
        public boolean isStorageLow() {
            return false;
        }

        @Override
        public void close() {}
    }
}
