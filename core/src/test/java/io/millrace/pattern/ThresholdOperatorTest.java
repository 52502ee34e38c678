package io.millrace.pattern;

import static io.millrace.pattern.EventPattern.count;
import static io.millrace.pattern.EventPattern.distinct;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
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

class ThresholdOperatorTest {
    private final MutableEvent event = MutableEvent.allocate(64);
    private final Match match = new Match();
    private final List<String> matches = new ArrayList<>();
    private final RecordedOutputs outputs = new RecordedOutputs(this::addMatch);
    private long sequence;

    private void addMatch(MutableEvent output) {
        match.wrap(output);
        matches.add(output.key() + ": " + match.firstSequence() + ".." + match.lastSequence() + ", " + match.count()
                + " of " + match.distinct());
    }

    private static EventPattern.Builder pairs() {
        return EventPattern.named("pairs")
                .where(count(Arrival.TYPE).ge(2))
                .within(10, NANOSECONDS)
                .mode(MatchMode.EVERY_EVENT);
    }

    private OperatorDriver driver(ThresholdOperator operator) {
        return new OperatorDriver(operator, 0, outputs);
    }

    private void send(OperatorDriver driver, long key, long timestampNs, long value) {
        driver.onEvent(Arrival.of(sequence++, key, timestampNs, value).to(event));
    }

    @Test
    void shouldPutOutAllFieldsWhenPatternMatches() {
        List<String> records = new ArrayList<>();
        ThresholdOperator operator = new ThresholdOperator(
                pairs().where(distinct(Arrival.VALUE).ge(2)).build());
        OperatorDriver driver = new OperatorDriver(operator, 0, RecordedOutputs.into(records));
        sequence = 40;
        send(driver, 7, 100, 1);
        send(driver, 7, 101, 1);
        send(driver, 7, 103, 2);

        MutableEvent output = RecordedOutputs.events(records).get(0);
        match.wrap(output);
        assertEquals(1, records.size());
        assertEquals(Match.TYPE_ID, output.typeId());
        assertEquals(Match.PAYLOAD_LENGTH, output.payloadLength());
        assertEquals(7, output.key());
        assertEquals(103, output.timestampNs());
        assertEquals(100, match.startNs());
        assertEquals(103, match.endNs());
        assertEquals(1, match.number());
        assertEquals(3, match.count());
        assertEquals(2, match.distinct());
        assertEquals(40, match.firstSequence());
        assertEquals(42, match.lastSequence());
        assertEquals(~42, match.lastIdHi());
        assertEquals(2, match.lastIdLo());
    }

    @Test
    void shouldNotCountEventThatIsExactlyWithinOld() {
        OperatorDriver driver = driver(new ThresholdOperator(pairs().build()));
        send(driver, 1, 0, 0);
        send(driver, 1, 10, 0);
        assertEquals(List.of(), matches);

        send(driver, 1, 19, 0);
        assertEquals(List.of("1: 1..2, 2 of 0"), matches);
    }

    @Test
    void shouldForgetWhatWasMatchedWhenSkippingPastLast() {
        ThresholdOperator operator =
                new ThresholdOperator(pairs().mode(MatchMode.SKIP_PAST_LAST).build());
        OperatorDriver driver = driver(operator);
        for (int i = 0; i < 5; i++) {
            send(driver, 1, i, 0);
        }

        assertEquals(List.of("1: 0..1, 2 of 0", "1: 2..3, 2 of 0"), matches);
        assertEquals(1, operator.keyCount());
    }

    @Test
    void shouldMatchOnceWhileConditionsHoldWhenEdgeRises() {
        OperatorDriver driver =
                driver(new ThresholdOperator(pairs().mode(MatchMode.RISING_EDGE).build()));
        for (long timestampNs : new long[] {0, 1, 2, 3, 20, 21, 22}) {
            send(driver, 1, timestampNs, 0);
        }

        assertEquals(List.of("1: 0..1, 2 of 0", "1: 4..5, 2 of 0"), matches);
    }

    @Test
    void shouldIgnoreLateEvents() {
        ThresholdOperator operator = new ThresholdOperator(pairs().build());
        OperatorDriver driver = new OperatorDriver(operator, 5, outputs);
        send(driver, 1, 100, 0);
        send(driver, 2, 99, 0);
        send(driver, 2, 94, 0);
        assertEquals(2, operator.lateCount());

        send(driver, 1, 100, 0);
        assertEquals(List.of("1: 0..3, 2 of 0"), matches, "an equal time is not late");
    }

    @Test
    void shouldCountEventsThatPassTheFilterOnly() {
        ThresholdOperator operator =
                new ThresholdOperator(pairs().filter(candidate -> Arrival.VALUE.getLong(candidate) >= 20)
                        .build());
        OperatorDriver driver = driver(operator);
        send(driver, 1, 0, 20);
        send(driver, 1, 1, 19);
        driver.onEvent(new Arrival(sequence++, Arrival.OTHER_TYPE.id(), 1, 2, 30).to(event));
        assertEquals(List.of(), matches);

        send(driver, 1, 3, 21);
        assertEquals(List.of("1: 0..3, 2 of 0"), matches);
    }

