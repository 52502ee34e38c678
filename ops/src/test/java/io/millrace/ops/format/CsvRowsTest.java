package io.millrace.ops.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.event.EventType;
import io.millrace.event.MutableEvent;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class CsvRowsTest {
    private final EventType type = TestRows.type("Reading");
    private final Function<MutableEvent, String> note =
            event -> type.varField("note").text(event);

    private List<String> notes(String text) {
        return TestRows.read(TestRows.reading().build(), TestRows.input(text), note);
    }

    @Test
    void shouldTakeQuotesCommasAndLineEndsOutOfCells() {
        assertEquals(
                List.of("plain", "a,b", "a\nb", "a\r\nb", "say \"hi\"", "\"", "", ""),
                notes("ts,delay,code,note\n"
                        + "1,2,A,plain\n"
                        + "1,2,A,\"a,b\"\n"
                        + "1,2,A,\"a\nb\"\n"
                        + "1,2,A,\"a\r\nb\"\r\n"
                        + "1,2,A,\"say \"\"hi\"\"\"\n"
                        + "1,2,A,\"\"\"\"\n"
                        + "1,2,A,\"\"\n"
                        + "1,2,A,"));
    }

    @Test
    void shouldSkipByteOrderMarkAndEmptyLinesAndTakeBothLineEnds() {
        assertEquals(
                List.of("x", "y", "é", "z"),
                notes("\uFEFFts,delay,code,note\r\n\r\n1,2,A,x\r\n\n\n1,2,A,y\n1,2,A,é\r\n1,2,A,z\r"));
    }

    @Test
    void shouldFindColumnsByTheHeaderInAnyOrder() {
        assertEquals(
                List.of("n-7"),
                TestRows.read(
                        TestRows.reading().field("note", "remark").build(),
                        TestRows.input("remark,ignored,delay,\"code\",ts\nn,?,-7,ABC,5\n"),
                        event -> type.varField("note").text(event)
                                + type.field("delay").getLong(event)));
    }

    @Test
    void shouldTakeColumnsFromTheMappingWhenThereIsNoHeader() {
        EventMapping mapping = TestRows.reading()
                .header(false)
                .columns(List.of("delay", "note", "code", "ts"))
                .build();

        assertEquals(
                List.of("first", "second"), TestRows.read(mapping, TestRows.input("1,first,A,0\n2,second,A,0"), note));
    }

    @Test
    void shouldTellNullFromEmptyText() {
        assertEquals(
                List.of("row 2: column code: value is missing (expected: up to 5 bytes of US-ASCII)", "ok"),
                TestRows.read(
                        TestRows.reading().build(),
                        TestRows.input("ts,delay,code\n1,2,\n1,2,\"\"\n"),
                        event -> type.field("code").text(event).isEmpty() ? "ok" : "?"));
    }

    @Test
    void shouldGoOnBehindBadRows() {
        assertEquals(
                List.of(
                        "good",
                        "row 3: has 5 columns (expected: 4)",
                        "row 4: has 3 columns (expected: 4)",
                        "row 5: has a quote inside a value without quotes (expected: the value in quotes, its quotes"
                                + " doubled)",
                        "row 6: has text behind a closing quote (expected: a comma or the end of the row)",
                        "row 7: has text behind a closing quote (expected: a comma or the end of the row)",
                        "good"),
                notes("ts,delay,code,note\n"
                        + "1,2,A,good\n"
                        + "1,2,A,b,\n"
                        + "1,2,A\n"
                        + "1,2,A,5\" pipe\n"
                        + "1,2,A,\"x\"y\n"
                        + "1,2,A,\"two\nlines\"y\n"
                        + "1,2,A,good\n"));
    }

    @Test
    void shouldLoseOnlyTheFirstLineToAQuoteThatIsNotClosed() {
        assertEquals(
                List.of("row 2: has a quote that is not closed (expected: a closing quote)", "good", "good"),
                notes("ts,delay,code,note\n1,2,A,\"open\n1,2,A,good\n1,2,A,good\n"));
    }

    @Test
    void shouldNameTheColumnWithMalformedUtf8() throws IOException {
        byte[] bytes = "ts,delay,code,note\n1,2,A,ab?d\n1,2,A,good".getBytes(StandardCharsets.US_ASCII);
        bytes[27] = (byte) 0xFF;

        List<RowError> errors = TestRows.errors(TestRows.reading().build(), new ByteArrayInputStream(bytes));

        assertEquals(1, errors.size());
        assertEquals(
                "row 2: column note: value has malformed UTF-8 at byte 2 (expected: UTF-8)",
                errors.get(0).message());
        assertEquals((byte) 0xFF, errors.get(0).bytes()[8]);
        assertEquals(10, errors.get(0).bytes().length);
    }

    @Test
    void shouldBoundTheLengthOfARow() {
        EventMapping mapping = TestRows.reading().maxRowLength(20).build();
        String header = "ts,delay,code,note\n";
        String atLimit = "1,2,A," + "x".repeat(14);
        String tooLong = "row 2: is longer than 20 bytes (expected: up to that)";

        assertEquals(
                List.of("x".repeat(14), "g"),
                TestRows.read(mapping, TestRows.input(header + atLimit + "\n1,2,A,g"), note));
        assertEquals(
                List.of("x".repeat(14), "g"),
                TestRows.read(mapping, TestRows.input(header + atLimit + "\r\n1,2,A,g"), note));
        assertEquals(
                List.of(tooLong, "g"), TestRows.read(mapping, TestRows.input(header + atLimit + "x\n1,2,A,g"), note));
        assertEquals(List.of(tooLong), TestRows.read(mapping, TestRows.input(header + atLimit + "x"), note));
        assertEquals(
                List.of(tooLong, "g"),
                TestRows.read(mapping, TestRows.input(header + ",".repeat(21) + "\n1,2,A,g"), note));
        assertEquals(
                List.of(tooLong, "g"),
                TestRows.read(mapping, TestRows.input(header + "1,2,A," + "x".repeat(500_000) + "\n1,2,A,g"), note));
        assertEquals(
                List.of(tooLong, "row 3: has 1 columns (expected: 4)", "g"),
                TestRows.read(mapping, TestRows.input(header + "1,2,A,\"xxxxx\nxxxxxxxxxxx\n1,2,A,g"), note));
    }

    @Test
    void shouldKeepTheBytesOfABadRow() throws IOException {
        List<RowError> errors = TestRows.errors(
                TestRows.reading().maxRowLength(30).build(),
                TestRows.input("ts,delay,code,note\r\n1,x,A,\"a\nb\"\r\n1,2\r\n1,2,A,\"" + "y".repeat(50) + "\r\n1"));

        assertArrayEquals(
                "1,x,A,\"a\nb\"".getBytes(StandardCharsets.US_ASCII),
                errors.get(0).bytes());
        assertArrayEquals(
                "1,2".getBytes(StandardCharsets.US_ASCII), errors.get(1).bytes());
        assertArrayEquals(
                ("1,2,A,\"" + "y".repeat(23)).getBytes(StandardCharsets.US_ASCII),
                errors.get(2).bytes());
        assertArrayEquals("1".getBytes(StandardCharsets.US_ASCII), errors.get(3).bytes());
        assertEquals(
                List.of(2L, 4L, 5L, 6L),
                errors.stream().map(RowError::lineNumber).toList());
    }

    @Test
    void shouldReadTheSameWhateverTheInputGivesAtATime() throws IOException {
        String text = "ts,delay,code,note\r\n1,2,A,\"a\"\"\r\nb\"\r\n1,2,A,é\r\n1,x,A,q\r\n" + "1,2,A,last";
        for (int length = 1; length < 20; length++) {
            InputStream input = new TricklingInput(text.getBytes(StandardCharsets.UTF_8), length);

            assertEquals(
                    List.of(
                            "a\"\r\nb",
                            "é",
                            "row 5: column delay: value \"x\" is not an integer (expected: -32768 to" + " 32767)",
                            "last"),
                    TestRows.read(TestRows.reading().build(), input, note));
        }
    }

    @Test
    void shouldRefuseAnInputWhoseHeaderDoesNotServe() {
        assertHeaderRefused(
                "is empty (expected: a header row); if it has none, set input.header: false and input.columns", "");
        assertHeaderRefused(": header names column 2 \"ts\" (expected: names, each once)", "ts,ts\n");
        assertHeaderRefused(": header names column 2 \"\" (expected: names, each once)", "ts,,x\n");
        assertHeaderRefused(": header has a quote that is not closed (expected: a closing quote)", "ts,\"delay\n1,2\n");
        assertHeaderRefused(
                " has no column delay for field delay (expected: delya); name the column to use", "ts,delya,code\n");
        assertHeaderRefused(
                " has no column ts for time (expected: delay, code); name the column to use", "delay,code\n");
    }

    private static void assertHeaderRefused(String message, String text) {
        String expected = message.startsWith(":") ? message : message.stripLeading();
        InputException e = assertThrows(
                InputException.class,
                () -> RowReader.open(
                        TestRows.input(text), "in.csv", TestRows.reading().build()));

        assertEquals(
                "cannot read input: source=in.csv" + (expected.startsWith(":") ? "" : " ") + expected, e.getMessage());
    }

    /** Gives a few bytes at a time. */
    private static final class TricklingInput extends ByteArrayInputStream {
        private final int maxLength;

        TricklingInput(byte[] bytes, int maxLength) {
            super(bytes);
            this.maxLength = maxLength;
        }

        @Override
        public synchronized int read(byte[] target, int offset, int length) {
            return super.read(target, offset, Math.min(length, maxLength));
        }
    }
}
