package io.millrace.ops.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.TestSeed;
import io.millrace.event.Event;
import io.millrace.event.EventType;
import io.millrace.event.EventTypes;
import io.millrace.event.MutableEvent;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Random values as JSON and as CSV become the same event, whose JSON holds these values. */
class TextRoundTripPropertyTest {
    private static final int ROW_COUNT = 500;

    private static final long SEED = TestSeed.of(TextRoundTripPropertyTest.class);
    private final Random random = new Random(SEED);
    private final ObjectMapper mapper = new ObjectMapper();
    private final EventType type = TestRows.type("Everything");

    @Test
    void shouldKeepValuesFromJsonToEventToJson() throws IOException {
        List<ObjectNode> rows = rows();
        EventMapping mapping = mapping().format(TextFormat.JSON_LINES).build();
        StringBuilder text = new StringBuilder();
        rows.forEach(row -> text.append(row).append('\n'));

        assertEvents(rows, mapping, text.toString());
    }

    @Test
    void shouldKeepValuesFromCsvToEventToJson() throws IOException {
        List<ObjectNode> rows = rows();
        EventMapping mapping = mapping().build();
        List<String> columns = new ArrayList<>();
        rows.get(0).fieldNames().forEachRemaining(columns::add);
        StringBuilder text = new StringBuilder(String.join(",", columns)).append("\r\n");
        for (ObjectNode row : rows) {
            List<String> cells = new ArrayList<>();
            columns.forEach(column -> cells.add(cell(row.get(column))));
            text.append(String.join(",", cells)).append(random.nextBoolean() ? "\r\n" : "\n");
        }

        assertEvents(rows, mapping, text.toString());
    }

    @Test
    void shouldMakeTheSameBytesOfJsonAndCsv() throws IOException {
        ObjectNode row = rows().get(0);
        String header = "";
        String cells = "";
        for (String name : names(row)) {
            header += (header.isEmpty() ? "" : ",") + name;
            cells += (cells.isEmpty() ? "" : ",") + cell(row.get(name));
        }

        byte[] fromCsv = payload(mapping().build(), header + '\n' + cells);
        byte[] fromJson = payload(mapping().format(TextFormat.JSON_LINES).build(), row.toString());

        assertTrue(Arrays.equals(fromCsv, fromJson), "seed " + SEED);
    }

    private byte[] payload(EventMapping mapping, String text) throws IOException {
        MutableEvent event = MutableEvent.allocate(TestRows.MAX_PAYLOAD_LENGTH);
        try (RowReader reader = RowReader.open(TestRows.input(text), "in", mapping)) {
            assertTrue(reader.next(event));
            assertNull(reader.error());
        }
        byte[] bytes = new byte[event.payloadLength()];
        event.buffer().getBytes(Event.HEADER_LENGTH, bytes);
        return bytes;
    }

    private void assertEvents(List<ObjectNode> rows, EventMapping mapping, String text) throws IOException {
        MutableEvent event = MutableEvent.allocate(TestRows.MAX_PAYLOAD_LENGTH);
        EventJson json = new EventJson(EventTypes.of(List.of(type)), new KeyNames(), false);
        try (RowReader reader = RowReader.open(TestRows.input(text), "in", mapping)) {
            for (ObjectNode row : rows) {
                assertTrue(reader.next(event), "seed " + SEED);
                assertNull(reader.error(), "seed " + SEED);
                assertTrue(type.isValid(event), "seed " + SEED);
                JsonNode written = mapper.readTree(json.text(event));
                ObjectNode expected = row.deepCopy();
                assertEquals(expected.remove("ts"), written.get("timestampNs"), "seed " + SEED);
                expected.put("currency", "USD");
                assertSame(expected, (ObjectNode) written.get("fields"));
            }
            assertTrue(!reader.next(event));
        }
    }

    private void assertSame(ObjectNode expected, ObjectNode actual) {
        assertEquals(new TreeSet<>(names(expected)), new TreeSet<>(names(actual)), "seed " + SEED);
        for (String name : names(expected)) {
            assertEquals(expected.get(name).asText(), actual.get(name).asText(), name + ", seed " + SEED);
        }
    }

    private static List<String> names(ObjectNode row) {
        List<String> names = new ArrayList<>();
        row.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private EventMapping.Builder mapping() {
        return EventMapping.of(type).time(TimeRule.of("ts", "epoch-ns", ""));
    }

    private List<ObjectNode> rows() {
        List<ObjectNode> rows = new ArrayList<>();
        for (int i = 0; i < ROW_COUNT; i++) {
            rows.add(row());
        }
        return rows;
    }

    private ObjectNode row() {
        ObjectNode row = mapper.createObjectNode();
        row.put("ts", random.nextLong());
        row.put("i8", number(-128, 127));
        row.put("i16", number(-32768, 32767));
        row.put("i32", number(Integer.MIN_VALUE, Integer.MAX_VALUE));
        row.put("i64", number(Long.MIN_VALUE, Long.MAX_VALUE));
        row.put("u8", number(0, 255));
        row.put("u16", number(0, 65535));
        row.put("u32", number(0, 4294967295L));
        row.put("u64", unsigned(random.nextLong()));
        row.put("f32", random.nextFloat() * 1000);
        row.put("f64", random.nextGaussian());
        row.put("c", String.valueOf((char) number('!', '~')));
        orNull(row, "oi8", number(-127, 127));
        orNull(row, "oi16", number(1, 10));
        orNull(row, "oi32", number(-Integer.MAX_VALUE, Integer.MAX_VALUE));
        orNull(row, "oi64", number(-Long.MAX_VALUE, Long.MAX_VALUE));
        orNull(row, "ou64", number(0, Long.MAX_VALUE));
        orNull(row, "of64", random.nextGaussian());
        orNull(row, "of32", 0.5);
        orNull(row, "oc", "x");
        row.put("text", text(5, "ABC,\"x \n"));
        orNull(row, "otext", "t" + text(2, "é,\"\n"));
        row.put("pair.0", random.nextLong());
        row.put("pair.1", random.nextLong());
        row.put("price.mantissa", random.nextLong());
        row.put("price.exponent", number(-128, 127));
        row.put("side", random.nextBoolean() ? "BUY" : "SELL");
        orNull(row, "oside", random.nextBoolean() ? "BUY" : "SELL");
        row.put("flags", number(0, 65535));
        row.put("note", text(50, "é𝄞,\"\r\n\\ab\t"));
        row.put("blob", "AQID".repeat(random.nextInt(80)));
        return row;
    }

    /** Limits come up often. */
    private long number(long min, long max) {
        return switch (random.nextInt(4)) {
            case 0 -> min;
            case 1 -> max;
            default -> max - min < 0 ? random.nextLong() : min + (long) (random.nextDouble() * (max - min));
        };
    }

    private void orNull(ObjectNode row, String name, Object value) {
        row.set(name, mapper.valueToTree(random.nextInt(3) == 0 ? null : value));
    }

    private String text(int maxLength, String alphabet) {
        int[] letters = alphabet.codePoints().toArray();
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(maxLength + 1); length > 0; length--) {
            text.appendCodePoint(letters[random.nextInt(letters.length)]);
        }
        return text.toString();
    }

    private static BigInteger unsigned(long value) {
        return new BigInteger(Long.toUnsignedString(value));
    }

    /** {@return a cell, quoted if it has to be and sometimes if not} */
    private String cell(JsonNode value) {
        if (value.isNull()) {
            return "";
        }
        String text = value.asText();
        boolean isQuoted = text.isEmpty() || text.matches("(?s).*[,\"\r\n].*") || random.nextBoolean();
        return isQuoted ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }
}
