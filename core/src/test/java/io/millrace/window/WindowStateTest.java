package io.millrace.window;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.millrace.event.MutableEvent;
import io.millrace.event.Outputs;
import io.millrace.state.Operator;
import io.millrace.workload.Arrival;
import io.millrace.workload.Snapshots;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The state of every kind of window: it takes the bytes that are printed at start, goes on from what was saved, has
 * another hash when it differs, and stays as small while keys come and go.
 */
class WindowStateTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int EVENTS_PER_KEY = 8;
    private static final int KEYS_AT_A_TIME = 16;
    /** Of event time that an idle key is held at most: a window and what is allowed for lateness, in events. */
    private static final int HELD_EVENTS = 2_048;

    private final Discarded outputs = new Discarded();
    private final MutableEvent event = MutableEvent.allocate(0);

    /** One kind of window. */
    private record Kind(String name, long bytes, boolean isFreed, Supplier<Operator> maker) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Kind> kinds() {
        return List.of(
                running(),
                kind(settings("tumbling", Window.tumbling(200, NANOSECONDS))),
                kind(settings("hopping", Window.hopping(300, NANOSECONDS, 60, NANOSECONDS))),
                kind(settings("corrected", Window.hopping(300, NANOSECONDS, 60, NANOSECONDS))
                        .late(LatePolicy.update(100, NANOSECONDS))),
                kind(settings("long", Window.hopping(400, NANOSECONDS, 2, NANOSECONDS))),
                kind(settings("cumulating", Window.cumulating(300, NANOSECONDS, 60, NANOSECONDS))),
                kind(settings(
                        "shared",
                        Window.tumbling(100, NANOSECONDS),
                        Window.hopping(300, NANOSECONDS, 50, NANOSECONDS))),
                kind(settings("top", Window.tumbling(200, NANOSECONDS)).top(3, "sum")),
                kind(settings("session", Window.session(40, NANOSECONDS))),
                kind(settings("corrected session", Window.session(40, NANOSECONDS))
                        .late(LatePolicy.update(100, NANOSECONDS))),
                kind(settings("sketches", Window.hopping(300, NANOSECONDS, 60, NANOSECONDS))
                        .aggregate(
                                Aggregate.distinct("distinct").of(Arrival.VALUE),
                                Aggregate.quantile("p99", 0.99).of(Arrival.VALUE))),
                count("count", Window.count(4)),
                count("sliding count", Window.count(6, 4)),
                kind(settings("sliding", Window.sliding(100, NANOSECONDS))));
    }

    private static Kind running() {
        WindowSpec spec = WindowSpec.named("running")
                .over(Arrival.TYPE)
                .value(Arrival.VALUE)
                .size(300, NANOSECONDS)
                .slide(60, NANOSECONDS)
                .maxKeys(HELD_EVENTS)
                .maxPanes(4 * HELD_EVENTS)
                .build();
        return new Kind("running", WindowOperator.bytes(spec), true, () -> new WindowOperator(spec));
    }

    private static AggregateSpec.Builder settings(String name, Window... windows) {
        return AggregateSpec.named(name)
                .over(Arrival.TYPE)
                .window(windows)
                .aggregate(Aggregate.count("n"), Aggregate.sum("sum").of(Arrival.VALUE))
                .maxKeys(HELD_EVENTS);
    }

    private static Kind kind(AggregateSpec.Builder settings) {
        return kind(settings.maxPanes(4 * HELD_EVENTS).build(), true);
    }

    private static Kind count(String name, Window window) {
        AggregateSpec spec = settings(name, window).build();
        return kind(spec, window.slide() == window.size());
    }

    private static Kind kind(AggregateSpec spec, boolean isFreed) {
        return new Kind(spec.name(), spec.bytes(), isFreed, () -> AggregateOperator.of(spec));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void shouldTakeTheBytesThatArePrinted(Kind kind) {
        kind.maker.get();
        long leastTaken = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            kind.maker.get();
            leastTaken = Math.min(leastTaken, THREADS.getCurrentThreadAllocatedBytes() - before);
        }

        assertEquals(1.0, (double) leastTaken / kind.bytes, 0.01, "bytes=" + kind.bytes);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void shouldGoOnFromWhatWasSaved(Kind kind) {
        Operator straight = kind.maker.get();
        feed(straight, 0, 3_000);
        Operator restored = Snapshots.copy(straight, kind.maker.get());
        Discarded again = new Discarded();

        feed(straight, 3_000, 6_000, outputs);
        feed(restored, 3_000, 6_000, again);

        assertEquals(straight.stateHash(), restored.stateHash());
        feed(kind.maker.get(), 0, 3_000, again);
        assertEquals(outputs.count, again.count, "rows");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void shouldHaveAnotherHashWhenOneValueDiffers(Kind kind) {
        Operator one = kind.maker.get();
        Operator other = kind.maker.get();
        feed(one, 0, 2_961);
        feed(other, 0, 2_960);
        take(other, 2_960, -1, outputs);

        assertNotEquals(one.stateHash(), other.stateHash());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void shouldFreeKeysThatAreIdle(Kind kind) {
        churn(kind, 60_000);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("kinds")
    void shouldFreeKeysThatAreIdleForever(Kind kind) {
        churn(kind, 10_000_000);
    }

    /** Keys that come for some events and never again: as many are held as before, and nothing is allocated. */
    private void churn(Kind kind, int eventCount) {
        Operator operator = kind.maker.get();
        int warmUp = 30_000;
        feed(operator, 0, warmUp);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        int mostKeys = 0;
        for (int from = warmUp; from < warmUp + eventCount; from += 1_000) {
            feed(operator, from, from + 1_000);
            mostKeys = Math.max(mostKeys, keyCount(operator));
        }
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;

        assertTrue(outputs.count > (kind.isFreed ? eventCount / 100 : HELD_EVENTS), "rows=" + outputs.count);
        assertTrue(allocated < eventCount / 10 + 20_000, "bytes=" + allocated);
        if (kind.isFreed) {
            assertTrue(mostKeys < HELD_EVENTS / 4, "keys=" + mostKeys);
            assertEquals(0, refusedCount(operator));
        } else {
            assertEquals(HELD_EVENTS, mostKeys, "they are kept, and later ones counted");
            assertTrue(refusedCount(operator) > 0);
        }
    }

    private static int keyCount(Operator operator) {
        return operator instanceof WindowOperator running
                ? running.keyCount()
                : ((AggregateOperator) operator).keyCount();
    }

    private static long refusedCount(Operator operator) {
        return operator instanceof WindowOperator running
                ? running.refusedKeyCount() + running.refusedPaneCount()
                : ((AggregateOperator) operator).refusedKeyCount() + ((AggregateOperator) operator).refusedPaneCount();
    }

    private void feed(Operator operator, int from, int to) {
        feed(operator, from, to, outputs);
    }

    private void feed(Operator operator, int from, int to, Discarded into) {
        for (int i = from; i < to; i++) {
            take(operator, i, i % 100, into);
        }
    }

    private void take(Operator operator, int i, long value, Discarded into) {
        long key = i / (EVENTS_PER_KEY * KEYS_AT_A_TIME) * (long) KEYS_AT_A_TIME + i % KEYS_AT_A_TIME;
        event.clearHeader()
                .sequence(i)
                .id(~i, value)
                .key(key * 0x9E3779B97F4A7C15L)
                .timestampNs(i);
        event.ingestTimeNs(i).typeId(Arrival.TYPE.id());
        boolean isDone = false;
        while (!isDone) {
            isDone = operator.advanceTo(i - 1L, false, into);
        }
        operator.onEvent(event, into);
    }

    /** Outputs that are counted and forgotten. */
    private static final class Discarded implements Outputs {
        private final MutableEvent output = MutableEvent.allocate(256);
        private long count;

        @Override
        public MutableEvent claim(int typeId, int payloadLength) {
            return output.clearHeader().typeId(typeId).payloadLength(payloadLength);
        }

        @Override
        public void commit() {
            count++;
        }

        @Override
        public long causeSequence() {
            return 0;
        }
    }
}
