package io.millrace;

import static io.millrace.PipelineTest.TIMEOUT_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.dedup.LastIds;
import io.millrace.event.MutableEvent;
import io.millrace.ring.ThreadPlan;
import io.millrace.window.Aggregate;
import io.millrace.window.AggregateOperator;
import io.millrace.window.AggregateSpec;
import io.millrace.window.LateEvent;
import io.millrace.window.NaiveForm;
import io.millrace.workload.Arrival;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * All kinds of windows in one pipeline, with disorder, lateness, any late policy and duplicates: the rows are those of
 * the naive oracle, and a replay gives the same bytes whatever the batches and with a restore after each k-th record.
 */
class WindowPipelinePropertyTest {
    private static final long SEED = TestSeed.of(WindowPipelinePropertyTest.class);
    private static final int CASE_COUNT = Integer.getInteger("millrace.test.seeds", 40);
    private static final int EVENT_COUNT = 120;

    @Test
    void shouldGiveTheRowsOfTheOracleAndTheSameInAReplay() {
        TreeMap<String, Integer> sum = new TreeMap<>();
        for (long seed = SEED; seed < SEED + CASE_COUNT; seed++) {
            try {
                new Case(seed).check(sum);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("repeat with -Dmillrace.test.seed=" + seed, e);
            }
        }
        System.out.println("cases=" + CASE_COUNT + ", " + sum);
        List<String> always = new ArrayList<>(List.of("late", "duplicates", "revisions"));
        for (NaiveForm.Shape shape : NaiveForm.Shape.values()) {
            always.add(shape.name().toLowerCase(Locale.ROOT));
        }
        for (String one : always) {
            assertTrue(sum.getOrDefault(one, 0) > 2 * CASE_COUNT, () -> one + " hardly ever happened: " + sum);
        }
    }

    private static final class Case {
        private final long seed;
        private final Random random;
        private final long outOfOrdernessNs;
        private final boolean isEnded;
        private final List<NaiveForm> forms = new ArrayList<>();
        private final MemoryStore store = new MemoryStore();
        private final MutableEvent event = MutableEvent.allocate(0);
        private final List<Arrival> published = new ArrayList<>();
        private long acceptedCount;
        private long maxNs = Long.MIN_VALUE;
        private long stateHash;

        Case(long seed) {
            this.seed = seed;
            random = TestSeed.random(seed);
            outOfOrdernessNs = new int[] {0, 0, 3, 20}[random.nextInt(4)];
            isEnded = random.nextBoolean();
            for (NaiveForm.Shape shape : NaiveForm.Shape.values()) {
                forms.add(new NaiveForm(shape, random));
            }
        }

        private PipelineContext context(int maxBatchCount) {
            PipelineContext context = new PipelineContext()
                    .maxPayloadLength(8)
                    .ringCapacity(64)
                    .outputRingCapacity(2_048)
                    .maxBatchCount(maxBatchCount)
                    .outOfOrdernessNs(outOfOrdernessNs)
                    .reorderCapacity(EVENT_COUNT)
                    .dedup(new LastIds("ids", 64));
            forms.forEach(form -> context.operator(AggregateOperator.of(spec(form)), form.toString()));
            return context;
        }

        private static AggregateSpec spec(NaiveForm form) {
            AggregateSpec.Builder settings = AggregateSpec.named(form.name())
                    .over(Arrival.TYPE)
                    .window(form.windows())
                    .aggregate(
                            Aggregate.count("n"),
                            Aggregate.sum("sum").of(Arrival.VALUE),
                            Aggregate.first("first").of(Arrival.VALUE),
                            Aggregate.last("last").of(Arrival.VALUE))
                    .late(form.late())
                    .sweepBudget(form.sweepBudget())
                    .maxKeys(8);
            if (!form.isOfCount()) {
                settings.maxPanes(512);
            }
            return (form.topCount() == 0 ? settings : settings.top(form.topCount(), "sum")).build();
        }

        void check(TreeMap<String, Integer> sum) {
            run();
            for (NaiveForm form : forms) {
                List<String> expected = form.rows(isEnded);
                List<String> found =
                        form.rowsOf(store.outbox.records, spec(form).resultType());
                assertEquals(String.join("\n", expected), String.join("\n", found), form.toString());
                sum.merge(form.name(), expected.size(), Integer::sum);
                sum.merge("revisions", form.revisionCount(), Integer::sum);
            }
            assertEquals(lateExpected(), lateFound());
            sum.merge("late", lateFound().size(), Integer::sum);
            sum.merge("duplicates", published.size() - (int) acceptedCount, Integer::sum);
            int interval = 1 + random.nextInt(9);
            for (int[] batchAndInterval : new int[][] {{1, 0}, {1 + random.nextInt(64), 0}, {64, interval}}) {
                new RestoredReplay(() -> context(batchAndInterval[0]), store, batchAndInterval[1])
                        .assertSame(stateHash);
            }
        }

        private List<Long> lateExpected() {
            return forms.stream()
                    .filter(form -> form.late().isSideOutput())
                    .flatMap(form -> form.tooLate().stream())
                    .map(Arrival::sequence)
                    .sorted()
                    .toList();
        }

        private List<Long> lateFound() {
            LateEvent late = new LateEvent();
            return store.outbox.records.stream()
                    .filter(output -> output.typeId() == LateEvent.TYPE_ID)
                    .map(output -> late.wrap(output).eventSequence())
                    .sorted()
                    .toList();
        }

        private void run() {
            PipelineContext context = context(1 + random.nextInt(64))
                    .threadPlan(ThreadPlan.INVOKED)
                    .store(store)
                    .epochClock(() -> 1_000);
            try (Pipeline pipeline = Pipeline.create(context)) {
                pipeline.start();
                long timeNs = 1_000;
                for (int i = 0; i < EVENT_COUNT; i++) {
                    timeNs += random.nextInt(10) == 0 ? random.nextInt(60) : random.nextInt(4);
                    publish(pipeline, next(timeNs));
                }
                assertTrue(pipeline.awaitDrained(TIMEOUT_NS));
                if (isEnded) {
                    pipeline.publisher().end();
                } else {
                    // A sweep under way is brought to its end.
                    pipeline.publisher().onIdle(1_000);
                }
                assertTrue(pipeline.awaitDrained(TIMEOUT_NS));
                stateHash = pipeline.stateHash();
            }
        }

        /** An event, or one of the last again, perhaps at another time: its id is what counts. */
        private Arrival next(long timeNs) {
            if (!published.isEmpty() && random.nextInt(10) == 0) {
                Arrival old = published.get(published.size() - 1 - random.nextInt(Math.min(8, published.size())));
                return new Arrival(old.sequence(), old.typeId(), old.key(), timeNs + random.nextInt(50), old.value());
            }
            long behindNs = random.nextInt(3) == 0 ? random.nextInt(25) : 0;
            return Arrival.of(acceptedCount, random.nextInt(5), timeNs - behindNs, random.nextInt(60) - 20);
        }

        private void publish(Pipeline pipeline, Arrival arrival) {
            while (pipeline.publisher().publish(arrival.to(event)) < 0) {
                pipeline.doWork();
            }
            published.add(arrival);
            if (arrival.sequence() == acceptedCount) {
                acceptedCount++;
                maxNs = Math.max(maxNs, arrival.timestampNs());
                forms.forEach(form -> form.add(arrival, maxNs - outOfOrdernessNs - 1));
            }
            if (random.nextInt(3) == 0) {
                pipeline.doWork();
            }
        }

        @Override
        public String toString() {
            return "seed=" + seed;
        }
    }
}
