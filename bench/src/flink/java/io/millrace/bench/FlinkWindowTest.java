package io.millrace.bench;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.TestSeed;
import io.millrace.bench.FlinkWindows.Question;
import io.millrace.bench.FlinkWindows.Row;
import io.millrace.event.EventType;
import io.millrace.event.MutableEvent;
import io.millrace.window.Aggregate;
import io.millrace.window.AggregateOperator;
import io.millrace.window.AggregateSpec;
import io.millrace.window.LatePolicy;
import io.millrace.window.Window;
import io.millrace.workload.Arrival;
import io.millrace.workload.CepCases;
import io.millrace.workload.OperatorDriver;
import io.millrace.workload.RecordedOutputs;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.flink.api.java.tuple.Tuple3;
import org.junit.jupiter.api.Test;

/** Tumbling, hopping and session windows over random streams with disorder and late events: the rows are Flink's. */
class FlinkWindowTest {
    private static final long SEED = TestSeed.of(FlinkWindowTest.class);
    private static final int QUESTION_COUNT = 24;
    private static final int EVENT_COUNT = 500;
    private static final long END_NS = Long.MAX_VALUE / 2;

    @Test
    void shouldGiveTheRowsOfFlink() throws Exception {
        List<Question> questions = new ArrayList<>();
        for (int i = 0; i < QUESTION_COUNT; i++) {
            questions.add(question(new Random(SEED + i), i));
        }
        List<Row> flink = FlinkWindows.run(questions);
        System.out.println("questions=" + QUESTION_COUNT + ", rows=" + flink.size());
        assertTrue(flink.size() > QUESTION_COUNT * EVENT_COUNT / 10, "rows=" + flink.size());
        for (int i = 0; i < QUESTION_COUNT; i++) {
            int run = i;
            List<Row> expected = new ArrayList<>(
                    flink.stream().filter(row -> row.run() == run).toList());
            List<Row> actual = rows(i, questions.get(i));
            expected.sort(null);
            actual.sort(null);
            List<Row> missing = without(expected, actual);
            List<Row> surplus = without(actual, expected);
            assertEquals("[] []", missing + " " + surplus, () -> "seed=" + (SEED + run) + ", " + name(questions, run));
        }
    }

    private static String name(List<Question> questions, int run) {
        Question question = questions.get(run);
        return "size=" + question.size() + ", slide=" + question.slide() + ", offset=" + question.offset()
                + ", lateness=" + question.lateness() + ", outOfOrderness=" + question.outOfOrderness();
    }

    private static List<Row> without(List<Row> all, List<Row> others) {
        List<Row> rest = new ArrayList<>(all);
        others.forEach(rest::remove);
        return rest;
    }

    /** Every third one has sessions; of the others every second one corrects its rows. */
    private static Question question(Random random, int index) {
        boolean isSession = index % 3 == 0;
        long slide = isSession ? 0 : 1 + random.nextInt(20);
        long size = isSession ? 2 + random.nextInt(15) : slide * (1 + random.nextInt(4));
        long offset = isSession ? 0 : random.nextInt((int) slide);
        long lateness = !isSession && index % 2 == 0 ? 1 + random.nextInt(40) : 0;
        List<Tuple3<Long, Long, Long>> events = new ArrayList<>();
        long ms = 1_000;
        for (int i = 0; i < EVENT_COUNT; i++) {
            ms += random.nextInt(15) == 0 ? random.nextInt(80) : random.nextInt(4);
            long behind = random.nextInt(3) == 0 ? random.nextInt(40) : 0;
            events.add(new Tuple3<>((long) random.nextInt(4), ms - behind, (long) random.nextInt(100)));
        }
        return new Question(size, slide, offset, lateness, 1 + random.nextInt(20), events);
    }

    private static List<Row> rows(int run, Question question) {
        AggregateSpec spec = AggregateSpec.named("random")
                .over(Arrival.TYPE)
                .window(
                        question.slide() == 0
                                ? Window.session(question.size(), MILLISECONDS)
                                : Window.hopping(question.size(), MILLISECONDS, question.slide(), MILLISECONDS)
                                        .offset(question.offset(), MILLISECONDS))
                .aggregate(
                        Aggregate.count("count"), Aggregate.sum("sum").of(Arrival.VALUE))
                .late(question.lateness() == 0 ? LatePolicy.DROP : LatePolicy.update(question.lateness(), MILLISECONDS))
                .maxKeys(16)
                .build();
        List<String> records = new ArrayList<>();
        OperatorDriver driver = new OperatorDriver(
                AggregateOperator.of(spec),
                question.outOfOrderness() * CepCases.NS_PER_MS,
                RecordedOutputs.into(records));
        MutableEvent event = MutableEvent.allocate(0);
        long sequence = 0;
        for (Tuple3<Long, Long, Long> one : question.events()) {
            driver.onEvent(Arrival.of(sequence++, one.f0, one.f1 * CepCases.NS_PER_MS, one.f2)
                    .to(event));
        }
        driver.onTick(sequence, END_NS);
        return rows(run, records, spec.resultType());
    }

    private static List<Row> rows(int run, List<String> records, EventType type) {
        List<Row> rows = new ArrayList<>();
        for (MutableEvent output : RecordedOutputs.events(records)) {
            rows.add(new Row(
                    run,
                    output.key(),
                    type.field("startNs").getLong(output) / CepCases.NS_PER_MS,
                    type.field("endNs").getLong(output) / CepCases.NS_PER_MS,
                    type.field("count").getLong(output),
                    type.field("sum").getLong(output)));
        }
        return rows;
    }
}