    @Test
    void shouldNotTakeNullForADistinctValue() {
        EventType type = typeWithOptionalField();
        ThresholdOperator operator = new ThresholdOperator(EventPattern.named("nulls")
                .where(count(type).ge(3))
                .where(distinct(type.field("gate")).ge(1))
                .within(10, NANOSECONDS)
                .mode(MatchMode.EVERY_EVENT)
                .build());
        OperatorDriver driver = driver(operator);
        for (int i = 0; i < 3; i++) {
            driver.onEvent(type.encode(event.clearHeader()).sequence(i).key(1).timestampNs(0));
        }
        assertEquals(List.of(), matches);

        type.field("gate").putLong(event, 5);
        driver.onEvent(event.sequence(3));
        assertEquals(List.of("1: 0..3, 4 of 1"), matches);
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
                    <field name="gate" id="1" type="int32" presence="optional"/>
                  </sbe:message>
                </sbe:messageSchema>
                """;
        return Schema.parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)), "test.xml")
                .types()
                .get(0);
    }

    @Test
    void shouldFreeKeysThatComeNoMore() {
        ThresholdOperator operator =
                new ThresholdOperator(pairs().maxKeys(16).maxEvents(16).build());
        OperatorDriver driver = driver(operator);
        for (int key = 0; key < 10_000; key++) {
            send(driver, key, key, 0);
        }
        assertEquals(10, operator.keyCount());
        assertEquals(10, operator.heldEventCount());
        assertEquals(0, operator.refusedKeyCount());
        assertEquals(0, operator.forgottenCount());

        driver.onEnd(sequence);
        assertEquals(0, operator.keyCount());
        assertEquals(0, operator.heldEventCount());
    }

    @Test
    void shouldIgnoreEventsOfNewKeysWhenMaxKeysAreLive() {
        ThresholdOperator operator = new ThresholdOperator(pairs().maxKeys(2).build());
        OperatorDriver driver = driver(operator);
        for (int i = 0; i < 2; i++) {
            for (int key = 1; key <= 3; key++) {
                send(driver, key, i, 0);
            }
        }
        assertEquals(2, operator.refusedKeyCount());
        assertEquals(List.of("1: 0..3, 2 of 0", "2: 1..4, 2 of 0"), matches);

        send(driver, 3, 11, 0);
        assertEquals(2, operator.refusedKeyCount(), "a key that has gone makes room");
    }

    @Test
    void shouldForgetOldestOfKeyWhenMaxEventsPerKeyCount() {
        ThresholdOperator operator = new ThresholdOperator(
                pairs().where(distinct(Arrival.VALUE).ge(1)).maxEventsPerKey(3).build());
        OperatorDriver driver = driver(operator);
        for (int i = 0; i < 5; i++) {
            send(driver, 1, i, i);
        }

        assertEquals(2, operator.forgottenCount());
        assertEquals("1: 2..4, 3 of 3", matches.get(3));
    }

    @Test
    void shouldForgetOldestOfAllWhenMaxEventsAreHeld() {
        ThresholdOperator operator = new ThresholdOperator(pairs().maxEvents(4).build());
        OperatorDriver driver = driver(operator);
        send(driver, 1, 0, 0);
        send(driver, 2, 0, 0);
        for (int i = 0; i < 3; i++) {
            send(driver, 3, 1, 0);
        }
        assertEquals(1, operator.forgottenCount());
        assertEquals(2, operator.keyCount(), "key 1 went with its only event");

        send(driver, 1, 2, 0);
        send(driver, 3, 2, 0);
        assertEquals("3: 3..6, 3 of 0", matches.get(matches.size() - 1));
        assertEquals(3, operator.forgottenCount());
    }

    @Test
    void shouldNotCountForgottenEventsTwiceWhenRingIsFullOfMatchedOnes() {
        ThresholdOperator operator = new ThresholdOperator(
                pairs().mode(MatchMode.SKIP_PAST_LAST).maxEvents(4).build());
        OperatorDriver driver = driver(operator);
        for (int i = 0; i < 20; i++) {
            send(driver, 1, 0, 0);
        }

        assertEquals(10, matches.size());
        assertEquals(0, operator.forgottenCount());
    }

    @Test
    void shouldHoldAtTheEndsOfTime() {
        OperatorDriver driver = driver(new ThresholdOperator(pairs().build()));
        send(driver, 1, Long.MIN_VALUE + 1, 0);
        send(driver, 1, Long.MIN_VALUE + 2, 0);
        send(driver, 1, Long.MAX_VALUE - 1, 0);
        send(driver, 1, Long.MAX_VALUE, 0);

        assertEquals(List.of("1: 0..1, 2 of 0", "1: 2..3, 2 of 0"), matches);
    }

    @Test
    void shouldNotLoadStateOfOtherSettings() {
        ThresholdOperator saved = new ThresholdOperator(pairs().build());
        ThresholdOperator other =
                new ThresholdOperator(pairs().within(11, NANOSECONDS).build());

        StateException e = assertThrows(StateException.class, () -> Snapshots.copy(saved, other));
        assertEquals(
                "cannot load pattern pairs: saved withinNs=10 (expected: 11, as configured);"
                        + " configure what it was saved under, or start on an empty data directory",
                e.getMessage());
    }

    @Test
    void shouldTakeAsManyBytesAsItSays() {
        ThresholdOperator operator =
                new ThresholdOperator(pairs().maxKeys(1000).maxEvents(4096).build());

        assertTrue(operator.bytes() >= 4096 * (32 + 8) + 1000 * (8 + 8 + 128));
        assertTrue(operator.bytes() < 4096 * (32 + 8 + 8) + 1000 * 256);
    }
}
