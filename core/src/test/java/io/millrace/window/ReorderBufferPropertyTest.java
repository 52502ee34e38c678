package io.millrace.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.TestSeed;
import io.millrace.event.MutableEvent;
import io.millrace.workload.Arrival;
import io.millrace.workload.OperatorDriver;
import io.millrace.workload.RecordedOutputs;
import io.millrace.workload.Snapshots;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Random disorder against a list that is sorted. {@code -Dmillrace.test.seed=N} begins with that case. */
class ReorderBufferPropertyTest {
    private static final long SEED = TestSeed.of(ReorderBufferPropertyTest.class);
    private static final int CASE_COUNT = 120;
    private static final int EVENT_COUNT = 300;
    /** No case has so many events. */
    private static final int UNBOUNDED = 1 << 10;

    @Test
    void shouldGiveEventsAndDeadlinesInTheOrderOfTime() {
        long[] heldCount = new long[1];
        forEachSeed(seed -> {
            Case straight = new Case(seed, UNBOUNDED);
            List<String> records = straight.run(0);

            assertSame(sorted(straight), shown(records));
            assertEquals(0, straight.buffer.forcedCount());
            assertEquals(straight.late.size(), straight.buffer.lateCount());
            heldCount[0] += straight.buffer.heldCount();
        });
        assertTrue(heldCount[0] > 10L * CASE_COUNT, "events must have to wait");
    }

    @Test
    void shouldReleaseTheOldestWhenFull() {
        long[] forcedCount = new long[1];
        forEachSeed(seed -> {
            Case straight = new Case(seed, 1 + Math.floorMod(seed, 9));
            List<String> records = straight.run(0);

            SortedList list = new SortedList(straight);
            assertSame(list.run(), shown(records));
            assertEquals(list.forcedCount, straight.buffer.forcedCount());
            assertEquals(list.lateCount, straight.buffer.lateCount());
            assertTrue(straight.maxWaiting <= straight.buffer.spec().capacity() + 1);
            forcedCount[0] += list.forcedCount;
        });
        assertTrue(forcedCount[0] > CASE_COUNT, "buffers must overflow");
    }

    @Test
    void shouldGiveTheSameBytesWhenRestoredOnTheWay() {
        forEachSeed(seed -> {
            int capacity = seed % 2 == 0 ? UNBOUNDED : 5;
            Case straight = new Case(seed, capacity);
            List<String> records = straight.run(0);

            for (int interval : new int[] {1, 2 + Math.floorMod(seed, 7)}) {
                Case restored = new Case(seed, capacity);
                assertSame(records, restored.run(interval));
                assertEquals(straight.buffer.stateHash(), restored.buffer.stateHash());
            }
        });
    }

    private interface Check {
        void accept(long seed);
    }

    private static void forEachSeed(Check check) {
        for (long seed = SEED; seed < SEED + CASE_COUNT; seed++) {
            try {
                check.accept(seed);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed=" + seed, e);
            }
        }
    }

