package io.millrace.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every primitive type, between two neighbours that no write may touch. */
class FieldLimitsTest {
    private final MutableEvent event = MutableEvent.allocate(64);

    @ParameterizedTest
    @CsvSource({
        "int8, -128, 127, -128",
        "int16, -32768, 32767, -32768",
        "int32, -2147483648, 2147483647, -2147483648",
        "uint8, 0, 255, 255",
        "uint16, 0, 65535, 65535",
        "uint32, 0, 4294967295, 4294967295",
        "char, 0, 255, 0"
    })
    void shouldHoldItsRangeAndRefuseWhatIsBeside(String name, long min, long max, long nullValue) {
        EventType type = type(name, "required");
        EventType optionalType = type(name, "optional");

        for (long value : new long[] {min, min + 1, max - 1, max}) {
            assertRoundTrip(type, value);
            assertFalse(type.field("x").isNull(event), () -> "required, " + value);
            assertRoundTrip(optionalType, value);
            assertEquals(value == nullValue, optionalType.field("x").isNull(event), () -> "optional, " + value);
        }
        assertRefused(type, min - 1);
        assertRefused(type, max + 1);
    }

    @Test
    void shouldHoldEveryInt64() {
        EventType type = type("int64", "required");

        for (long value : new long[] {Long.MIN_VALUE, -1, 0, 1, Long.MAX_VALUE}) {
            assertRoundTrip(type, value);
            assertEquals((double) value, type.field("x").getDouble(event));
            assertFalse(type.field("x").isNull(event));
        }
        assertRoundTrip(type("int64", "optional"), Long.MIN_VALUE);
        assertTrue(type("int64", "optional").field("x").isNull(event));
    }

    @Test
    void shouldTakeTheBitsOfUint64AsUnsigned() {
        EventType type = type("uint64", "required");

        assertRoundTrip(type, -1);
        assertEquals(0x1p64, type.field("x").getDouble(event));
        assertRoundTrip(type, Long.MIN_VALUE);
        assertEquals(0x1p63, type.field("x").getDouble(event));
        assertRoundTrip(type, Long.MAX_VALUE);
        assertRoundTrip(type, 0);
        assertEquals(0.0, type.field("x").getDouble(event));
        assertRoundTrip(type("uint64", "optional"), -1);
        assertTrue(type("uint64", "optional").field("x").isNull(event));
    }

    @Test
    void shouldRoundGreatUnsignedNumbersToTheNearestDouble() {
        EventType type = type("uint64", "required");

        for (String text : new String[] {"9223372036854776833", "9223372036854776832", "18446744073709549567"}) {
            assertRoundTrip(type, Long.parseUnsignedLong(text));
            assertEquals(new BigDecimal(text).doubleValue(), type.field("x").getDouble(event), text);
        }
    }

    @Test
    void shouldHoldFloatsAndDoubles() {
        EventType doubles = type("double", "required");
        EventType floats = type("float", "required");

        for (double value : new double[] {-Double.MAX_VALUE, Double.MIN_VALUE, -0.0, 0.1, Double.POSITIVE_INFINITY}) {
            put(doubles, value);
            assertEquals(value, doubles.field("x").getDouble(event));
        }
        for (float value : new float[] {-Float.MAX_VALUE, Float.MIN_VALUE, 0.1f}) {
            put(floats, value);
            assertEquals(value, (float) floats.field("x").getDouble(event));
        }
        put(doubles, Double.NaN);
        assertFalse(doubles.field("x").isNull(event));
        put(type("double", "optional"), Double.NaN);
        assertTrue(type("double", "optional").field("x").isNull(event));
    }

    @Test
    void shouldTakeLongsIntoFloatingFieldsOnlyIfTheyStayExact() {
        EventType floats = type("float", "required");

        assertThrows(UnsupportedOperationException.class, () -> encode(floats).putLong(event, (1 << 24) + 1));
        encode(floats).putLong(event, 1 << 24);
        assertEquals(1 << 24, floats.field("x").getDouble(event));
    }

