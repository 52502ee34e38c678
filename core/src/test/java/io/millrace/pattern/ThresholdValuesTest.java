package io.millrace.pattern;

import static io.millrace.pattern.EventPattern.avg;
import static io.millrace.pattern.EventPattern.count;
import static io.millrace.pattern.EventPattern.max;
import static io.millrace.pattern.EventPattern.min;
import static io.millrace.pattern.EventPattern.sum;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.TestSeed;
import io.millrace.event.DerivedType;
import io.millrace.event.EventType;
import io.millrace.event.Field;
import io.millrace.event.FieldType;
import io.millrace.event.MutableEvent;
import io.millrace.workload.OperatorDriver;
import io.millrace.workload.RecordedOutputs;
import io.millrace.workload.Snapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Thresholds on sum, avg, min and max, against sums made anew at every event. */
class ThresholdValuesTest {
    private static final int CASE_COUNT = 200;
    private static final int EVENT_COUNT = 300;
    private static final EventType TYPE = DerivedType.named("measured")
            .field("amount", FieldType.INT64)
            .field("price", FieldType.DOUBLE)
            .build();
    private static final Field AMOUNT = TYPE.field("amount");

    /** An event that counts. */
    private record Counted(long key, long timeNs, Long amount, long sequence) {}

    private static Threshold threshold(Random random) {
        Measure measure =
                List.of(sum(AMOUNT), avg(AMOUNT), min(AMOUNT), max(AMOUNT)).get(random.nextInt(4));
        long limit = random.nextInt(21) - 10;
        return switch (random.nextInt(4)) {
            case 0 -> measure.gt(limit);
            case 1 -> measure.ge(limit);
            case 2 -> measure.lt(limit);
            default -> measure.le(limit);
        };
    }

    private static boolean holds(Threshold threshold, List<Counted> counted) {
        LongSummaryStatistics values = counted.stream()
                .filter(each -> each.amount() != null)
                .mapToLong(Counted::amount)
                .summaryStatistics();
        Measure.Kind kind = threshold.measure().kind();
        if (values.getCount() == 0 && kind != Measure.Kind.SUM) {
            return false;
        }
        double value = switch (kind) {
            case SUM -> values.getSum();
            case AVG -> values.getAverage();
            case MIN -> values.getMin();
            default -> values.getMax();
        };
        return switch (threshold.operator()) {
            case "gt" -> value > threshold.limit();
            case "ge" -> value >= threshold.limit();
            case "lt" -> value < threshold.limit();
            default -> value <= threshold.limit();
        };
    }

    private static void check(Random random, boolean isRestored) {
        List<Threshold> thresholds = new ArrayList<>();
        EventPattern.Builder builder = EventPattern.named("values")
                .where(count(TYPE).ge(1 + random.nextInt(3)))
                .within(1 + random.nextInt(30), NANOSECONDS)
                .mode(MatchMode.values()[random.nextInt(3)]);
        for (int i = 0; i <= random.nextInt(2); i++) {
            thresholds.add(threshold(random));
            builder.where(thresholds.get(i));
        }
        EventPattern pattern = builder.maxKeys(8).maxEvents(512).build();
        List<String> found = new ArrayList<>();
        RecordedOutputs outputs = RecordedOutputs.into(found);
        ThresholdOperator operator = new ThresholdOperator(pattern);
        OperatorDriver driver = new OperatorDriver(operator, 0, outputs);
        List<Counted> counted = new ArrayList<>();
        List<Long> expected = new ArrayList<>();
        MutableEvent event = MutableEvent.allocate(TYPE.encodedLength());
        long timeNs = 0;
        for (int i = 0; i < EVENT_COUNT; i++) {
            timeNs += random.nextInt(4);
            Counted next = new Counted(
                    random.nextInt(3), timeNs, random.nextInt(5) == 0 ? null : (long) random.nextInt(11) - 5, i);
            oracle(pattern, thresholds, counted, next, expected);
            TYPE.encode(event.clearHeader()).sequence(i).key(next.key()).timestampNs(timeNs);
            if (next.amount() != null) {
                AMOUNT.putLong(event, next.amount());
            }
            driver.onEvent(event);
            if (isRestored) {
                operator = Snapshots.copy(operator, new ThresholdOperator(pattern));
                driver = new OperatorDriver(operator, 0, outputs);
            }
        }
        Match match = new Match();
        assertEquals(
                expected,
                RecordedOutputs.events(found).stream()
                        .map(output -> match.wrap(output).lastSequence())
                        .toList(),
                pattern.toString());
    }

    private static void oracle(
            EventPattern pattern,
            List<Threshold> thresholds,
            List<Counted> counted,
            Counted next,
            List<Long> expected) {
        counted.removeIf(each -> each.timeNs() <= next.timeNs() - pattern.withinNs());
        boolean wasAbove = isAbove(pattern, thresholds, counted, next.key());
        counted.add(next);
        if (isAbove(pattern, thresholds, counted, next.key())
                && !(wasAbove && pattern.mode() == MatchMode.RISING_EDGE)) {
            expected.add(next.sequence());
            if (pattern.mode() == MatchMode.SKIP_PAST_LAST) {
                counted.removeIf(each -> each.key() == next.key());
            }
        }
    }

    private static boolean isAbove(EventPattern pattern, List<Threshold> thresholds, List<Counted> counted, long key) {
        List<Counted> ofKey = counted.stream().filter(each -> each.key() == key).toList();
        return ofKey.size() >= pattern.minCount() && thresholds.stream().allMatch(each -> holds(each, ofKey));
    }

    @Test
    void shouldAgreeWithSumsMadeAnew() {
        long seed = TestSeed.of(ThresholdValuesTest.class);
        for (int i = 0; i < CASE_COUNT; i++) {
            check(new Random(seed + i), i % 4 == 0);
        }
    }

    private static void assertRefused(Threshold threshold, String expected) {
        EventPattern.Builder builder =
                EventPattern.named("fraud").where(count(TYPE).gt(1)).within(1, NANOSECONDS);
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> builder.where(threshold).build());
        assertTrue(e.getMessage().startsWith("cannot build pattern fraud: " + expected), e.getMessage());
    }

    @Test
    void shouldRefuseWhatHasNoExactSum() {
        assertRefused(sum(TYPE.field("price")).gt(1), "sum(price) of type=double (expected: an integer that a long");
        assertRefused(count(TYPE).lt(5), "condition=count(measured(");
    }
}
