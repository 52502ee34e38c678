package io.millrace.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Writers and readers of different versions of one schema. */
class SchemaEvolutionTest {
    private static final String TYPES = """
            <type name="Code" primitiveType="char" length="2"/>
            <type name="Fixed" primitiveType="int8" presence="constant">5</type>
            """;
    private static final String FIRST_FIELDS = "<field name=\"amount\" id=\"1\" type=\"int32\"/>";
    private static final String LATER_FIELDS = """
            <field name="tax" id="2" type="int32" sinceVersion="1"/>
            <field name="count" id="3" type="uint8" sinceVersion="1"/>
            <field name="rate" id="4" type="double" sinceVersion="1"/>
            <field name="code" id="5" type="Code" sinceVersion="1"/>
            <field name="fixed" id="6" type="Fixed" sinceVersion="1"/>
            """;
    private static final String FIRST_DATA = "<data name=\"note\" id=\"20\" type=\"varText\"/>";
    private static final String LATER_DATA = "<data name=\"remark\" id=\"21\" type=\"varText\" sinceVersion=\"1\"/>";

    private final EventType older = TestSchemas.type(0, TYPES, FIRST_FIELDS + FIRST_DATA);
    private final EventType newer = TestSchemas.type(1, TYPES, FIRST_FIELDS + LATER_FIELDS + FIRST_DATA + LATER_DATA);
    private final MutableEvent event = MutableEvent.allocate(128);

    @Test
    void shouldReadFieldsOfALaterVersionAsNull() {
        older.encode(event);
        older.field("amount").putLong(event, 77);
        older.varField("note").put(event, "n".repeat(60));

        assertTrue(newer.isValid(event));
        assertEquals(77, newer.field("amount").getLong(event));
        assertEquals("n".repeat(60), newer.varField("note").text(event));
        for (String name : new String[] {"tax", "count", "rate", "code", "fixed"}) {
            assertTrue(newer.field(name).isNull(event), name);
        }
        assertEquals(Integer.MIN_VALUE, newer.field("tax").getLong(event));
        assertTrue(Double.isNaN(newer.field("tax").getDouble(event)));
        assertEquals(255, newer.field("count").getLong(event));
        assertTrue(Double.isNaN(newer.field("rate").getDouble(event)));
        assertNull(newer.field("code").text(event));
        assertEquals(-128, newer.field("fixed").getLong(event));
        assertEquals(-1, newer.varField("remark").length(event));
        assertNull(newer.varField("remark").text(event));
    }

    @Test
    void shouldReadALongerBlockOfALaterVersion() {
        newer.encode(event);
        newer.field("amount").putLong(event, -1);
        newer.varField("note").put(event, "note");
        newer.varField("remark").put(event, "remark");

        assertTrue(older.isValid(event));
        assertEquals(-1, older.field("amount").getLong(event));
        assertEquals("note", older.varField("note").text(event));
    }

    @Test
    void shouldReadFieldsBeyondAShorterBlockAsNull() {
        newer.encode(event);
        newer.field("tax").putLong(event, 3);
        newer.field("count").putLong(event, 4);
        event.buffer().putShort(Event.HEADER_LENGTH, (short) 8, Event.ORDER);

        assertFalse(newer.field("tax").isNull(event));
        assertTrue(newer.field("count").isNull(event));
        assertFalse(newer.isValid(event), "a block of this version has to hold its fields");
    }

    @Test
    void shouldSayNoToAConditionOnAnAbsentField() {
        older.encode(event);

        assertFalse(newer.field("tax").ne(0).test(event));
        assertFalse(newer.field("tax").eq(Integer.MIN_VALUE).test(event));
        assertFalse(newer.field("count").ge(0).test(event));
        assertFalse(newer.field("rate").conditions().ne(1.0).test(event));
        assertFalse(newer.field("code").conditions().ne("x").test(event));
        assertFalse(newer.field("fixed").eq(5).test(event));
        assertTrue(newer.field("fixed").eq(5).test(newer.encode(event)));
    }
}