    private static <T> void assertSame(List<T> expected, List<T> actual) {
        for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
            assertEquals(expected.get(i), actual.get(i), "at " + i);
        }
        assertEquals(expected.size(), actual.size());
    }

    /** What an event or its deadline looks like: kind, time, sequence. */
    private record Shown(int kind, long timeNs, long sequence) {}

    private static List<Shown> shown(List<String> records) {
        LateEvent late = new LateEvent();
        return RecordedOutputs.events(records).stream()
                .map(output -> output.typeId() == LateEvent.TYPE_ID
                        ? new Shown(
                                LateEvent.TYPE_ID,
                                output.timestampNs(),
                                late.wrap(output).eventSequence())
                        : new Shown(output.typeId() - 100, output.timestampNs(), output.key()))
                .filter(found -> found.kind != LateEvent.TYPE_ID)
                .collect(Collectors.toList());
    }

    /** At one time deadlines first, then events, each in the order in which they came. */
    private static List<Shown> sorted(Case of) {
        List<Shown> all = new ArrayList<>();
        for (Arrival arrival : of.arrivals) {
            if (arrival.typeId() == Arrival.TYPE.id() && !of.late.contains(arrival)) {
                all.add(new Shown(EchoOperator.EVENT, arrival.timestampNs(), arrival.sequence()));
                all.add(new Shown(EchoOperator.DEADLINE, arrival.timestampNs() + of.waitNs, arrival.sequence()));
            }
        }
        all.sort(Comparator.comparingLong(Shown::timeNs)
                .thenComparing(Shown::kind, Comparator.reverseOrder())
                .thenComparingLong(Shown::sequence));
        return all;
    }

    /** One feed, and what comes of it. */
    private static final class Case {
        private final Random random;
        private final long outOfOrdernessNs;
        private final long waitNs;
        private final int maxOutputs;
        private final ReorderSpec spec;
        private final List<Arrival> arrivals = new ArrayList<>();
        private final List<Arrival> late = new ArrayList<>();
        /** Sequences of events that a TICK follows. */
        private final Set<Long> ticked = new HashSet<>();

        private ReorderBuffer buffer;
        private long timeNs;
        private int maxWaiting;

        Case(long seed, int capacity) {
            this.random = TestSeed.random(seed);
            this.outOfOrdernessNs = random.nextInt(4) * 10L;
            this.waitNs = 1 + random.nextInt(40);
            this.maxOutputs = 1 + random.nextInt(3);
            LatePolicy policy = random.nextBoolean() ? LatePolicy.SIDE_OUTPUT : LatePolicy.DROP;
            this.spec = new ReorderSpec(capacity, random.nextInt(100), policy);
            this.timeNs = random.nextInt(2000) - 1000;
            this.buffer = newBuffer();
        }

        private ReorderBuffer newBuffer() {
            return new ReorderBuffer(new EchoOperator(waitNs, maxOutputs), spec);
        }

        /** Runs the feed and ends it, with a restore before each so many records, 0 for none. */
        List<String> run(int restoreInterval) {
            List<String> records = new ArrayList<>();
            RecordedOutputs outputs = RecordedOutputs.into(records);
            Watermark watermark = new Watermark(outOfOrdernessNs, false);
            OperatorDriver driver = new OperatorDriver(buffer, watermark, outputs);
            MutableEvent event = MutableEvent.allocate(0);
            for (int sequence = 0; sequence < EVENT_COUNT; sequence++) {
                if (restoreInterval > 0 && sequence % restoreInterval == 0) {
                    buffer = Snapshots.copy(buffer, newBuffer());
                    driver = new OperatorDriver(buffer, watermark, outputs);
                }
                Arrival arrival = next(sequence);
                arrivals.add(arrival);
                long lateBefore = watermark.lateCount();
                driver.onEvent(arrival.to(event));
                if (watermark.lateCount() > lateBefore && arrival.typeId() == Arrival.TYPE.id()) {
                    late.add(arrival);
                }
                assertTrue(
                        buffer.nextDeadlineNs() > watermark.watermarkNs() || buffer.waitingCount() > spec.capacity());
                maxWaiting = Math.max(maxWaiting, buffer.waitingCount());
                if (random.nextInt(20) == 0) {
                    ticked.add((long) sequence);
                    driver.onTick(sequence, watermark.watermarkNs());
                }
            }
            driver.onEnd(EVENT_COUNT);
            assertEquals(0, buffer.waitingCount());
            assertEquals(Long.MAX_VALUE, buffer.nextDeadlineNs());
            return records;
        }

        private Arrival next(int sequence) {
            timeNs += random.nextInt(40) == 0 ? random.nextInt(100) : random.nextInt(4);
            long behindNs = random.nextInt(3) == 0 ? random.nextInt(40) : 0;
            int typeId = random.nextInt(10) == 0 ? Arrival.OTHER_TYPE.id() : Arrival.TYPE.id();
            return new Arrival(sequence, typeId, 1, timeNs - behindNs, 0);
        }
    }

    /** The same with a bound, step by step, over a list that is sorted anew each time. */
    private static final class SortedList {
        private final Case of;
        private final List<Arrival> waiting = new ArrayList<>();
        private final List<Shown> deadlines = new ArrayList<>();
        private final List<Shown> found = new ArrayList<>();
        private long maxNs = Long.MIN_VALUE / 2;
        private long timeNs = Long.MIN_VALUE / 2;
        private long forcedCount;
        private long lateCount;

        SortedList(Case of) {
            this.of = of;
        }

        List<Shown> run() {
            for (Arrival arrival : of.arrivals) {
                maxNs = Math.max(maxNs, arrival.timestampNs());
                advance(maxNs - of.outOfOrdernessNs - 1);
                if (arrival.typeId() == Arrival.TYPE.id()) {
                    take(arrival);
                }
                if (of.ticked.contains(arrival.sequence())) {
                    advance(maxNs - of.outOfOrdernessNs - 1);
                }
            }
            advance(Long.MAX_VALUE / 2);
            return found;
        }

        private void take(Arrival arrival) {
            if (arrival.timestampNs() <= timeNs) {
                lateCount++;
            } else {
                waiting.add(arrival);
                waiting.sort(Comparator.comparingLong(Arrival::timestampNs).thenComparingLong(Arrival::sequence));
                if (waiting.get(0).timestampNs() == timeNs + 1) {
                    process();
                }
            }
        }

        private void advance(long watermarkNs) {
            while (!waiting.isEmpty()
                    && (waiting.get(0).timestampNs() <= Math.max(timeNs, watermarkNs) + 1
                            || waiting.size() > of.spec.capacity())) {
                if (waiting.get(0).timestampNs() > watermarkNs + 1) {
                    forcedCount++;
                }
                moveTo(waiting.get(0).timestampNs() - 1);
                process();
            }
            moveTo(watermarkNs);
        }

        private void process() {
            Arrival first = waiting.remove(0);
            found.add(new Shown(EchoOperator.EVENT, first.timestampNs(), first.sequence()));
            deadlines.add(new Shown(EchoOperator.DEADLINE, first.timestampNs() + of.waitNs, first.sequence()));
        }

        private void moveTo(long newTimeNs) {
            timeNs = Math.max(timeNs, newTimeNs);
            while (!deadlines.isEmpty() && deadlines.get(0).timeNs <= timeNs + 1) {
                found.add(deadlines.remove(0));
            }
        }
    }
}