    @Test
    void shouldUseTheNullValueOfTheSchema() {
        EventType type = TestSchemas.type(
                0,
                "<type name=\"Opt\" primitiveType=\"int32\" presence=\"optional\" nullValue=\"-7\"/>"
                        + "<type name=\"Rate\" primitiveType=\"float\" presence=\"optional\" nullValue=\"0.1\"/>",
                "<field name=\"x\" id=\"1\" type=\"Opt\"/><field name=\"rate\" id=\"2\" type=\"Rate\"/>");

        type.encode(event);
        assertEquals(-7, type.field("x").getLong(event));
        assertTrue(type.field("x").isNull(event));
        assertTrue(Double.isNaN(type.field("x").getDouble(event)));
        assertEquals(0.1f, event.buffer().getFloat(Event.HEADER_LENGTH + 12, Event.ORDER));
        assertTrue(type.field("rate").isNull(event));

        type.field("x").putLong(event, Integer.MIN_VALUE);
        assertFalse(type.field("x").isNull(event));
        type.field("x").putNull(event);
        assertTrue(type.field("x").isNull(event));
    }

    @Test
    void shouldHoldTextUpToItsLength() {
        EventType type = TestSchemas.type(
                0,
                "<type name=\"Text\" primitiveType=\"char\" length=\"10\" characterEncoding=\"UTF-8\"/>"
                        + "<type name=\"OptText\" primitiveType=\"char\" length=\"3\" presence=\"optional\"/>",
                "<field name=\"x\" id=\"1\" type=\"Text\"/><field name=\"opt\" id=\"2\" type=\"OptText\"/>");
        Field field = type.field("x");

        type.encode(event);
        field.putText(event, "ééééé");
        assertEquals("ééééé", field.text(event));
        assertEquals(10, field.textLength(event));
        assertEquals(Murmur3.hi(event.buffer(), field.textOffset(event), 10), field.getLong(event));
        assertEquals(
                "cannot put field: x.length=11 (expected: 0 to 10 bytes)",
                assertThrows(IllegalArgumentException.class, () -> field.putText(event, "ééééé."))
                        .getMessage());
        field.putText(event, "short");
        assertEquals("short", field.text(event));
        assertEquals(PackedText.pack("short"), field.getLong(event));
        field.putText(event, "");
        assertEquals(0, field.textLength(event));
        assertFalse(field.isNull(event));
        assertTrue(type.field("opt").isNull(event));
        assertEquals(-1, type.field("opt").textLength(event));
        type.field("opt").putText(event, "ABC");
        assertEquals("ABC", type.field("opt").text(event));
        type.field("opt").putNull(event);
        assertTrue(type.field("opt").isNull(event));
    }

    @Test
    void shouldRefuseAccessThatTheTypeDoesNotHave() {
        Field integer = type("int8", "required").field("x");
        Field floating = type("double", "required").field("x");

        assertUnsupported("field=x has no text (type int8)", () -> integer.text(event));
        assertUnsupported("field=x takes no double (type int8)", () -> integer.putDouble(event, 1));
        assertUnsupported("field=x is required and takes no null (type int8)", () -> integer.putNull(event));
        assertUnsupported("field=x has no long, read a double (type double)", () -> floating.getLong(event));
    }

    private static void assertUnsupported(String message, Runnable access) {
        assertEquals(
                message,
                assertThrows(UnsupportedOperationException.class, access::run).getMessage());
    }

    private void assertRoundTrip(EventType type, long value) {
        encode(type).putLong(event, value);

        assertEquals(value, type.field("x").getLong(event));
        assertEquals(0x5A, type.field("before").getLong(event));
        assertEquals(0x5B, type.field("after").getLong(event));
    }

    private void put(EventType type, double value) {
        encode(type).putDouble(event, value);
    }

    private void assertRefused(EventType type, long value) {
        Field field = encode(type);

        assertEquals(
                "cannot put field: x=" + value + " (expected: " + field.type().minValue() + " to "
                        + field.type().maxValue() + ')',
                assertThrows(IllegalArgumentException.class, () -> field.putLong(event, value))
                        .getMessage());
    }

    private Field encode(EventType type) {
        event.buffer().setMemory(Event.HEADER_LENGTH, 64, (byte) 0x77);
        type.encode(event);
        type.field("before").putLong(event, 0x5A);
        type.field("after").putLong(event, 0x5B);
        return type.field("x");
    }

    private static EventType type(String primitive, String presence) {
        return TestSchemas.type(
                0,
                "<type name=\"X\" primitiveType=\"" + primitive + "\" presence=\"" + presence + "\"/>",
                "<field name=\"before\" id=\"1\" type=\"uint8\"/><field name=\"x\" id=\"2\" type=\"X\"/>"
                        + "<field name=\"after\" id=\"3\" type=\"uint8\"/>");
    }
}
