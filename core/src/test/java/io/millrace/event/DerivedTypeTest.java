package io.millrace.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.expression.Expression;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class DerivedTypeTest {
    private final MutableEvent event = MutableEvent.allocate(256);

    private static DerivedType revenue() {
        return DerivedType.named("revenue")
                .field("startNs", FieldType.INT64)
                .field("items", FieldType.INT32)
                .field("average", FieldType.DOUBLE)
                .text("currency", 3);
    }

    @Test
    void shouldLayFieldsOutInOrderAsSbeDoes() {
        EventType type = revenue().build();
        type.encode(event);
        type.field("startNs").putLong(event, 7);
        type.field("items").putLong(event, -2);
        type.field("average").putDouble(event, 0.5);
        type.field("currency").putText(event, "€");

        byte[] payload = new byte[event.payloadLength()];
        event.buffer().getBytes(Event.HEADER_LENGTH, payload);
        String header = HexFormat.of().withUpperCase().toHexDigits(Short.reverseBytes((short) 23))
                + HexFormat.of().withUpperCase().toHexDigits(Short.reverseBytes((short) type.id()))
                + HexFormat.of().withUpperCase().toHexDigits(Short.reverseBytes((short) type.schemaId()))
                + "0000";
        assertEquals(
                header + "0700000000000000" + "FEFFFFFF" + "000000000000E03F" + "E282AC",
                HexFormat.of().withUpperCase().formatHex(payload));
        assertTrue(type.isValid(event));
    }

    @Test
    void shouldBeNullWhereNothingWasPut() {
        EventType type = revenue().build();
        type.encode(event);

        for (Field field : type.fields()) {
            assertTrue(field.isNull(event), field.name());
        }
        assertNull(type.field("currency").text(event));
    }

    @Test
    void shouldServeExpressions() {
        EventType type = revenue().build();
        type.encode(event);
        type.field("items").putLong(event, 3);

        assertTrue(Expression.parse("items * 2 == 6 and average is null and currency is null", type)
                .condition()
                .test(event));
    }

    @Test
    void shouldTakeIdsFromNamesAlone() {
        assertEquals(62_969, DerivedType.idOf("revenue"));
        assertEquals(62_969, revenue().build().id());
        assertTrue(revenue().build().isDerived());
        assertFalse(EventType.opaque(1, "bytes").isDerived());
        for (int i = 0; i < 10_000; i++) {
            int id = DerivedType.idOf("stream-" + i);
            assertTrue(id >= SystemTypes.DERIVED_ID_MIN && id <= 0xFFFF, "id=" + id);
        }
    }

    @Test
    void shouldNotReadRecordsOfEarlierFields() {
        EventType before = revenue().build();
        EventType after = revenue().field("more", FieldType.INT8).build();
        before.encode(event);

        assertNotEquals(before.schemaId(), after.schemaId());
        assertTrue(before.isValid(event));
        assertFalse(after.isValid(event));
    }

    @Test
    void shouldCopyAFieldAsItIs() {
        EventType source = TestSchemas.type(
                0,
                "<type name=\"Opt\" primitiveType=\"int16\" presence=\"optional\" nullValue=\"-9\"/>"
                        + "<enum name=\"Side\" encodingType=\"uint8\"><validValue name=\"BUY\">1</validValue></enum>",
                "<field name=\"delay\" id=\"1\" type=\"Opt\"/><field name=\"side\" id=\"2\" type=\"Side\"/>");
        EventType type = DerivedType.named("copy")
                .like("late", source.field("delay"))
                .like("way", source.field("side"))
                .like("key", HeaderField.KEY)
                .build();
        type.encode(event);

        assertTrue(type.field("late").isNull(event));
        assertEquals(-9, type.field("late").getLong(event));
        assertFalse(type.field("way").isOptional());
        assertTrue(
                Expression.parse("way == 'BUY'", type).condition().test(put(type, "way", 1)),
                "the names of values too");
        assertFalse(type.field("key").isNull(event));
    }

    private MutableEvent put(EventType type, String field, long value) {
        type.field(field).putLong(event, value);
        return event;
    }

    @Test
    void shouldRefuseTwoNamesOfOneId() {
        EventType first =
                DerivedType.named("stream-51").field("a", FieldType.INT8).build();
        String other = sameId(first);
        EventType second = DerivedType.named(other).field("a", FieldType.INT8).build();

        SchemaException e = assertThrows(SchemaException.class, () -> EventTypes.of(List.of(first, second)));

        assertEquals(
                "cannot use event types: " + other + '(' + first.id() + ") of an operator has the id of stream-51("
                        + first.id() + ") (expected: ids and names used once); rename one of them, as the id of a"
                        + " derived type comes from its name",
                e.getMessage());
    }

    private static String sameId(EventType type) {
        int i = 0;
        while (DerivedType.idOf("other-" + i) != type.id()) {
            i++;
        }
        return "other-" + i;
    }

    @Test
    void shouldLeaveDerivedTypesOutOfTheLayoutsOfASnapshot() {
        EventTypes types = EventTypes.of(List.of(revenue().build()));

        assertEquals(1, types.all().size());
        assertEquals(List.of(), types.layouts());
    }

    @Test
    void shouldRefuse() {
        refuse(
                "cannot build event type: name=\" \" (expected: 1 to 128 characters, not blank); give it the name of"
                        + " the operator",
                () -> DerivedType.named(" "));
        refuse(
                "cannot build event type: name=x, fields=0 (expected: at least 1); add a field",
                () -> DerivedType.named("x").build());
        refuse(
                "cannot build event type: name=x, field=1a: its name (expected: letters, digits, _ and inner dots, no"
                        + " digit first); rename it",
                () -> DerivedType.named("x").field("1a", FieldType.INT8));
        refuse(
                "cannot build event type: name=x, field=a: its name (expected: each name once); rename one of the two",
                () -> DerivedType.named("x").field("a", FieldType.INT8).field("a", FieldType.INT16));
        refuse(
                "cannot build event type: name=x, field=a: type=text (expected: a type with a fixed length); add it"
                        + " with text(name, length)",
                () -> DerivedType.named("x").field("a", FieldType.TEXT));
        refuse(
                "cannot build event type: name=x, field=a: length=0 (expected: 1 to 65535); set the most bytes it may"
                        + " take",
                () -> DerivedType.named("x").text("a", 0));
        DerivedType full = DerivedType.named("x").text("a", 65_535);
        refuse(
                "cannot build event type: name=x, field=b: blockLength=65536 (expected: up to 65535); leave fields out"
                        + " or shorten texts",
                () -> full.field("b", FieldType.INT8));
        assertEquals(65_535, full.build().blockLength());
    }

    private static void refuse(String message, Runnable call) {
        assertEquals(message, assertThrows(SchemaException.class, call::run).getMessage());
    }
}
