package io.millrace.window;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.workload.Arrival;
import io.millrace.workload.OperatorDriver;
import io.millrace.workload.RecordedOutputs;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sessions of gap 10 at the edges of the gap and of the lateness allowed. */
class SessionAggregatesTest {
    private static final long GAP_NS = 10;

    private final MutableEvent event = MutableEvent.allocate(0);
    private final List<String> rows = new ArrayList<>();
    private AggregateOperator operator = operator(LatePolicy.DROP);
    private OperatorDriver driver = driver(0);
    private long sequence;

    private static AggregateOperator operator(LatePolicy late) {
        return AggregateOperator.of(AggregateSpec.named("sessions")
                .over(Arrival.TYPE)
                .window(Window.session(GAP_NS, NANOSECONDS))
                .aggregate(Aggregate.sum("sum").of(Arrival.VALUE))
                .late(late)
                .maxKeys(4)
                .build());
    }

    private OperatorDriver driver(long outOfOrdernessNs) {
        return new OperatorDriver(operator, outOfOrdernessNs, new RecordedOutputs(row -> rows.add(text(row))));
    }

    private void use(LatePolicy late, long outOfOrdernessNs) {
        operator = operator(late);
        driver = driver(outOfOrdernessNs);
    }

    private String text(Event row) {
        if (row.typeId() == LateEvent.TYPE_ID) {
            return "late " + new LateEvent().wrap(row).eventSequence();
        }
        return row.timestampNs() + ": key " + row.key() + " [" + longOf(row, "startNs") + ", " + longOf(row, "endNs")
                + ") sum " + longOf(row, "sum") + " revision " + longOf(row, "revision");
    }

    private long longOf(Event row, String field) {
        return operator.spec().resultType().field(field).getLong(row);
    }

    private void send(long key, long timestampNs, long value) {
        driver.onEvent(Arrival.of(sequence++, key, timestampNs, value).to(event));
    }

    private void expect(String... expected) {
        assertEquals(List.of(expected), rows);
        rows.clear();
    }

    @Test
    void shouldTakeAnEventExactlyTheGapBehindIntoTheSession() {
        send(1, 100, 1);
        send(1, 110, 2);
        driver.onEnd(sequence);

        expect("120: key 1 [100, 120) sum 3 revision 0");
    }

    @Test
    void shouldBeginASessionOneBehindTheGap() {
        send(1, 100, 1);
        send(1, 111, 2);

        expect("110: key 1 [100, 110) sum 1 revision 0");
    }

    @Test
    void shouldNotDependOnWhichKeyMovesTime() {
        send(1, 100, 1);
        send(2, 110, 5);
        send(1, 110, 2);
        driver.onEnd(sequence);

        expect("120: key 2 [110, 120) sum 5 revision 0", "120: key 1 [100, 120) sum 3 revision 0");
    }

    @Test
    void shouldCloseWhenNoEventAtItsEndIsExpected() {
        send(1, 100, 1);

        assertEquals(110, operator.nextDeadlineNs());
        driver.onTick(sequence, 109);
        expect();
        driver.onTick(sequence, 110);
        expect("110: key 1 [100, 110) sum 1 revision 0");
        assertEquals(0, operator.keyCount());
    }

    @Test
    void shouldJoinTwoThatAreExactlyTheGapAwayFromALateEvent() {
        use(LatePolicy.DROP, 20);
        send(1, 100, 1);
        send(1, 120, 2);
        send(1, 110, 4);
        driver.onEnd(sequence);

        expect("130: key 1 [100, 130) sum 7 revision 0");
    }

    @Test
    void shouldTakeALateEventAsLongAsItsOwnSessionIsOpen() {
        use(LatePolicy.SIDE_OUTPUT, 0);
        send(1, 111, 1);
        send(2, 101, 2);
        send(2, 100, 4);
        send(3, 100, 8);
        driver.onEnd(sequence);

        expect("late 3", "111: key 2 [100, 111) sum 6 revision 0", "121: key 1 [111, 121) sum 1 revision 0");
        assertEquals(1, operator.tooLateCount());
        assertEquals(2, operator.lateCount());
    }

    @Test
    void shouldCorrectASessionUntilTheLatenessIsOver() {
        use(LatePolicy.update(5, NANOSECONDS).withSideOutput(), 0);
        send(1, 100, 1);
        send(2, 115, 8);
        send(1, 99, 2);
        send(2, 116, 16);
        send(1, 98, 4);

        expect("110: key 1 [100, 110) sum 1 revision 0", "110: key 1 [99, 110) sum 3 revision 1", "late 4");
    }

    @Test
    void shouldOpenAClosedSessionAgainForAnEventAtItsEnd() {
        use(LatePolicy.update(5, NANOSECONDS), 0);
        send(1, 100, 1);
        send(2, 111, 8);
        expect("110: key 1 [100, 110) sum 1 revision 0");

        send(1, 110, 2);
        send(2, 120, 16);
        expect();
        assertEquals(2, operator.openWindowCount());

        send(2, 121, 32);
        expect("120: key 1 [100, 120) sum 3 revision 1");
    }
}
