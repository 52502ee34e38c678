package io.millrace.stream;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.MemoryStore;
import io.millrace.Pipeline;
import io.millrace.PipelineContext;
import io.millrace.TestSeed;
import io.millrace.event.DerivedType;
import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.pattern.EventPattern;
import io.millrace.pattern.Match;
import io.millrace.pattern.ThresholdOperator;
import io.millrace.ring.Replayer;
import io.millrace.ring.ThreadPlan;
import io.millrace.state.Operator;
import io.millrace.window.Window;
import io.millrace.workload.Arrival;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Streams that feed each other, each an operator of its own, against the same streams in one operator: the same rows of
 * each name in the same order, whatever is restarted on the way.
 */
class FedStreamPropertyTest {
    private static final long SEED = TestSeed.of(FedStreamPropertyTest.class);
    private static final int CASE_COUNT = 20;
    private static final int EVENT_COUNT = 120;
    private static final long TIMEOUT_NS = 10_000_000_000L;

    @Test
    void shouldGiveTheRowsOfOneOperator() {
        long rowCount = 0;
        for (long seed = SEED; seed < SEED + CASE_COUNT; seed++) {
            Case one = new Case(seed);
            Map<String, List<String>> expected = byType(one.run(new MemoryStore(), one.inOne(), 0, EVENT_COUNT, 0));
            MemoryStore store = new MemoryStore();
            Map<String, List<String>> found = byType(one.run(store, one.apart(), 0, EVENT_COUNT, 0));
            assertEquals(expected, found, "seed=" + seed);
            rowCount += found.values().stream().mapToInt(List::size).sum();
        }
        assertTrue(rowCount > 50L * CASE_COUNT, "rows=" + rowCount);
    }

    @Test
    void shouldGiveTheSameOutputsWhenItIsRestartedOrReplayed() {
        for (long seed = SEED; seed < SEED + CASE_COUNT; seed++) {
            Case one = new Case(seed);
            int cut = 1 + Math.floorMod((int) seed, EVENT_COUNT - 2);
            MemoryStore straight = new MemoryStore().withSnapshots();
            one.run(straight, one.apart(), 0, EVENT_COUNT, cut);
            MemoryStore store = new MemoryStore().withSnapshots();
            one.run(store, one.apart(), 0, cut, cut);
            if (seed % 2 == 0) {
                store.snapshots.written.clear();
            }
            one.run(store, one.apart(), cut, EVENT_COUNT, cut);

            assertEquals(words(straight.outbox.records), words(store.outbox.records), "seed=" + seed);
            List<String> replayed = new ArrayList<>();
            Replayer replayer = Pipeline.replayer(one.context(one.apart()), output -> replayed.add(word(output, true)));
            replayer.follow(store.controls());
            store.replay(replayer::take);
            replayer.flush();
            assertEquals(words(store.outbox.records), replayed, "seed=" + seed);
        }
    }

    /** What is there already keeps its state; what is new begins empty, in each replay too. */
    @Test
    void shouldFeedAnOperatorThatComesLater() {
        for (long seed = SEED; seed < SEED + CASE_COUNT; seed++) {
            Case one = new Case(seed);
            int cut = EVENT_COUNT / 2;
            MemoryStore straight = new MemoryStore();
            one.run(straight, one.apart(), 0, EVENT_COUNT, cut);
            MemoryStore store = seed % 2 == 0 ? new MemoryStore() : new MemoryStore().withSnapshots();
            one.run(store, List.of(one.apart().get(0)), 0, cut, cut);
            one.run(store, one.apart(), cut, EVENT_COUNT, cut);

            assertEquals(
                    byType(straight.outbox.records).get("first"),
                    byType(store.outbox.records).get("first"),
                    "seed=" + seed);
            List<String> replayed = new ArrayList<>();
            Replayer replayer = Pipeline.replayer(one.context(one.apart()), output -> replayed.add(word(output, true)));
            replayer.follow(store.controls());
            store.replay(replayer::take);
            replayer.flush();
            assertEquals(words(store.outbox.records), replayed, "seed=" + seed);
        }
    }

    private static Map<String, List<String>> byType(List<Event> outputs) {
        Map<String, List<String>> byType = new TreeMap<>();
        for (Event output : outputs) {
            String type = output.typeId() == Match.TYPE_ID
                    ? "match"
                    : List.of("first", "second", "third").stream()
                            .filter(name -> DerivedType.idOf(name) == output.typeId())
                            .findFirst()
                            .orElseThrow();
            byType.computeIfAbsent(type, name -> new ArrayList<>()).add(word(output, false));
        }
        byType.values().forEach(rows -> rows.sort(null));
        return byType;
    }

    private static List<String> words(List<Event> outputs) {
        return outputs.stream().map(output -> word(output, true)).toList();
    }

    /** The identity names operator and cause, which differ by how streams are built. */
    private static String word(Event output, boolean hasId) {
        boolean isShown = hasId || output.typeId() != Match.TYPE_ID;
        byte[] payload = new byte[isShown ? output.payloadLength() : 0];
        output.buffer().getBytes(Event.HEADER_LENGTH, payload);
        return (hasId ? Long.toHexString(output.idHi() & 0xFFFF_FFFF_FFFFL) + ' ' + output.idLo() : "") + " type="
                + output.typeId() + " key=" + output.key() + " at=" + output.timestampNs() + ' '
                + HexFormat.of().formatHex(payload);
    }

