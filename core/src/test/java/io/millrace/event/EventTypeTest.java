package io.millrace.event;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class EventTypeTest {
    private static final String TYPES = """
            <type name="Code" primitiveType="char" length="5" characterEncoding="US-ASCII"/>
            <type name="Opt" primitiveType="int16" presence="optional"/>
            <type name="Usd" primitiveType="char" length="3" presence="constant">USD</type>
            <type name="Uuid" primitiveType="int64" length="2"/>
            <composite name="price">
              <type name="mantissa" primitiveType="int64"/>
              <type name="exponent" primitiveType="int8" presence="constant">-2</type>
            </composite>
            <enum name="Side" encodingType="uint8">
              <validValue name="BUY">1</validValue><validValue name="SELL">2</validValue>
            </enum>
            <set name="Flags" encodingType="uint8"><choice name="hot">0</choice><choice name="cold">3</choice></set>
            <composite name="leg"><type name="count" primitiveType="uint8"/><ref name="paid" type="price"/>
              <ref name="side" type="Side"/><type name="last" primitiveType="int8" offset="12"/></composite>
            """;
    private static final String FIELDS = """
            <field name="code" id="1" type="Code"/>
            <field name="delay" id="2" type="Opt"/>
            <field name="currency" id="3" type="Usd"/>
            <field name="uuid" id="4" type="Uuid"/>
            <field name="leg" id="5" type="leg"/>
            <field name="side" id="6" type="Side" presence="optional"/>
            <field name="fixed" id="7" type="Side" presence="constant" valueRef="Side.SELL"/>
            <field name="flags" id="8" type="Flags"/>
            <field name="ratio" id="9" type="double" presence="optional" offset="40"/>
            <data name="note" id="20" type="varText"/>
            <data name="blob" id="21" type="varBytes"/>
            """;

    private final EventType type = TestSchemas.type(3, TYPES, FIELDS);
    private final MutableEvent event = MutableEvent.allocate(256);

    @Test
    void shouldTakeCompositesAndArraysApartInOrder() {
        assertEquals(
                List.of(
                        "code",
                        "delay",
                        "currency",
                        "uuid.0",
                        "uuid.1",
                        "leg.count",
                        "leg.paid.mantissa",
                        "leg.paid.exponent",
                        "leg.side",
                        "leg.last",
                        "side",
                        "fixed",
                        "flags",
                        "ratio"),
                type.fields().stream().map(Field::name).toList());
        assertEquals(
                List.of("note", "blob"),
                type.varFields().stream().map(VarField::name).toList());
        assertEquals(48, type.blockLength());
        assertEquals(8 + 48 + 2 + 4, type.encodedLength());
    }

    @Test
    void shouldWriteTheBytesThatAnSbeEncoderWrites() {
        type.encode(event);
        type.field("code").putText(event, "ATL");
        type.field("delay").putLong(event, -2);
        type.field("uuid.0").putLong(event, 1);
        type.field("uuid.1").putLong(event, 2);
        type.field("leg.count").putLong(event, 255);
        type.field("leg.paid.mantissa").putLong(event, 12345);
        type.field("leg.side").putLong(event, 2);
        type.field("leg.last").putLong(event, -1);
        type.field("side").putLong(event, 1);
        type.field("flags").putLong(event, 9);
        type.field("ratio").putDouble(event, 0.5);
        type.varField("note").put(event, "hé");
        type.varField("blob").put(event, new UnsafeBuffer(new byte[] {7}), 0, 1);

        // Laid out by hand from the schema above, not by any code of ours.
        String expected = "3000" + "0100" + "0700" + "0300" // blockLength 48, template 1, schema 7, version 3
                + "41544c0000" // code, at 0
                + "feff" // delay, at 5
                + "0100000000000000" + "0200000000000000" // uuid, at 7
                + "ff" + "3930000000000000" + "02" + "0000" + "ff" // leg, at 23: last at its offset 12
                + "01" // side, at 36
                + "09" // flags, at 37
                + "0000" // up to ratio at 40
                + "000000000000e03f"
                + "0300" + "68c3a9" // note
                + "01000000" + "07"; // blob
        assertEquals(expected, payload());
        assertEquals(1, event.typeId());
        assertEquals(3, event.schemaVersion());
        assertTrue(type.isValid(event));
    }

    @Test
    void shouldReadTheBytesThatAnSbeEncoderWrites() {
        write("3000010007000300" + "41544c0000feff01000000000000000200000000000000ff393000000000000002"
                + "0000ff01090000000000000000e03f0300" + "68c3a9" + "0100000007");

        assertTrue(type.isValid(event));
        assertEquals("ATL", type.field("code").text(event));
        assertEquals(3, type.field("code").textLength(event));
        assertEquals(PackedText.pack("ATL"), type.field("code").getLong(event));
        assertEquals(-2, type.field("delay").getLong(event));
        assertEquals(-2.0, type.field("delay").getDouble(event));
        assertEquals("USD", type.field("currency").text(event));
        assertEquals(2, type.field("uuid.1").getLong(event));
        assertEquals(255, type.field("leg.count").getLong(event));
        assertEquals(12345, type.field("leg.paid.mantissa").getLong(event));
        assertEquals(-2, type.field("leg.paid.exponent").getLong(event));
        assertEquals(2, type.field("leg.side").getLong(event));
        assertEquals(-1, type.field("leg.last").getLong(event));
        assertEquals(
                "BUY",
                type.field("side").enumeration().nameOf(type.field("side").getLong(event)));
        assertEquals(2, type.field("fixed").getLong(event));
        assertEquals(9, type.field("flags").getLong(event));
        assertEquals(0.5, type.field("ratio").getDouble(event));
        assertEquals("hé", type.varField("note").text(event));
        assertEquals(3, type.varField("note").length(event));
        assertEquals(1, type.varField("blob").length(event));
        assertEquals(7, event.buffer().getByte(type.varField("blob").offset(event)));
    }

    @Test
    void shouldReadBehindAnExtensionBlock() {
        event.flags(Event.EXTENDED).payloadLength(16);
        event.buffer().putInt(Event.HEADER_LENGTH, 16, Event.ORDER);

        type.encode(event);
        type.field("delay").putLong(event, 12);
        type.varField("note").put(event, "x");

        assertEquals(Event.HEADER_LENGTH + 16, event.payloadOffset());
        assertEquals(16 + type.encodedLength() + 1, event.payloadLength());
        assertEquals(12, type.field("delay").getLong(event));
        assertEquals("x", type.varField("note").text(event));
        assertTrue(type.isValid(event));
    }

    @Test
    void shouldEncodeOptionalFieldsAsNullAndVarDataAsEmpty() {
        event.buffer().setMemory(0, event.buffer().capacity(), (byte) 0x55);
        event.flags(0);

        type.encode(event);

        assertTrue(type.field("delay").isNull(event));
        assertTrue(type.field("side").isNull(event));
        assertTrue(type.field("ratio").isNull(event));
        assertFalse(type.field("leg.side").isNull(event));
        assertEquals("", type.field("code").text(event));
        assertEquals(0, type.field("uuid.0").getLong(event));
        assertEquals(0, type.varField("note").length(event));
        assertEquals(0, type.varField("blob").length(event));
        assertTrue(type.isValid(event));
    }

    @Test
    void shouldEmptyLaterVarDataWhenAnEarlierOneIsPut() {
        type.encode(event);
        type.varField("blob").put(event, "abc");
        type.varField("note").put(event, "n");

        assertEquals("n", type.varField("note").text(event));
        assertEquals("", type.varField("blob").text(event));
        assertEquals(type.encodedLength() + 1, event.payloadLength());
    }

    @Test
    void shouldRefuseVarDataThatHasNoRoom() {
        MutableEvent small = type.encode(MutableEvent.allocate(type.encodedLength() + 2));
        int room = small.buffer().capacity() - Event.HEADER_LENGTH - type.encodedLength();

        type.varField("note").put(small, "x".repeat(room));
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> type.varField("note").put(small, "x".repeat(room + 1)));

        assertEquals(
                "cannot put field: note.length=" + (room + 1) + " (expected: 0 to " + room + " bytes)", e.getMessage());
    }

    @Test
    void shouldRefuseVarDataLongerThanTheSchemaAllows() {
        MutableEvent large = type.encode(MutableEvent.allocate(4096));

        type.varField("blob").put(large, "x".repeat(1000));
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> type.varField("blob").put(large, "x".repeat(1001)));

        assertEquals("cannot put field: blob.length=1001 (expected: 0 to 1000 bytes)", e.getMessage());
    }

    @Test
    void shouldRefuseToEncodeIntoAShortRecord() {
        MutableEvent small = MutableEvent.allocate(type.encodedLength() - 8);

        assertThrows(IllegalArgumentException.class, () -> type.encode(small));
    }

    @Test
    void shouldNameNearFieldsWhenOneIsUnknown() {
        SchemaException e = assertThrows(SchemaException.class, () -> type.field("dealy"));

        assertEquals("unknown field: type=M, field=dealy (expected: delay)", e.getMessage());
        assertNull(type.fieldOrNull("dealy"));
        assertThrows(SchemaException.class, () -> type.varField("nota"));
    }

    @Test
    void shouldTellBrokenPayloadsFromWholeOnes() {
        type.encode(event);
        type.varField("note").put(event, "abc");
        assertTrue(type.isValid(event));

        for (int payloadLength = 0; payloadLength < type.encodedLength() + 3; payloadLength++) {
            event.payloadLength(payloadLength);
            assertFalse(type.isValid(event), "payloadLength=" + payloadLength);
        }
    }

    @Test
    void shouldCallAMessageOfAnotherHeaderInvalid() {
        assertTrue(type.isValid(type.encode(event)));

        assertFalse(type.isValid(type.encode(event).typeId(2)));
        assertFalse(type.isValid(type.encode(event).schemaVersion(2)));
        for (int at = 0; at < 8; at++) {
            type.encode(event);
            int offset = Event.HEADER_LENGTH + at;
            event.buffer().putByte(offset, (byte) (event.buffer().getByte(offset) ^ 0x10));
            assertFalse(type.isValid(event), "byte " + at);
        }
    }

    @Test
    void shouldCallAHugeVarDataLengthAbsent() {
        type.encode(event);
        event.buffer().putInt(Event.HEADER_LENGTH + 8 + 48 + 2, -1, Event.ORDER);

        assertFalse(type.isValid(event));
        assertEquals(-1, type.varField("blob").length(event));
        assertEquals(-1, type.varField("blob").offset(event));
    }

    @Test
    void shouldAcceptAnyPayloadOfAnOpaqueType() {
        EventType opaque = EventType.opaque(9, "Raw");

        event.typeId(9).payloadLength(3);

        assertTrue(opaque.isValid(event));
        assertTrue(opaque.isOpaque());
        assertArrayEquals(new Object[0], opaque.fields().toArray());
        assertThrows(SchemaException.class, () -> EventType.opaque(0, "Raw"));
        assertThrows(SchemaException.class, () -> EventType.opaque(60_000, "Raw"));
    }

    private void write(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        event.typeId(1).schemaVersion(3).payload(new UnsafeBuffer(bytes), 0, bytes.length);
    }

    private String payload() {
        byte[] bytes = new byte[event.payloadLength()];
        event.buffer().getBytes(Event.HEADER_LENGTH, bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
