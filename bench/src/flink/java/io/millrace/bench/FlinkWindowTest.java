package io.millrace.bench;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.TestSeed;
import io.millrace.bench.FlinkWindows.Kind;
import io.millrace.bench.FlinkWindows.Question;
import io.millrace.bench.FlinkWindows.Row;
import io.millrace.event.EventType;
import io.millrace.event.MutableEvent;
import io.millrace.state.Operator;
import io.millrace.window.Aggregate;
import io.millrace.window.AggregateOperator;
import io.millrace.window.AggregateSpec;
import io.millrace.window.LatePolicy;
import io.millrace.window.ReorderBuffer;
import io.millrace.window.ReorderSpec;
import io.millrace.window.Window;
import io.millrace.workload.Arrival;
import io.millrace.workload.CepCases;
import io.millrace.workload.OperatorDriver;
import io.millrace.workload.RecordedOutputs;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.apache.flink.api.java.tuple.Tuple3;
import org.junit.jupiter.api.Test;

/**
 * Tumbling, hopping, cumulating, session and count windows over random streams with disorder and late events: the rows
 * are Flink's, corrections included. {@code -Dmillrace.test.seeds=N} takes so many streams; those of one question have
 * the same settings and follow each other.
 */
class FlinkWindowTest {
    private static final long SEED = TestSeed.of(FlinkWindowTest.class);
    private static final int STREAM_COUNT = 40;
    private static final int QUESTION_COUNT = Integer.getInteger("millrace.test.seeds", 2_400) / STREAM_COUNT;
    /** Questions in one job of Flink. */
    private static final int JOB_LENGTH = 20;

    private static final int STREAM_LENGTH = 50;
    /** Longer than any window is open, and a multiple of no window's size. */
    private static final long BETWEEN_STREAMS_MS = 1_009;

    private static final long END_NS = Long.MAX_VALUE / 2;

    @Test
    void shouldGiveTheRowsOfFlink() throws Exception {
        int rowCount = 0;
        int atGapCount = 0;
        for (int from = 0; from < QUESTION_COUNT; from += JOB_LENGTH) {
            List<Question> questions = new ArrayList<>();
            for (int i = from; i < Math.min(QUESTION_COUNT, from + JOB_LENGTH); i++) {
                questions.add(question(TestSeed.random(SEED + i), Kind.values()[i % Kind.values().length]));
                atGapCount += atGapCount(questions.get(i - from));
            }
            rowCount += check(questions, SEED + from);
        }
        System.out.println("questions=" + QUESTION_COUNT + ", streams=" + QUESTION_COUNT * STREAM_COUNT + ", rows="
                + rowCount + ", exactly a gap apart=" + atGapCount);
        assertTrue(rowCount > QUESTION_COUNT * STREAM_COUNT * STREAM_LENGTH / 10, "rows=" + rowCount);
        assertTrue(atGapCount > QUESTION_COUNT, "exactly a gap apart=" + atGapCount);
    }

    private static int check(List<Question> questions, long firstSeed) throws Exception {
        List<Row> flink = FlinkWindows.run(
                questions.stream().map(FlinkWindowTest::inOrder).toList());
        for (int i = 0; i < questions.size(); i++) {
            int run = i;
            List<Row> expected = new ArrayList<>(
                    flink.stream().filter(row -> row.run() == run).toList());
            List<Row> actual = rows(i, questions.get(i));
            expected.sort(null);
            actual.sort(null);
            if (!expected.equals(actual)) {
                List<Row> missing = without(expected, actual);
                List<Row> surplus = without(actual, expected);
                throw new AssertionError("seed=" + (firstSeed + run) + ", " + name(questions.get(run)) + ": missing="
                        + missing + ", surplus=" + surplus);
            }
        }
        return flink.size();
    }

    /** What Flink is asked: its count windows take events as they come. */
    private static Question inOrder(Question question) {
        return question.kind() != Kind.COUNT
                ? question
                : new Question(
                        question.kind(),
                        question.size(),
                        question.slide(),
                        0,
                        0,
                        0,
                        sorted(question.events(), Comparator.comparing(event -> 0)));
    }

    private static String name(Question question) {
        return "kind=" + question.kind() + ", size=" + question.size() + ", slide=" + question.slide() + ", offset="
                + question.offset() + ", lateness=" + question.lateness() + ", outOfOrderness="
                + question.outOfOrderness();
    }

    private static List<Row> without(List<Row> all, List<Row> others) {
        List<Row> rest = new ArrayList<>(all);
        others.forEach(rest::remove);
        return rest;
    }

