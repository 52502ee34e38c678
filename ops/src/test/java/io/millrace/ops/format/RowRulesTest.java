package io.millrace.ops.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.dedup.ProducerWindows;
import io.millrace.event.PackedText;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ids and keys. The hashes were computed by another implementation, in Python; they must never change. */
class RowRulesTest {
    private static final String FLIGHTS = "date,delay,distance,origin,destination\n"
            + "2001/01/01 00:47,66,1750,DTW,LAS\n2001/01/01 01:10,95,2399,HNL,SFO\n";

    private static List<String> ids(EventMapping.Builder mapping, String text) {
        return TestRows.read(
                mapping.build(), TestRows.input(text), event -> "%016x%016x".formatted(event.idHi(), event.idLo()));
    }

    private static List<String> keys(EventMapping.Builder mapping, String text) {
        return TestRows.read(mapping.build(), TestRows.input(text), event -> Long.toString(event.key()));
    }

    private static EventMapping.Builder flights() {
        return EventMapping.of(TestRows.schema("flights.xml").types().get(0))
                .time(TimeRule.of("date", "uuuu/MM/dd HH:mm", "UTC"));
    }

    @Test
    void shouldHashTheSameForEver() {
        List<String> expected = List.of("6ab4ce90f729b077811aa54e55006484", "85ba88bb237c28e600082fbedd421916");

        assertEquals(expected, ids(flights(), FLIGHTS));
        assertEquals(
                expected,
                ids(flights().id(IdRule.hash(List.of("date", "delay", "distance", "origin", "destination"))), FLIGHTS));
    }

    @Test
    void shouldHashJsonAsTheSameCellsOfCsv() {
        String json = "{\"delay\":66,\"distance\":1750,\"destination\":\"LAS\",\"origin\":\"DTW\","
                + "\"date\":\"2001/01/01 00:47\"}\n";

        assertEquals(List.of("6ab4ce90f729b077811aa54e55006484"), ids(flights().format(TextFormat.JSON_LINES), json));
    }

    @Test
    void shouldTellNullFromEmptyAndOneCellFromAnother() {
        EventMapping.Builder mapping = TestRows.reading().id(IdRule.hash(List.of("a", "b", "c")));

        assertEquals(
                List.of("6af22e2ada058b2b5a2d40d2c24179e6", "bd97139cba1d509aa72005374603b34b"),
                ids(mapping, "ts,delay,code,a,b,c\n1,1,A,a,,\"\"\n1,1,A,a,\"\",\n"));
    }

    @Test
    void shouldTakeUuids() {
        EventMapping.Builder mapping = TestRows.reading().id(IdRule.uuid("u"));
        String text = "ts,delay,code,u\n1,1,A,%s\n";

        assertEquals(
                List.of("0123456789abcdeffedcba9876543210"),
                ids(mapping, text.formatted("01234567-89AB-cdef-fedc-ba9876543210")));
        assertEquals(
                List.of("row 2: column u: value \"1-1-1-1-1\" is not a UUID (expected: 36 characters, 8-4-4-4-12 hex"
                        + " digits)"),
                ids(mapping, text.formatted("1-1-1-1-1")));
        assertEquals(
                List.of("row 2: column u: value is missing (expected: part of the id)"),
                ids(mapping, text.formatted("")));
    }

    @Test
    void shouldTakeProducersAndTheirSequences() {
        EventMapping.Builder mapping = TestRows.reading().id(IdRule.producer("p", "n"));
        String header = "ts,delay,code,p,n\n";
        String gate = "%016x%016x".formatted(ProducerWindows.idHi(PackedText.pack("gate-1") >>> 16, 0), 5);

        assertEquals(
                List.of("00000000000700000000000000000005", "ffffffffffff00007fffffffffffffff", gate),
                ids(mapping, header + "1,1,A,7,5\n1,1,A,281474976710655,9223372036854775807\n1,1,A,gate-1,5\n"));
        assertEquals(
                List.of(
                        "row 2: column p: value \"281474976710656\" is out of range (expected: a producer, text or 0 to"
                                + " 281474976710655)",
                        "row 3: column n: value \"-1\" is not a sequence (expected: 0 to 9223372036854775807)",
                        "row 4: column n: value \"x\" is not a sequence (expected: 0 to 9223372036854775807)",
                        "row 5: column n: value is missing (expected: part of the id)"),
                ids(mapping, header + "1,1,A,281474976710656,1\n1,1,A,7,-1\n1,1,A,7,x\n1,1,A,7,\n"));
        assertNotEquals(ids(mapping, header + "1,1,A,producer-1,1"), ids(mapping, header + "1,1,A,producer-2,1"));
    }

