package io.millrace.pattern;

import static io.millrace.pattern.EventPattern.count;
import static io.millrace.pattern.EventPattern.distinct;
import static java.util.concurrent.TimeUnit.DAYS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.event.EventType;
import io.millrace.event.HeaderField;
import io.millrace.event.Schema;
import io.millrace.workload.Arrival;
import org.junit.jupiter.api.Test;

class EventPatternTest {
    private static final EventType RESULT = Schema.outputs().types().get(0);

    private static EventPattern.Builder fraud() {
        return EventPattern.named("fraud").where(count(Arrival.TYPE).gt(5)).within(300, SECONDS);
    }

    private static void assertRefused(EventPattern.Builder builder, String expected) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, builder::build);
        assertEquals("cannot build pattern fraud: " + expected, e.getMessage());
    }

    @Test
    void shouldTakeTheStrongestOfEachCondition() {
        EventPattern pattern = fraud().where(distinct(Arrival.VALUE).gt(3))
                .where(distinct(Arrival.VALUE).ge(3))
                .where(count(Arrival.TYPE).ge(4))
                .build();

        assertEquals(6, pattern.minCount());
        assertEquals(4, pattern.minDistinct());
        assertEquals(Arrival.VALUE, pattern.distinctField());
        assertEquals(MatchMode.SKIP_PAST_LAST, pattern.mode());
        assertEquals(pattern.maxEvents(), pattern.maxEventsPerKey());
        assertNull(pattern.filter());
    }

    @Test
    void shouldRefuseMissingParts() {
        assertRefused(
                EventPattern.named("fraud").within(1, SECONDS),
                "conditions=0 (expected: 1 or more); call where(count(type).gt(n))");
        assertRefused(
                EventPattern.named("fraud").where(distinct(Arrival.VALUE).gt(3)),
                "type=null (expected: the type of the events to count); call where(count(type).gt(n))");
        assertRefused(
                EventPattern.named("fraud").where(count(Arrival.TYPE).gt(5)),
                "withinNs=0 (expected: 1 to 1152921504606846976); set within to a positive duration");
    }

    @Test
    void shouldRefuseWithinOutOfRange() {
        assertRefused(
                fraud().within(-1, SECONDS),
                "withinNs=-1000000000 (expected: 1 to 1152921504606846976); set within to a positive duration");
        assertRefused(
                fraud().within(100_000, DAYS),
                "withinNs=8640000000000000000 (expected: 1 to 1152921504606846976);"
                        + " set within to a positive duration");
    }

    @Test
    void shouldRefuseLimitsThatSayNothing() {
        assertRefused(
                fraud().where(count(Arrival.TYPE).gt(-1)),
                "condition=count(Departure(7)).gt(-1) (expected: gt of 0 to 134217728);"
                        + " choose a limit that some events do not reach and some do");
        assertRefused(
                fraud().where(distinct(Arrival.VALUE).ge(0)),
                "condition=distinct(idLo).ge(0) (expected: ge of 1 to 134217728);"
                        + " choose a limit that some events do not reach and some do");
        assertRefused(
                fraud().where(count(Arrival.TYPE).gt(Long.MAX_VALUE)),
                "condition=count(Departure(7)).gt(9223372036854775807) (expected: gt of 0 to 134217728);"
                        + " choose a limit that some events do not reach and some do");
    }

    @Test
    void shouldRefuseMeasuresOfSeveralTypesOrFields() {
        assertRefused(
                fraud().where(count(Arrival.OTHER_TYPE).gt(1)),
                "count(Arrival(8)) (expected: count(Departure(7)), as in another condition);"
                        + " use a pattern for each type");
        assertRefused(
                fraud().where(distinct(RESULT.field("sum")).gt(1)),
                "distinct(sum) of typeId=60001 (expected: a field of Departure(7));"
                        + " take it from the type that is counted");
        assertRefused(
                fraud().where(distinct(Arrival.VALUE).gt(1))
                        .where(distinct(HeaderField.ID_HI).gt(1)),
                "distinct(idHi) (expected: distinct(idLo), as in another condition); use a pattern for each field");
        assertRefused(
                EventPattern.named("fraud")
                        .where(count(RESULT).gt(5))
                        .where(distinct(RESULT.field("avg")).gt(1)),
                "distinct(avg) of type=double (expected: an integer or text);"
                        + " count the distinct values of another field");
    }

    @Test
    void shouldRefuseBoundsThatTheConditionsCannotReach() {
        assertRefused(
                fraud().maxKeys(0), "maxKeys=0 (expected: 1 to 134217728); set how many keys may be live at a time");
        assertRefused(
                fraud().maxEvents(0),
                "maxEvents=0 (expected: 1 to 134217728); set how many events may be live at a time");
        assertRefused(
                fraud().maxEventsPerKey(5),
                "maxEventsPerKey=5 (expected: 6 to 262144); let as many events count as the conditions ask for");
        assertRefused(
                fraud().maxEvents(4),
                "maxEventsPerKey=4 (expected: 6 to 4); let as many events count as the conditions ask for");
    }
}