    private static Question question(Random random, Kind kind) {
        long slide = kind == Kind.COUNT ? 1 + random.nextInt(5) : 1 + random.nextInt(20);
        long size = switch (kind) {
            case SESSION -> 1 + random.nextInt(15);
            case HOP, CUMULATE -> slide * (1 + random.nextInt(4));
            case COUNT -> slide + (random.nextBoolean() ? 0 : random.nextInt(6));
        };
        long offset = kind == Kind.SESSION || kind == Kind.COUNT ? 0 : random.nextInt((int) slide);
        long lateness = kind != Kind.COUNT && random.nextBoolean() ? 1 + random.nextInt(40) : 0;
        long outOfOrderness = random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(20);
        int maxBehind = kind == Kind.COUNT ? (int) outOfOrderness + 1 : 40;
        return new Question(kind, size, slide, offset, lateness, outOfOrderness, events(random, maxBehind));
    }

    private static List<Tuple3<Long, Long, Long>> events(Random random, int maxBehind) {
        List<Tuple3<Long, Long, Long>> events = new ArrayList<>();
        long ms = 0;
        for (int stream = 0; stream < STREAM_COUNT; stream++) {
            ms += BETWEEN_STREAMS_MS;
            for (int i = 0; i < STREAM_LENGTH; i++) {
                ms += random.nextInt(15) == 0 ? random.nextInt(80) : random.nextInt(4);
                long behind = random.nextInt(3) == 0 ? random.nextInt(maxBehind) : 0;
                Tuple3<Long, Long, Long> one =
                        new Tuple3<>((long) random.nextInt(4), ms - behind, (long) random.nextInt(100));
                events.add(one);
                if (random.nextInt(20) == 0) {
                    events.add(one);
                }
            }
        }
        return events;
    }

    /** {@return events of a session question that are exactly a gap behind the one of their key before them} */
    private static int atGapCount(Question question) {
        if (question.kind() != Kind.SESSION) {
            return 0;
        }
        int count = 0;
        Tuple3<Long, Long, Long> last = null;
        for (Tuple3<Long, Long, Long> one : sorted(question.events(), Comparator.comparing(event -> event.f0))) {
            count += last != null && last.f0.equals(one.f0) && one.f1 - last.f1 == question.size() ? 1 : 0;
            last = one;
        }
        return count;
    }

    private static List<Tuple3<Long, Long, Long>> sorted(
            List<Tuple3<Long, Long, Long>> events, Comparator<Tuple3<Long, Long, Long>> order) {
        return events.stream()
                .sorted(order.thenComparing(event -> event.f1))
                .toList();
    }

    private static List<Row> rows(int run, Question question) {
        AggregateSpec spec = AggregateSpec.named("random")
                .over(Arrival.TYPE)
                .window(window(question))
                .aggregate(
                        Aggregate.count("count"), Aggregate.sum("sum").of(Arrival.VALUE))
                .late(question.lateness() == 0 ? LatePolicy.DROP : LatePolicy.update(question.lateness(), MILLISECONDS))
                .maxKeys(16)
                .build();
        List<String> records = new ArrayList<>();
        OperatorDriver driver = new OperatorDriver(
                operator(spec, question),
                question.outOfOrderness() * CepCases.NS_PER_MS,
                RecordedOutputs.into(records));
        MutableEvent event = MutableEvent.allocate(0);
        long sequence = 0;
        for (Tuple3<Long, Long, Long> one : question.events()) {
            driver.onEvent(Arrival.of(sequence++, one.f0, one.f1 * CepCases.NS_PER_MS, one.f2)
                    .to(event));
        }
        driver.onTick(sequence, END_NS);
        return rows(run, records, spec.resultType(), question.kind() == Kind.COUNT ? 1 : 0);
    }

    /** Count windows get the order of time, which is what Flink is given for them. */
    private static Operator operator(AggregateSpec spec, Question question) {
        AggregateOperator operator = AggregateOperator.of(spec);
        return question.kind() == Kind.COUNT
                ? new ReorderBuffer(operator, new ReorderSpec(4_096, 8, LatePolicy.DROP))
                : operator;
    }

    private static Window window(Question question) {
        long size = question.size();
        long slide = question.slide();
        return switch (question.kind()) {
            case HOP ->
                Window.hopping(size, MILLISECONDS, slide, MILLISECONDS).offset(question.offset(), MILLISECONDS);
            case CUMULATE ->
                Window.cumulating(size, MILLISECONDS, slide, MILLISECONDS).offset(question.offset(), MILLISECONDS);
            case SESSION -> Window.session(size, MILLISECONDS);
            case COUNT -> Window.count(size, slide);
        };
    }

    private static List<Row> rows(int run, List<String> records, EventType type, long behindNs) {
        List<Row> rows = new ArrayList<>();
        for (MutableEvent output : RecordedOutputs.events(records)) {
            rows.add(new Row(
                    run,
                    output.key(),
                    type.field("startNs").getLong(output) / CepCases.NS_PER_MS,
                    (type.field("endNs").getLong(output) - behindNs) / CepCases.NS_PER_MS,
                    type.field("count").getLong(output),
                    type.field("sum").getLong(output)));
        }
        return rows;
    }
}
