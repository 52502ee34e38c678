package io.millrace.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchemaTest {
    private static final String FIELD = "<field name=\"x\" id=\"1\" type=\"int8\"/>";

    @Test
    void shouldGiveItsTypesInTheOrderOfTheirIds() {
        Schema schema = TestSchemas.parse(TestSchemas.xml(
                4, "", TestSchemas.message("Second", 59_999, FIELD) + TestSchemas.message("First", 1, FIELD)));

        assertEquals(7, schema.id());
        assertEquals(4, schema.version());
        assertEquals("test.xml", schema.sourceName());
        assertEquals(
                List.of("First(1)", "Second(59999)"),
                schema.types().stream().map(EventType::toString).toList());
    }

    @Test
    void shouldRefuseAnIdOutOfRange() {
        for (int id : new int[] {0, 60_000, 65_535}) {
            assertRefused(
                    "message=M, id=" + id + " (expected: 1 to 59999); choose another id",
                    TestSchemas.xml(0, "", TestSchemas.message("M", id, FIELD)));
        }
    }

    @Test
    void shouldRefuseBigEndian() {
        String xml = TestSchemas.xml(
                "id=\"7\" version=\"0\" byteOrder=\"bigEndian\"",
                TestSchemas.HEADER,
                TestSchemas.message("M", 1, FIELD));

        assertRefused("byteOrder=bigEndian (expected: littleEndian); records are little endian", xml);
    }

    @Test
    void shouldRefuseAnotherHeader() {
        String expected =
                "messageHeader has other fields (expected: uint16 blockLength, templateId, schemaId, version);"
                        + " use the standard header";
        String header = TestSchemas.HEADER;
        for (String other : new String[] {
            header.replace("name=\"schemaId\" primitiveType=\"uint16\"", "name=\"schemaId\" primitiveType=\"uint32\""),
            header.replace("</composite>", "<type name=\"more\" primitiveType=\"uint16\"/></composite>"),
            header.replace("name=\"blockLength\"", "name=\"swap\"")
                    .replace("name=\"templateId\"", "name=\"blockLength\"")
                    .replace("name=\"swap\"", "name=\"templateId\""),
            header.replace("name=\"schemaId\"", "name=\"schemaId\" offset=\"8\"")
        }) {
            assertRefused(
                    expected,
                    TestSchemas.xml(
                            "id=\"7\" version=\"0\" byteOrder=\"littleEndian\"",
                            other,
                            TestSchemas.message("M", 1, FIELD)));
        }
    }

    @Test
    void shouldRefuseRepeatingGroups() {
        String dimensions =
                "<composite name=\"groupSizeEncoding\"><type name=\"blockLength\" primitiveType=\"uint16\"/>"
                        + "<type name=\"numInGroup\" primitiveType=\"uint16\"/></composite>";
        String group = "<group name=\"legs\" id=\"2\" dimensionType=\"groupSizeEncoding\">" + FIELD + "</group>";

        assertRefused(
                "message=M, legs is a repeating group (expected: fields and data);"
                        + " make its entries events of their own",
                TestSchemas.xml(0, dimensions, TestSchemas.message("M", 1, FIELD.replace("\"x\"", "\"y\"") + group)));
    }

    @Test
    void shouldRefuseAnUnknownCharacterEncoding() {
        assertRefused(
                "message=M, characterEncoding=KLINGON is unknown (expected: a charset's name); use UTF-8",
                TestSchemas.xml(
                        0,
                        "<type name=\"T\" primitiveType=\"char\" length=\"3\" characterEncoding=\"KLINGON\"/>",
                        TestSchemas.message("M", 1, "<field name=\"t\" id=\"1\" type=\"T\"/>")));
    }

    @Test
    void shouldRefuseASchemaWithoutMessages() {
        assertRefused("messages=0 (expected: at least 1); define a message", TestSchemas.xml(0, "", ""));
    }

    @Test
    void shouldSayWhatSbeFoundAndWhere() {
        SchemaException unknownType = assertThrows(
                SchemaException.class,
                () -> TestSchemas.parse(TestSchemas.xml(
                        0, "", TestSchemas.message("M", 1, "<field name=\"x\" id=\"1\" type=\"nope\"/>"))));
        SchemaException malformed = assertThrows(SchemaException.class, () -> TestSchemas.parse("<a>\n<b></a>"));
        SchemaException entity =
                assertThrows(SchemaException.class, () -> TestSchemas.parse("<!DOCTYPE a SYSTEM \"x\"><a/>"));

        assertEquals(
                "cannot use schema: source=test.xml: ERROR: at <sbe:message name=\"M\"> <field name=\"x\"> could not"
                        + " find type: nope (expected: an SBE message schema)",
                unknownType.getMessage());
        assertTrue(malformed.getMessage().startsWith("cannot use schema: source=test.xml:2:"), malformed.getMessage());
        assertTrue(entity.getMessage().contains("DOCTYPE"), entity.getMessage());
    }

    @Test
    void shouldReportAStreamThatFails() {
        InputStream failing = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("gone");
            }
        };

        assertEquals(
                "cannot read schema: source=s.xml: gone",
                assertThrows(SchemaException.class, () -> Schema.parse(failing, "s.xml"))
                        .getMessage());
    }

    @Test
    void shouldKnowTheOutputsOfThePipeline() {
        Schema outputs = Schema.outputs();

        assertEquals(6000, outputs.id());
        assertEquals(
                List.of("WindowResult(60001)", "Match(60002)", "LateEvent(60003)", "PatternMatch(60004)"),
                outputs.types().stream().map(EventType::toString).toList());
        assertEquals(
                List.of("startNs", "endNs", "count", "sum", "min", "max", "avg", "revision"),
                outputs.types().get(0).fields().stream().map(Field::name).toList());
        assertEquals(60, outputs.types().get(0).blockLength());
    }

    @Test
    void shouldFindTypesOfSeveralSchemasByIdAndName() {
        Schema schema = schema("A", 1);
        EventTypes types = EventTypes.of(schema, Schema.outputs()).with(EventType.opaque(59_999, "Raw"));

        assertSame(schema.types().get(0), types.byId(1));
        assertSame(schema.types().get(0), types.byName("A"));
        assertTrue(types.isKnown(60_001));
        assertTrue(types.isKnown(59_999));
        assertFalse(types.isKnown(0));
        assertFalse(types.isKnown(2));
        assertFalse(types.isKnown(65_535));
        assertNull(types.byId(257));
        assertNull(types.byNameOrNull("B"));
        assertEquals(6, types.all().size());
        assertEquals(
                "unknown event type: type=Mach (expected: Match)",
                assertThrows(SchemaException.class, () -> types.byName("Mach")).getMessage());
    }

    @Test
    void shouldRefuseTypesThatShareIdOrName() {
        assertEquals(
                "cannot use event types: B(1) of schema 7 has the id of A(1) (expected: ids and names used once);"
                        + " rename or renumber one of them",
                assertThrows(SchemaException.class, () -> EventTypes.of(schema("A", 1), schema("B", 1)))
                        .getMessage());
        assertEquals(
                "cannot use event types: A(2) of schema 7 has the name of A(1) (expected: ids and names used once);"
                        + " rename or renumber one of them",
                assertThrows(SchemaException.class, () -> EventTypes.of(schema("A", 1), schema("A", 2)))
                        .getMessage());
    }

    private static Schema schema(String name, int id) {
        return TestSchemas.parse(TestSchemas.xml(0, "", TestSchemas.message(name, id, FIELD)));
    }

    private static void assertRefused(String what, String xml) {
        assertEquals(
                "cannot use schema: source=test.xml: " + what,
                assertThrows(SchemaException.class, () -> TestSchemas.parse(xml))
                        .getMessage());
    }
}
