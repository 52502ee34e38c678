package io.millrace.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.TestSeed;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ConditionsTest {
    private final EventType type = TestSchemas.type(
            0,
            "<type name=\"Opt\" primitiveType=\"int16\" presence=\"optional\"/>"
                    + "<type name=\"Code\" primitiveType=\"char\" length=\"3\"/>"
                    + "<enum name=\"Side\" encodingType=\"uint8\"><validValue name=\"BUY\">1</validValue></enum>",
            "<field name=\"delay\" id=\"1\" type=\"Opt\"/><field name=\"big\" id=\"2\" type=\"uint64\"/>"
                    + "<field name=\"i\" id=\"3\" type=\"int64\"/><field name=\"d\" id=\"4\" type=\"double\"/>"
                    + "<field name=\"code\" id=\"5\" type=\"Code\"/><field name=\"side\" id=\"6\" type=\"Side\"/>");
    private final MutableEvent event = type.encode(MutableEvent.allocate(64));

    @Test
    void shouldReadAsAComparison() {
        Field delay = type.field("delay");

        assertEquals("delay == 20", delay.eq(20).toString());
        assertEquals("delay != 20", delay.ne(20).toString());
        assertEquals("delay < -20", delay.lt(-20).toString());
        assertEquals("delay <= 20", delay.le(20).toString());
        assertEquals("delay > 20", delay.gt(20).toString());
        assertEquals("delay >= 20", delay.ge(20).toString());
        assertEquals("d >= 0.5", type.field("d").conditions().ge(0.5).toString());
        assertEquals(
                "code == \"ATL\"", type.field("code").conditions().eq("ATL").toString());
        assertEquals("side != BUY", type.field("side").ne(1).toString());
        assertEquals("big > 18446744073709551614", type.field("big").gt(-2).toString());
        assertEquals("key >= 0", HeaderField.KEY.ge(0).toString());
    }

    @Test
    void shouldCompareLongsAsTheOperatorsDo() {
        long[] values = {Long.MIN_VALUE, Long.MIN_VALUE + 1, -1, 0, 1, 20, Long.MAX_VALUE - 1, Long.MAX_VALUE};
        Field field = type.field("i");
        for (long value : values) {
            field.putLong(event, value);
            for (long operand : values) {
                assertEquals(value == operand, field.eq(operand).test(event), value + " == " + operand);
                assertEquals(value != operand, field.ne(operand).test(event), value + " != " + operand);
                assertEquals(value < operand, field.lt(operand).test(event), value + " < " + operand);
                assertEquals(value <= operand, field.le(operand).test(event), value + " <= " + operand);
                assertEquals(value > operand, field.gt(operand).test(event), value + " > " + operand);
                assertEquals(value >= operand, field.ge(operand).test(event), value + " >= " + operand);
            }
        }
    }

    @Test
    void shouldCompareUint64AsUnsigned() {
        long[] values = {0, 1, Long.MAX_VALUE, Long.MIN_VALUE, -2, -1};
        Field field = type.field("big");
        for (long value : values) {
            field.putLong(event, value);
            for (long operand : values) {
                int order = Long.compareUnsigned(value, operand);
                assertEquals(order == 0, field.eq(operand).test(event));
                assertEquals(order != 0, field.ne(operand).test(event));
                assertEquals(order < 0, field.lt(operand).test(event), field.lt(operand) + " of " + value);
                assertEquals(order <= 0, field.le(operand).test(event));
                assertEquals(order > 0, field.gt(operand).test(event), field.gt(operand) + " of " + value);
                assertEquals(order >= 0, field.ge(operand).test(event));
            }
        }
    }

    @Test
    void shouldCompareDoublesAsTheOperatorsDo() {
        double[] values = {
            Double.NEGATIVE_INFINITY, -1.5, -0.0, 0.0, Double.MIN_VALUE, 0.1, 20, Double.POSITIVE_INFINITY, Double.NaN
        };
        Field field = type.field("d");
        for (double value : values) {
            field.putDouble(event, value);
            for (double operand : values) {
                if (!Double.isNaN(operand)) {
                    Conditions on = field.conditions();
                    assertEquals(value == operand, on.eq(operand).test(event));
                    assertEquals(
                            value < operand || value > operand, on.ne(operand).test(event));
                    assertEquals(value < operand, on.lt(operand).test(event), value + " < " + operand);
                    assertEquals(value <= operand, on.le(operand).test(event));
                    assertEquals(value > operand, on.gt(operand).test(event), value + " > " + operand);
                    assertEquals(value >= operand, on.ge(operand).test(event));
                }
            }
        }
        field.putDouble(event, 20);
        assertTrue(field.ge(20).test(event));
        assertFalse(field.gt(20).test(event));
    }

    @Test
    void shouldNeverHoldOfNull() {
        Field delay = type.field("delay");

        assertTrue(delay.isNull(event));
        for (long operand : new long[] {Short.MIN_VALUE, 0, Long.MIN_VALUE, Long.MAX_VALUE}) {
            assertFalse(delay.eq(operand).test(event));
            assertFalse(delay.ne(operand).test(event));
            assertFalse(delay.lt(operand).test(event));
            assertFalse(delay.le(operand).test(event));
            assertFalse(delay.gt(operand).test(event));
            assertFalse(delay.ge(operand).test(event));
        }
    }

    @Test
    void shouldNeverHoldOfAnEventOfAnotherType() {
        type.field("delay").putLong(event, 20);
        assertTrue(type.field("delay").ge(20).test(event));

        event.typeId(2).key(5);

        assertFalse(type.field("delay").ge(20).test(event));
        assertFalse(type.field("delay").ne(7).test(event));
        assertFalse(type.field("d").conditions().ne(7.0).test(event));
        assertFalse(type.field("code").conditions().ne("x").test(event));
        assertTrue(HeaderField.KEY.eq(5).test(event));
        assertTrue(HeaderField.TYPE_ID.eq(2).test(event));
    }

    @Test
    void shouldCompareText() {
        Conditions code = type.field("code").conditions();
        type.field("code").putText(event, "AT");

        assertTrue(code.eq("AT").test(event));
        assertFalse(code.eq("ATL").test(event));
        assertFalse(code.eq("A").test(event));
        assertFalse(code.eq("").test(event));
        assertTrue(code.ne("ATL").test(event));
        assertFalse(code.ne("AT").test(event));
        type.field("code").putText(event, "ATL");
        assertTrue(code.eq("ATL").test(event));
        assertFalse(code.eq("ATM").test(event));
    }

    @Test
    void shouldRefuseOperandsThatDoNotFitTheField() {
        assertThrows(
                UnsupportedOperationException.class, () -> type.field("code").eq(1));
        assertThrows(
                UnsupportedOperationException.class,
                () -> type.field("i").conditions().eq("x"));
        assertEquals(
                "cannot compare field: field=i of type int64, value=0.5 (expected: a number, a long for integers)",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> type.field("i").conditions().gt(0.5))
                        .getMessage());
        assertThrows(
                IllegalArgumentException.class,
                () -> type.field("d").conditions().gt(Double.NaN));
        assertEquals(
                "cannot compare field: field=d, value=9007199254740993 (expected: a long that a double holds exactly);"
                        + " use the variant for doubles",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> type.field("d").gt((1L << 53) + 1))
                        .getMessage());
    }

    @Test
    void shouldReadAndWriteTheHeader() {
        long seed = TestSeed.of(ConditionsTest.class);
        Random random = new Random(seed);
        event.clearHeader()
                .sequence(random.nextLong())
                .id(random.nextLong(), random.nextLong())
                .key(random.nextLong())
                .timestampNs(random.nextLong())
                .ingestTimeNs(random.nextLong())
                .sourceId(random.nextInt())
                .typeId(40_000);

        assertEquals(event.sequence(), HeaderField.SEQUENCE.getLong(event), "seed " + seed);
        assertEquals(event.idHi(), HeaderField.ID_HI.getLong(event));
        assertEquals(event.idLo(), HeaderField.ID_LO.getLong(event));
        assertEquals(event.key(), HeaderField.KEY.getLong(event));
        assertEquals(event.timestampNs(), HeaderField.TIMESTAMP_NS.getLong(event));
        assertEquals(event.ingestTimeNs(), HeaderField.INGEST_TIME_NS.getLong(event));
        assertEquals(event.sourceId(), HeaderField.SOURCE_ID.getLong(event));
        assertEquals(40_000, HeaderField.TYPE_ID.getLong(event));
        for (HeaderField field : HeaderField.ALL) {
            assertEquals(field, HeaderField.named(field.name()));
            field.putLong(event, 77);
            assertEquals(77, field.getLong(event), field.name());
            assertFalse(field.isNull(event));
        }
        assertEquals(77, event.sourceId());
        assertThrows(IllegalArgumentException.class, () -> HeaderField.SOURCE_ID.putLong(event, 1L << 31));
    }
}
