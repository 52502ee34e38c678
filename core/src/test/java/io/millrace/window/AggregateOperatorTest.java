package io.millrace.window;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.millrace.event.Event;
import io.millrace.event.Field;
import io.millrace.event.FieldType;
import io.millrace.event.HeaderField;
import io.millrace.event.MutableEvent;
import io.millrace.expression.LongExpression;
import io.millrace.state.StateException;
import io.millrace.workload.Arrival;
import io.millrace.workload.OperatorDriver;
import io.millrace.workload.RecordedOutputs;
import io.millrace.workload.Snapshots;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AggregateOperatorTest {
    private final MutableEvent event = MutableEvent.allocate(0);
    private final List<String> rows = new ArrayList<>();
    private AggregateOperator operator =
            AggregateOperator.of(sums(Window.tumbling(10, NANOSECONDS)).build());
    private OperatorDriver driver = driverOf(operator);
    private long sequence;

    private static AggregateSpec.Builder sums(Window... windows) {
        return AggregateSpec.named("sums")
                .over(Arrival.TYPE)
                .window(windows)
                .aggregate(Aggregate.count("n"), Aggregate.sum("sum").of(Arrival.VALUE))
                .maxKeys(4);
    }

    private void use(AggregateSpec.Builder settings) {
        operator = AggregateOperator.of(settings.build());
        driver = driverOf(operator);
    }

    private OperatorDriver driverOf(AggregateOperator of) {
        return new OperatorDriver(of, 0, new RecordedOutputs(row -> rows.add(text(row))));
    }

    private String text(Event row) {
        if (row.typeId() == LateEvent.TYPE_ID) {
            return "late " + new LateEvent().wrap(row).eventSequence();
        }
        StringBuilder text = new StringBuilder()
                .append(row.timestampNs())
                .append(" key ")
                .append(row.key())
                .append(':');
        for (Field field : operator.spec().resultType().fields()) {
            String value = field.type().isFloating()
                    ? Double.toString(field.getDouble(row))
                    : field.isNull(row) ? "null" : Long.toString(field.getLong(row));
            text.append(' ').append(field.name()).append('=').append(value);
        }
        return text.toString();
    }

    private void send(long key, long timestampNs, long value) {
        driver.onEvent(Arrival.of(sequence++, key, timestampNs, value).to(event));
    }

    private void expect(String... expected) {
        assertEquals(List.of(expected), rows);
    }

    @Test
    void shouldPutOutNamedFields() {
        send(7, 3, 5);
        send(7, 9, 6);
        send(7, 10, 1);

        expect("10 key 7: startNs=0 endNs=10 n=2 sum=11 revision=0");
        assertEquals("sums", operator.outputTypes().get(0).name());
    }

    @Test
    void shouldPutOutWindowsThatSharePanesShortestFirst() {
        use(sums(Window.tumbling(20, NANOSECONDS), Window.hopping(10, NANOSECONDS, 5, NANOSECONDS)));
        send(1, 2, 1);
        send(1, 12, 2);
        driver.onEnd(sequence);

        expect(
                "5 key 1: startNs=-5 endNs=5 n=1 sum=1 window=1 revision=0",
                "10 key 1: startNs=0 endNs=10 n=1 sum=1 window=1 revision=0",
                "15 key 1: startNs=5 endNs=15 n=1 sum=2 window=1 revision=0",
                "20 key 1: startNs=10 endNs=20 n=1 sum=2 window=1 revision=0",
                "20 key 1: startNs=0 endNs=20 n=2 sum=3 window=0 revision=0");
    }

    @Test
    void shouldPutOutTheKeysWithTheGreatestSumsByRank() {
        use(sums(Window.tumbling(10, NANOSECONDS)).top(2, "sum").sweepBudget(1));
        send(3, 1, 5);
        send(1, 1, 9);
        send(2, 1, 9);
        send(4, 1, 1);
        send(1, 10, 1);
        expect();

        driver.onEnd(sequence);
        expect(
                "10 key 1: startNs=0 endNs=10 n=1 sum=9 rank=1 revision=0",
                "10 key 2: startNs=0 endNs=10 n=1 sum=9 rank=2 revision=0",
                "20 key 1: startNs=10 endNs=20 n=1 sum=1 rank=1 revision=0");
    }

    @Test
    void shouldRankTheSameWhenRestoredInTheMiddleOfASweep() {
        use(sums(Window.tumbling(10, NANOSECONDS)).top(2, "sum").sweepBudget(1));
        send(3, 1, 5);
        send(1, 1, 9);
        send(2, 1, 7);
        send(1, 10, 1);

        operator = Snapshots.copy(operator, AggregateOperator.of(operator.spec()));
        driver = driverOf(operator);
        driver.onTick(sequence, 9);
        expect(
                "10 key 1: startNs=0 endNs=10 n=1 sum=9 rank=1 revision=0",
                "10 key 2: startNs=0 endNs=10 n=1 sum=7 rank=2 revision=0");
    }

    @Test
    void shouldCorrectAClosedWindowAsLongAsAllowed() {
        use(sums(Window.tumbling(10, NANOSECONDS)).late(LatePolicy.update(10, NANOSECONDS)));
        send(1, 5, 1);
        send(1, 12, 2);
        send(1, 6, 10);
        send(2, 7, 20);
        send(1, 20, 3);
        send(1, 8, 100);

        expect(
                "10 key 1: startNs=0 endNs=10 n=1 sum=1 revision=0",
                "10 key 1: startNs=0 endNs=10 n=2 sum=11 revision=1",
                "10 key 2: startNs=0 endNs=10 n=1 sum=20 revision=0",
                "20 key 1: startNs=10 endNs=20 n=1 sum=2 revision=0");
        assertEquals(1, operator.tooLateCount());
        assertEquals(2, operator.lateCount());
    }

    @Test
    void shouldSaySoOfEventsThatAreTooLate() {
        use(sums(Window.tumbling(10, NANOSECONDS)).late(LatePolicy.SIDE_OUTPUT));
        send(1, 25, 1);
        send(1, 5, 1);

        expect("late 1");
        assertEquals(1, operator.tooLateCount());
    }

    @Test
    void shouldJoinSessionsThatALateEventConnects() {
        use(sums(Window.session(4, NANOSECONDS)));
        driver = new OperatorDriver(operator, 20, new RecordedOutputs(row -> rows.add(text(row))));
        send(1, 0, 1);
        send(1, 8, 2);
        send(1, 20, 3);
        send(1, 4, 4);
        driver.onEnd(sequence);

        expect(
                "12 key 1: startNs=0 endNs=12 n=3 sum=7 revision=0",
                "24 key 1: startNs=20 endNs=24 n=1 sum=3 revision=0");
    }

    @Test
    void shouldAggregateAllKeysTogetherWhenUnkeyed() {
        use(sums(Window.tumbling(10, NANOSECONDS)).unkeyed());
        send(1, 1, 1);
        send(2, 2, 2);
        driver.onEnd(sequence);

        expect("10 key 0: startNs=0 endNs=10 n=2 sum=3 revision=0");
    }

    @Test
    void shouldCountEventsWithoutAKey() {
        LongExpression oddValue = each -> each.idLo() % 2 == 0 ? LongExpression.NULL : each.idLo();
        use(sums(Window.tumbling(10, NANOSECONDS)).keyedBy(oddValue));
        send(1, 1, 3);
        send(1, 1, 4);
        driver.onEnd(sequence);

        expect("10 key 3: startNs=0 endNs=10 n=1 sum=3 revision=0");
        assertEquals(1, operator.nullKeyCount());
    }

    @Test
    void shouldCountAndLeaveOutWhatItHasNoRoomFor() {
        use(sums(Window.tumbling(10, NANOSECONDS)).maxKeys(2).maxPanes(2));
        send(1, 1, 1);
        send(2, 1, 1);
        send(3, 1, 1);
        send(1, 13, 1);
        driver.onEnd(sequence);

        assertEquals(1, operator.refusedKeyCount());
        assertEquals(0, operator.refusedPaneCount(), "the panes were freed when time moved on");
        use(sums(Window.tumbling(10, NANOSECONDS)).maxPanes(1));
        send(1, 1, 1);
        send(2, 1, 1);
        assertEquals(1, operator.refusedPaneCount());
        assertEquals(1, operator.keyCount(), "a key without a pane is given back");
    }

    @Test
    void shouldTakeNegativeTimesAndLeaveOutThoseThatAreNone() {
        use(sums(Window.tumbling(10, NANOSECONDS)));
        send(1, -5, 1);
        send(1, Long.MIN_VALUE + 1, 1);
        send(1, (1L << 62) + 1, 1);

        assertEquals(2, operator.offGridCount());
        expect("0 key 1: startNs=-10 endNs=0 n=1 sum=1 revision=0");
    }

    @Test
    void shouldAddUpDoublesWithoutEverSubtracting() {
        use(AggregateSpec.named("sums")
                .over(Arrival.TYPE)
                .window(Window.hopping(2, NANOSECONDS, 1, NANOSECONDS))
                .aggregate(Aggregate.sum("sum").ofDoubles(each -> each.idLo() == 1 ? 1e30 : 0.5))
                .maxKeys(4));
        send(1, 0, 1);
        send(1, 1, 2);
        send(1, 2, 2);
        driver.onEnd(sequence);

        assertTrue(rows.get(2).contains("sum=1.0"), "not what is left of 1e30");
    }

    @Test
    void shouldTakeAFunctionOfOnesOwn() {
        AggregateFunction range = new Range(each -> each.idLo());
        use(AggregateSpec.named("ranges")
                .over(Arrival.TYPE)
                .window(Window.hopping(20, NANOSECONDS, 10, NANOSECONDS))
                .aggregate(Aggregate.own("range", range, FieldType.INT64, (cells, at) -> cells[at + 1] - cells[at]))
                .maxKeys(4));
        send(1, 1, 5);
        send(1, 11, 9);
        driver.onEnd(sequence);

        expect(
                "10 key 1: startNs=-10 endNs=10 range=0 revision=0",
                "20 key 1: startNs=0 endNs=20 range=4 revision=0",
                "30 key 1: startNs=10 endNs=30 range=0 revision=0");
    }

    @Test
    void shouldSayNullOfNoValues() {
        use(AggregateSpec.named("sums")
                .over(Arrival.TYPE)
                .window(Window.tumbling(10, NANOSECONDS))
                .aggregate(
                        Aggregate.count("n").of((LongExpression) each -> LongExpression.NULL),
                        Aggregate.sum("sum").of((LongExpression) each -> LongExpression.NULL),
                        Aggregate.first("first").of((LongExpression) each -> LongExpression.NULL),
                        Aggregate.avg("avg").of((LongExpression) each -> LongExpression.NULL),
                        Aggregate.stddev("stddev").of(HeaderField.ID_LO))
                .maxKeys(4));
        send(1, 1, 1);
        driver.onEnd(sequence);

        expect("10 key 1: startNs=0 endNs=10 n=0 sum=null first=null avg=NaN stddev=NaN revision=0");
    }

    @Test
    void shouldTakeTheBytesThatItSays() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Window[] kinds = {
            Window.hopping(60, NANOSECONDS, 5, NANOSECONDS),
            Window.session(5, NANOSECONDS),
            Window.count(20, 5),
            Window.sliding(30, NANOSECONDS)
        };
        for (Window kind : kinds) {
            AggregateSpec.Builder settings = sums(kind).maxKeys(10_000);
            AggregateSpec spec = (kind.kind() == Window.Kind.COUNT ? settings : settings.maxPanes(50_000)).build();
            AggregateOperator.of(spec);
            long before = threads.getCurrentThreadAllocatedBytes();
            AggregateOperator made = AggregateOperator.of(spec);
            long taken = threads.getCurrentThreadAllocatedBytes() - before;

            assertEquals(1.0, (double) taken / made.bytes(), 0.01, kind + " says " + spec.bytesText());
        }
    }

    @Test
    void shouldRefuseStateOfOtherSettings() {
        AggregateSpec other = sums(Window.tumbling(20, NANOSECONDS)).build();

        StateException refusal =
                assertThrows(StateException.class, () -> Snapshots.copy(operator, AggregateOperator.of(other)));

        assertEquals(
                "cannot load window sums: saved size=10 (expected: 20, as configured); configure what it was saved"
                        + " under, or start on an empty data directory",
                refusal.getMessage());
    }
}