    private static final class Case {
        private final long seed;
        private final long slideNs;
        private final long outerNs;
        private final long outOfOrdernessNs;
        private final int budget;
        private final int keyCount;

        Case(long seed) {
            this.seed = seed;
            Random random = new Random(seed);
            slideNs = 1 + random.nextInt(6);
            outerNs = 1 + random.nextInt(12);
            outOfOrdernessNs = random.nextInt(2) * 4L;
            budget = 1 + random.nextInt(3);
            keyCount = 1 + random.nextInt(8);
        }

        private EventStream first(StreamBuilder builder) {
            EventStream rows = builder.from(Arrival.TYPE)
                    .window(Window.hopping(2 * slideNs, NANOSECONDS, slideNs, NANOSECONDS))
                    .sum("sum", "idLo")
                    .count("n")
                    .maxKeys(16)
                    .sweepBudget(budget)
                    .rows();
            rows.to("first");
            return rows;
        }

        private EventStream second(EventStream rows) {
            EventStream second = rows.having("sum % 3 != 0")
                    .keyBy(event -> Math.floorMod(event.key(), 2))
                    .window(Window.tumbling(outerNs, NANOSECONDS))
                    .sum("sums", "sum")
                    .maxKeys(16)
                    .sweepBudget(budget)
                    .rows();
            second.to("second");
            return second;
        }

        /** Rows of both, and events of the pipeline beside them. */
        private static void third(EventStream first, EventStream second, EventStream events) {
            first.keyBy(event -> Math.floorMod(event.key(), 2))
                    .join(second, Join.after(20, NANOSECONDS).maxRows(256))
                    .join(
                            events.keyBy(event -> 1),
                            Join.after(3, NANOSECONDS).maxRows(256).as("pair", "event"))
                    .map(Mapping.of("sum", "pair.left.sum").with("sums", "pair.right.sums"))
                    .to("third");
        }

        private void matches(EventStream rows) {
            EventPattern often = EventPattern.named("often")
                    .where(EventPattern.count(rows.type()).ge(2))
                    .within(3 * outerNs, NANOSECONDS)
                    .build();
            rows.putOutThrough(new ThresholdOperator(often));
        }

        List<Operator> inOne() {
            StreamBuilder builder = StreamBuilder.named("all");
            EventStream first = first(builder);
            EventStream second = second(first);
            third(first, second, builder.from(Arrival.TYPE).map("value", "idLo"));
            matches(second);
            return List.of(builder.build());
        }

        List<Operator> apart() {
            StreamBuilder a = StreamBuilder.named("a");
            EventStream first = first(a);
            StreamBuilder b = StreamBuilder.named("b");
            EventStream second = second(b.from(first));
            StreamBuilder c = StreamBuilder.named("c");
            third(c.from(first), c.from(second), c.from(Arrival.TYPE).map("value", "idLo"));
            StreamBuilder d = StreamBuilder.named("d");
            matches(d.from(second));
            return List.of(a.build(), b.build(), c.build(), d.build());
        }

        PipelineContext context(List<Operator> operators) {
            PipelineContext context = new PipelineContext()
                    .threadPlan(ThreadPlan.INVOKED)
                    .ringCapacity(64)
                    .maxBatchCount(1 + Math.floorMod((int) seed, 8))
                    .outOfOrdernessNs(outOfOrdernessNs);
            operators.forEach(operator -> context.operator(operator, operator.name()));
            return context;
        }

        /** Publishes some of the events, and asks for a snapshot before one of them, or at the end. */
        List<Event> run(MemoryStore store, List<Operator> operators, int from, int to, int snapshotAt) {
            Random random = new Random(~seed);
            long timeNs = 1_000;
            MutableEvent event = MutableEvent.allocate(0);
            try (Pipeline pipeline = Pipeline.create(context(operators).store(store))) {
                pipeline.start();
                for (int i = 0; i < to; i++) {
                    timeNs += random.nextInt(20) == 0 ? 40 : random.nextInt(3);
                    long timestampNs = timeNs - random.nextInt((int) outOfOrdernessNs + 1);
                    Arrival.of(i, random.nextInt(keyCount), timestampNs, random.nextInt(50))
                            .to(event);
                    if (i == snapshotAt && i > from) {
                        snapshot(pipeline);
                    }
                    if (i >= from) {
                        publish(pipeline, event);
                    }
                }
                if (to == EVENT_COUNT) {
                    assertTrue(pipeline.awaitDrained(TIMEOUT_NS), () -> String.valueOf(pipeline.fault()));
                    assertTrue(pipeline.publisher().end() >= 0);
                } else {
                    snapshot(pipeline);
                }
                assertTrue(pipeline.awaitDrained(TIMEOUT_NS), () -> String.valueOf(pipeline.fault()));
            }
            return store.outbox.records;
        }

        /** Always with nothing under way: else a TICK might come with it, or not. */
        private static void snapshot(Pipeline pipeline) {
            assertTrue(pipeline.awaitDrained(TIMEOUT_NS), () -> String.valueOf(pipeline.fault()));
            pipeline.requestSnapshot();
            pipeline.publisher().onIdle(0);
            assertTrue(pipeline.awaitDrained(TIMEOUT_NS), () -> String.valueOf(pipeline.fault()));
        }

        private static void publish(Pipeline pipeline, MutableEvent event) {
            long ticket = pipeline.publisher().publish(event);
            while (ticket < 0) {
                pipeline.doWork();
                ticket = pipeline.publisher().publish(event);
            }
        }
    }
}