    @Test
    void shouldMakeKeysOfTextThatCanBeShownAgain() {
        KeyNames names = new KeyNames();
        EventMapping.Builder mapping = TestRows.reading().key(KeyRule.text("k")).keyNames(names);

        assertEquals(
                List.of(
                        Long.toString(PackedText.pack("ATL")),
                        Long.toString(PackedText.pack("12345678")),
                        "2525128340616437623",
                        "0"),
                keys(mapping, "ts,delay,code,k\n1,1,A,ATL\n1,1,A,12345678\n1,1,A,Frankfurt am Main\n1,1,A,\n"));
        assertEquals("ATL", names.show(PackedText.pack("ATL")));
        assertEquals("12345678", names.text(PackedText.pack("12345678")));
        assertEquals("Frankfurt am Main", names.show(2525128340616437623L));
        assertEquals("5", names.show(5));
        assertNull(names.text(5));
    }

    @Test
    void shouldHashShortTextToo() {
        KeyNames names = new KeyNames();

        assertEquals(
                List.of("-1555877146905584510"),
                keys(TestRows.reading().key(KeyRule.hash("k")).keyNames(names), "ts,delay,code,k\n1,1,A,ATL\n"));
        assertEquals("ATL", names.show(-1555877146905584510L));
    }

    @Test
    void shouldTakeIntegerKeysAsTheyAre() {
        EventMapping.Builder mapping = TestRows.reading().key(KeyRule.integer("k"));

        assertEquals(
                List.of(
                        "-9223372036854775808",
                        "row 3: column k: value \"x\" is not an integer (expected: a key, 64 bits)",
                        "row 4: column k: value \"9223372036854775808\" is not an integer (expected: a key, 64 bits)"),
                keys(mapping, "ts,delay,code,k\n1,1,A,-9223372036854775808\n1,1,A,x\n1,1,A,9223372036854775808\n"));
    }

    @Test
    void shouldRememberNoMoreTextsThanItIsAllowed() {
        KeyNames names = new KeyNames(1);

        names.add(1, "first");
        names.add(2, "second");

        assertEquals("first", names.show(1));
        assertEquals("2", names.show(2));
    }

    @Test
    void shouldIdentifyABadRowBySourceLineAndBytes() {
        RowError error = new RowError("in.csv", 3, "x", "is wrong", new byte[] {'1', ',', 'x'});

        assertEquals("24cd8d2105ddcd79225db81c49129b61", "%016x%016x".formatted(error.idHi(), error.idLo()));
        assertNotEquals(error.idHi(), new RowError("in.csv", 4, "x", "is wrong", error.bytes()).idHi());
    }

    @Test
    void shouldNameAllThatIsWrongWithAMapping() {
        EventMapping.Builder mapping = EventMapping.of(TestRows.type("Everything"))
                .header(false)
                .maxRowLength(0)
                .field("delay", "d")
                .field("currency", "c")
                .field("sidee", "s");

        assertEquals(6, mapping.problems().size(), mapping.problems().toString());
        assertEquals(
                "cannot map rows: field=delay is unknown in Everything (expected: "
                        + mapping.problems().get(0).replaceAll(".*expected: |\\)$", "")
                        + "); field=currency is constant in Everything (expected: a field of the record);"
                        + " field=sidee is unknown in Everything (expected: side, oside);"
                        + " time is missing (expected: a column and its pattern);"
                        + " columns are missing (expected: their names, as there is no header);"
                        + " maxRowLength=0 (expected: at least 1)",
                assertThrows(IllegalArgumentException.class, mapping::build).getMessage());
    }
}
