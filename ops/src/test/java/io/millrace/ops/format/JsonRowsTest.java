package io.millrace.ops.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.event.EventType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonRowsTest {
    private final EventType type = TestRows.type("Reading");

    private List<String> read(String text) {
        return TestRows.read(
                TestRows.reading().format(TextFormat.JSON_LINES).build(),
                TestRows.input(text),
                event -> type.field("delay").getLong(event) + " "
                        + type.varField("note").text(event));
    }

    @Test
    void shouldTakePropertiesInAnyOrderAndSkipOthers() {
        assertEquals(
                List.of("7 a\nb", "-7 ", "8 "),
                read("\uFEFF{\"note\":\"a\\nb\",\"other\":{\"delay\":9,\"x\":[1,{}]},"
                        + "\"delay\":7,\"code\":\"A\",\"ts\":1}\n"
                        + "  \n\r\n"
                        + "{\"ts\":\"1\",\"delay\":\"-7\",\"code\":\"A\",\"note\":null}\r\n"
                        + "{\"ts\":1,\"delay\":8,\"code\":\"A\"}"));
    }

    @Test
    void shouldFindNestedObjectsAndArraysByPath() {
        EventType everything = TestRows.type("Everything");
        EventMapping mapping = TestRows.reading()
                .format(TextFormat.JSON_LINES)
                .field("delay", "a.b.1")
                .field("code", "a.c")
                .build();

        assertEquals(
                List.of("5"),
                TestRows.read(
                        mapping,
                        TestRows.input("{\"ts\":1,\"a\":{\"b\":[4,5],\"c\":\"C\"}}"),
                        event -> Long.toString(type.field("delay").getLong(event))));
        assertTrue(everything.fieldOrNull("price.mantissa") != null);
    }

    @Test
    void shouldGoOnBehindBadRows() {
        List<String> results = read("[1]\n"
                + "{\"ts\":1,\"delay\":1,\"code\":\"A\"} x\n"
                + "{\"ts\":1,\"delay\":1,\n"
                + "{\"delay\":1,\"delay\":2}\n"
                + "{\"ts\":1,\"delay\":{\"x\":1},\"code\":\"A\"}\n"
                + "{\"ts\":1,\"delay\":[1],\"code\":\"A\"}\n"
                + "{\"ts\":1,\"delay\":true,\"code\":\"A\"}\n"
                + "{\"ts\":1,\"delay\":1.0,\"code\":\"A\"}\n"
                + "{\"ts\":1,\"code\":\"A\"}\n"
                + "{\"ts\":1,\"delay\":9,\"code\":\"A\"}\n");

        assertEquals("row 1: is not a JSON object (expected: one object per line)", results.get(0));
        assertTrue(results.get(1).startsWith("row 2: is not JSON at byte "), results.get(1));
        assertTrue(results.get(2).startsWith("row 3: is not JSON at byte "), results.get(2));
        assertTrue(results.get(3).startsWith("row 4: is not JSON at byte ")
                && results.get(3).contains("Duplicate"));
        assertEquals(
                List.of(
                        "row 5: column delay: value is an object (expected: a single value)",
                        "row 6: column delay: value is an array (expected: a single value)",
                        "row 7: column delay: value \"true\" is not an integer (expected: -32768 to 32767)",
                        "row 8: column delay: value \"1.0\" is not an integer (expected: -32768 to 32767)",
                        "row 9: column delay: value is missing (expected: -32768 to 32767)",
                        "9 "),
                results.subList(4, results.size()));
    }

    @Test
    void shouldRefuseUtf16() {
        assertEquals(
                List.of("row 1: has a zero at byte 1 (expected: JSON in UTF-8)"), read("{\0\"\0t\0s\0\"\0:\0001\0}\0"));
    }

    @Test
    void shouldRefuseTwoObjectsOnALine() {
        assertEquals(
                List.of("row 1: has more behind the object (expected: one object per line)"),
                read("{\"ts\":1,\"delay\":1,\"code\":\"A\"}{}"));
    }

    @Test
    void shouldRefuseMalformedUtf8() throws IOException {
        byte[] bytes = "{\"ts\":1,\"note\":\"?\"}".getBytes(StandardCharsets.US_ASCII);
        bytes[16] = (byte) 0xC3;

        RowError error = TestRows.errors(
                        TestRows.reading().format(TextFormat.JSON_LINES).build(), new ByteArrayInputStream(bytes))
                .get(0);

        assertEquals("row 1: has malformed UTF-8 at byte 16 (expected: UTF-8)", error.message());
        assertArrayEquals(bytes, error.bytes());
    }

    @Test
    void shouldBoundTheLengthOfARow() {
        String row = "{\"ts\":1,\"delay\":1,\"code\":\"A\"}";
        EventMapping mapping = TestRows.reading()
                .format(TextFormat.JSON_LINES)
                .maxRowLength(row.length())
                .build();
        String tooLong = "row 1: is longer than " + row.length() + " bytes (expected: up to that)";

        assertEquals(List.of("ok", "ok"), TestRows.read(mapping, TestRows.input(row + '\n' + row), event -> "ok"));
        assertEquals(List.of(tooLong, "ok"), TestRows.read(mapping, TestRows.input(row + " \n" + row), event -> "ok"));
        assertEquals(
                List.of(tooLong, "ok"),
                TestRows.read(mapping, TestRows.input("x".repeat(300_000) + '\n' + row), event -> "ok"));
    }
}
