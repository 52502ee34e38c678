package io.millrace.window;

import static java.util.concurrent.TimeUnit.DAYS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.event.EventType;
import io.millrace.event.MutableEvent;
import io.millrace.event.Schema;
import io.millrace.state.StateException;
import io.millrace.workload.Arrival;
import io.millrace.workload.OperatorDriver;
import io.millrace.workload.RecordedOutputs;
import io.millrace.workload.Snapshots;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WindowOperatorTest {
    private final MutableEvent event = MutableEvent.allocate(64);
    private final WindowResult result = new WindowResult();
    private final List<String> rows = new ArrayList<>();
    private final RecordedOutputs outputs = new RecordedOutputs(this::addRow);
    private long sequence;

    private void addRow(MutableEvent output) {
        result.wrap(output);
        rows.add(result.endNs() + " " + output.key() + ": " + result.count() + " " + result.sum());
    }

    private static WindowSpec.Builder window(long sizeNs, long slideNs) {
        return WindowSpec.named("delays")
                .over(Arrival.TYPE)
                .value(Arrival.VALUE)
                .size(sizeNs, NANOSECONDS)
                .slide(slideNs, NANOSECONDS)
                .maxKeys(8);
    }

    private OperatorDriver driver(WindowOperator operator) {
        return driver(operator, 0);
    }

    private OperatorDriver driver(WindowOperator operator, long outOfOrdernessNs) {
        return new OperatorDriver(operator, outOfOrdernessNs, outputs);
    }

    private void send(OperatorDriver driver, long key, long timestampNs, long value) {
        driver.onEvent(Arrival.of(sequence++, key, timestampNs, value).to(event));
    }

    @Test
    void shouldPutOutAllFieldsWhenWindowCloses() {
        WindowOperator operator = new WindowOperator(window(10, 5).build());
        List<String> records = new ArrayList<>();
        OperatorDriver driver = new OperatorDriver(operator, 0, RecordedOutputs.into(records));
        send(driver, 77, 3, 5);
        send(driver, 77, 4, -2);
        send(driver, 77, 5, 1000);

        MutableEvent row = RecordedOutputs.events(records).get(0);
        result.wrap(row);
        assertEquals(1, records.size());
        assertEquals(WindowResult.TYPE_ID, row.typeId());
        assertEquals(77, row.key());
        assertEquals(5, row.timestampNs());
        assertEquals(-5, result.startNs());
        assertEquals(5, result.endNs());
        assertEquals(2, result.count());
        assertEquals(3, result.sum());
        assertEquals(-2, result.min());
        assertEquals(5, result.max());
        assertEquals(1.5, result.avg());
        assertEquals(0, result.revision());
    }

    @Test
    void shouldCountEventAtEndInNextWindow() {
        OperatorDriver driver = driver(new WindowOperator(window(10, 10).build()));
        send(driver, 1, 9, 1);
        assertEquals(List.of(), rows);

        send(driver, 1, 10, 1);
        assertEquals(List.of("10 1: 1 1"), rows);

        driver.onEnd(sequence);
        assertEquals(List.of("10 1: 1 1", "20 1: 1 1"), rows);
    }

    @Test
    void shouldSweepWithinBudgetWhenWindowClosesOverManyKeys() {
        WindowOperator operator =
                new WindowOperator(window(10, 10).sweepBudget(2).build());
        OperatorDriver driver = driver(operator);
        for (int key = 1; key <= 5; key++) {
            send(driver, key, 1, key);
        }

        send(driver, 1, 11, 100);
        assertEquals(List.of("10 1: 1 1", "10 2: 1 2"), rows);
        assertEquals(Long.MIN_VALUE, operator.nextDeadlineNs());

        send(driver, 5, 11, 100);
        assertEquals(4, rows.size());

        send(driver, 5, 11, 100);
        assertEquals("10 5: 1 5", rows.get(4), "what came during the sweep is of the next window");
        assertEquals(19, operator.nextDeadlineNs());
    }

    @Test
    void shouldFinishSweepWhenNextWindowCloses() {
        OperatorDriver driver =
                driver(new WindowOperator(window(10, 10).sweepBudget(1).build()));
        for (int key = 1; key <= 4; key++) {
            send(driver, key, 1, key);
        }
        send(driver, 1, 10, 7);
        assertEquals(1, rows.size());

        send(driver, 2, 20, 9);
        assertEquals(List.of("10 1: 1 1", "10 2: 1 2", "10 3: 1 3", "10 4: 1 4", "20 1: 1 7"), rows);
    }

    @Test
    void shouldFinishSweepWhenTimePassesWithoutEvents() {
        WindowOperator operator =
                new WindowOperator(window(10, 10).sweepBudget(1).build());
        OperatorDriver driver = driver(operator);
        for (int key = 1; key <= 4; key++) {
            send(driver, key, 1, key);
        }

        driver.onTick(sequence, 9);

        assertEquals(4, rows.size());
        assertEquals(Long.MAX_VALUE, operator.nextDeadlineNs());
        assertEquals(0, operator.keyCount());
    }

    @Test
    void shouldBringRowForwardWhenEventIsLateForItsWindowButNotForTheNext() {
        WindowOperator operator =
                new WindowOperator(window(10, 5).sweepBudget(1).build());
        OperatorDriver driver = driver(operator);
        for (int key = 1; key <= 4; key++) {
            send(driver, key, 7, key);
        }
        send(driver, 1, 10, 0);
        assertEquals(List.of("10 1: 1 1"), rows);

        send(driver, 4, 8, 100);
        assertEquals(List.of("10 1: 1 1", "10 2: 1 2", "10 4: 1 4"), rows);
        assertEquals(1, operator.lateCount());

        driver.onEnd(sequence);
        assertEquals(
                List.of("10 3: 1 3", "15 1: 2 1", "15 2: 1 2", "15 3: 1 3", "15 4: 2 104", "20 1: 1 0"),
                rows.subList(3, rows.size()));
    }

    @Test
    void shouldDropEventWhenAllItsWindowsAreClosed() {
        WindowOperator operator = new WindowOperator(window(10, 5).build());
        OperatorDriver driver = driver(operator);
        send(driver, 1, 20, 1);

        send(driver, 1, 9, 1);
        assertEquals(1, operator.tooLateCount());

        send(driver, 1, 15, 1);
        assertEquals(1, operator.lateCount());
        driver.onEnd(sequence);
        assertEquals(List.of("25 1: 2 2", "30 1: 1 1"), rows);
    }

    @Test
    void shouldTakeEventsOutOfOrderWithinWatermark() {
        OperatorDriver driver = driver(new WindowOperator(window(10, 10).build()), 100);
        send(driver, 1, 45, 1);
        send(driver, 1, 5, 10);
        send(driver, 1, 25, 100);
        send(driver, 1, 7, 1000);

        driver.onEnd(sequence);

        assertEquals(List.of("10 1: 2 1010", "30 1: 1 100", "50 1: 1 1"), rows);
    }

    @Test
    void shouldSkipWindowsWithoutValuesWhenTimeJumps() {
        WindowOperator operator = new WindowOperator(window(3, 1).build());
        OperatorDriver driver = driver(operator);
        long yearsNs = DAYS.toNanos(36_500);
        send(driver, 1, -yearsNs, 1);
        send(driver, 1, 0, 2);
        send(driver, 1, yearsNs, 3);
        driver.onEnd(sequence);

        assertEquals(9, rows.size());
        assertEquals((1 - yearsNs) + " 1: 1 1", rows.get(0));
        assertEquals("1 1: 1 2", rows.get(3));
        assertEquals((3 + yearsNs) + " 1: 1 3", rows.get(8));
        assertEquals(Long.MAX_VALUE, operator.nextDeadlineNs());
    }

    @Test
    void shouldRefuseTimesOffTheGrid() {
        WindowOperator operator = new WindowOperator(window(10, 10).build());
        for (long timestampNs : new long[] {Long.MIN_VALUE, -PaneGrid.MAX_TIME_NS - 1, PaneGrid.MAX_TIME_NS + 1}) {
            operator.onEvent(Arrival.of(0, 1, timestampNs, 1).to(event), outputs);
        }
        assertEquals(3, operator.offGridCount());
        assertEquals(0, operator.valueCount());

        operator.onEvent(Arrival.of(0, 1, -PaneGrid.MAX_TIME_NS, 1).to(event), outputs);
        operator.onEvent(Arrival.of(0, 1, PaneGrid.MAX_TIME_NS, 1).to(event), outputs);
        assertEquals(2, operator.valueCount());
    }

    @Test
    void shouldFindExtremesAgainWhenTheirPaneLeaves() {
        List<String> extremes = new ArrayList<>();
        OperatorDriver driver = new OperatorDriver(
                new WindowOperator(window(3, 1).build()),
                0,
                new RecordedOutputs(output ->
                        extremes.add(result.wrap(output).endNs() + ": " + result.min() + ".." + result.max())));
        send(driver, 1, 0, 9);
        send(driver, 1, 1, -9);
        send(driver, 1, 2, 3);
        send(driver, 1, 3, 5);
        driver.onEnd(sequence);

        assertEquals(List.of("1: 9..9", "2: -9..9", "3: -9..9", "4: -9..5", "5: 3..5", "6: 5..5"), extremes);
    }

    @Test
    void shouldLeaveExtremesNullWhenWindowGoesWithout() {
        List<String> records = new ArrayList<>();
        OperatorDriver driver = new OperatorDriver(
                new WindowOperator(window(10, 10).withoutExtremes().build()), 0, RecordedOutputs.into(records));
        send(driver, 1, 0, 9);
        driver.onEnd(sequence);

        MutableEvent row = RecordedOutputs.events(records).get(0);
        EventType type = Schema.outputs().types().get(0);
        assertEquals(WindowResult.NULL, result.wrap(row).min());
        assertEquals(WindowResult.NULL, result.max());
        assertEquals(9, result.sum());
        assertTrue(type.field("min").isNull(row) && type.field("max").isNull(row));
        assertFalse(type.field("sum").isNull(row));
    }

    @Test
    void shouldIgnoreOtherTypesAndEventsThatFailTheCondition() {
        WindowOperator operator = new WindowOperator(window(10, 10)
                .where(candidate -> Arrival.VALUE.getLong(candidate) > 5)
                .build());
        OperatorDriver driver = driver(operator);
        send(driver, 1, 1, 5);
        send(driver, 1, 1, 6);
        driver.onEvent(new Arrival(2, Arrival.OTHER_TYPE.id(), 1, 1, 60).to(event));
        driver.onEnd(sequence);

        assertEquals(List.of("10 1: 1 6"), rows);
    }

    @Test
    void shouldNotAggregateNull() {
        EventType type = typeWithOptionalField();
        WindowOperator operator = new WindowOperator(WindowSpec.named("nulls")
                .over(type)
                .value(type.field("delay"))
                .size(10, NANOSECONDS)
                .build());
        type.encode(event.clearHeader()).key(1).timestampNs(1);
        operator.onEvent(event, outputs);
        assertEquals(1, operator.nullCount());
        assertEquals(0, operator.keyCount());

        type.field("delay").putLong(event, 4);
        operator.onEvent(event, outputs);
        operator.advanceTo(Long.MAX_VALUE, true, outputsWithRoom());
        assertEquals(List.of("10 1: 1 4"), rows);
    }

    private static EventType typeWithOptionalField() {
        String xml = """
                <sbe:messageSchema xmlns:sbe="http://fixprotocol.io/2016/sbe" package="test" id="1" version="0"
                                   byteOrder="littleEndian">
                  <types>
                    <composite name="messageHeader">
                      <type name="blockLength" primitiveType="uint16"/><type name="templateId" primitiveType="uint16"/>
                      <type name="schemaId" primitiveType="uint16"/><type name="version" primitiveType="uint16"/>
                    </composite>
                  </types>
                  <sbe:message name="Departure" id="1">
                    <field name="delay" id="1" type="int32" presence="optional"/>
                  </sbe:message>
                </sbe:messageSchema>
                """;
        return Schema.parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)), "test.xml")
                .types()
                .get(0);
    }

    private RecordedOutputs outputsWithRoom() {
        driver(new WindowOperator(window(1, 1).build())).onEnd(0);
        return outputs;
    }

    @Test
    void shouldRefuseValuesOfNewKeysWhenMaxKeysAreLive() {
        WindowOperator operator = new WindowOperator(window(10, 10).maxKeys(2).build());
        OperatorDriver driver = driver(operator);
        for (int key = 1; key <= 3; key++) {
            send(driver, key, 1, key);
            send(driver, key, 2, key);
        }
        assertEquals(2, operator.refusedKeyCount());

        send(driver, 3, 10, 3);
        driver.onEnd(sequence);
        assertEquals(List.of("10 1: 2 2", "10 2: 2 4", "20 3: 1 3"), rows, "a key that has gone makes room");
    }

    @Test
    void shouldRefuseValuesThatNeedAPaneWhenMaxPanesAreInUse() {
        WindowOperator operator = new WindowOperator(window(10, 5).maxPanes(2).build());
        OperatorDriver driver = driver(operator);
        send(driver, 1, 1, 1);
        send(driver, 2, 1, 1);
        send(driver, 3, 1, 1);
        send(driver, 1, 5, 1);
        assertEquals(2, operator.refusedPaneCount());
        assertEquals(2, operator.keyCount(), "a key without a pane takes no slot");

        send(driver, 1, 4, 1);
        driver.onEnd(sequence);
        assertEquals(List.of("5 1: 1 1", "5 2: 1 1", "10 1: 2 2", "10 2: 1 1"), rows);
    }

    @Test
    void shouldGiveFreedSlotToNextKey() {
        WindowOperator operator = new WindowOperator(window(10, 10).maxKeys(2).build());
        OperatorDriver driver = driver(operator);
        for (int key = 0; key < 1000; key++) {
            send(driver, key, key * 10L, 1);
        }

        assertEquals(0, operator.refusedKeyCount());
        assertEquals(999, rows.size());
    }

    @Test
    void shouldCountRowsStillToCome() {
        WindowOperator operator = new WindowOperator(window(10, 5).build());
        OperatorDriver driver = driver(operator);
        assertEquals(0, operator.openWindowCount());

        send(driver, 1, 7, 1);
        send(driver, 1, 8, 1);
        assertEquals(2, operator.openWindowCount());

        send(driver, 1, 12, 1);
        assertEquals(2, operator.openWindowCount(), "10 is out; 15 and 20 remain");
    }

    @Test
    void shouldNotLoadStateOfOtherSettings() {
        WindowOperator saved = new WindowOperator(window(10, 5).build());
        WindowOperator other = new WindowOperator(window(20, 5).build());

        StateException e = assertThrows(StateException.class, () -> Snapshots.copy(saved, other));
        assertEquals(
                "cannot load window delays: saved sizeNs=10 (expected: 20, as configured);"
                        + " configure what it was saved under, or start on an empty data directory",
                e.getMessage());
    }

    @Test
    void shouldDifferInHashWhenStateDiffers() {
        WindowOperator one = new WindowOperator(window(10, 5).build());
        WindowOperator two = new WindowOperator(window(10, 5).build());
        assertEquals(one.stateHash(), two.stateHash());

        one.onEvent(Arrival.of(0, 1, 1, 5).to(event), outputs);
        two.onEvent(Arrival.of(0, 1, 1, 6).to(event), outputs);
        assertFalse(one.stateHash() == two.stateHash());
    }

    @Test
    void shouldTakeAsManyBytesAsItSays() {
        WindowOperator operator =
                new WindowOperator(window(10, 5).maxKeys(1000).maxPanes(5000).build());

        long slabsLength = (1000 + 5000) * 64;
        assertTrue(operator.bytes() >= slabsLength + 1000 * 16);
        assertTrue(operator.bytes() < slabsLength + 1000 * 128);
    }
}
