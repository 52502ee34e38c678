package io.millrace.ops.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What users read about a value that does not become a field. The messages are API. */
class BadValueTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "delay | abc | is not an integer | -32768 to 32767",
                "delay | 1.5 | is not an integer | -32768 to 32767",
                "delay | - | is not an integer | -32768 to 32767",
                "delay | +1 | is not an integer | -32768 to 32767",
                "delay | 32768 | is out of range | -32768 to 32767",
                "delay | -32769 | is out of range | -32768 to 32767",
                "delay | 99999999999999999999 | is out of range | -32768 to 32767",
                "delay | `` | is missing | -32768 to 32767",
                "small | 11 | is out of range | -10 to 10",
                "small | 0 | stands for null | another value, -10 to 10",
                "big | -1 | is out of range | 0 to 18446744073709551614",
                "big | 18446744073709551615 | is out of range | 0 to 18446744073709551614",
                "big | 18446744073709551616 | is out of range | 0 to 18446744073709551614",
                "limited | 9223372036854775808 | is out of range | -9223372036854775807 to 9223372036854775807",
                "ratio | NaN | is not a number | -3.4028235E38 to 3.4028235E38",
                "ratio | 1d | is not a number | -3.4028235E38 to 3.4028235E38",
                "ratio | 1e39 | is out of range | -3.4028235E38 to 3.4028235E38",
                "letter | ab | is not a character | one character of ASCII",
                "letter | é | is not a character | one character of ASCII",
                "code | ABCDEF | is too long: 6 bytes | up to 5 bytes of US-ASCII",
                "code | é | has a character that US-ASCII text does not hold | up to 5 bytes of US-ASCII",
                "side | BUI | is unknown | BUY",
                "side | 1 | is unknown | BUY, SELL",
                "blob | ?? | is not base64 | bytes in base64",
                "ts | 12:00 | is not a time | epoch-ms",
                "ts | `` | is missing | epoch-ms",
                "ts | 9223372036855 | is out of range | 1677 to 2262, epoch-ms in whole nanoseconds"
            })
    void shouldSayWhatIsWrongWithTheValue(String column, String value, String what, String expected) {
        String header = "ts,delay,small,big,ratio,letter,code,side,limited,blob";
        List<String> cells = new ArrayList<>();
        for (String name : header.split(",")) {
            String good = name.equals("ts") || name.equals("delay") ? "1" : name.equals("code") ? "A" : "";
            cells.add(name.equals(column) ? value : good);
        }
        String row = String.join(",", cells);

        List<String> results =
                TestRows.read(TestRows.reading().build(), TestRows.input(header + '\n' + row + '\n'), event -> "taken");

        String shown = value.isEmpty() ? "" : '"' + value + "\" ";
        assertEquals(
                List.of("row 2: column " + column + ": value " + shown + what + " (expected: " + expected + ')'),
                results);
    }

    @Test
    void shouldTakeTheLimitsThemselves() {
        assertEquals(
                List.of("taken", "taken"),
                TestRows.read(
                        TestRows.reading().build(),
                        TestRows.input("ts,delay,small,big,ratio,letter,code,side,limited,note\n"
                                + "9223372036854,32767,10,18446744073709551614,3.4028235E38,~,ABCDE,SELL,"
                                + "9223372036854775807," + "x".repeat(300) + "\n"
                                + "-9223372036854,-32768,-10,0,-3.4028235e+38,!,A,BUY,-9223372036854775807,\n"),
                        event -> "taken"));
    }

    @Test
    void shouldRefuseVarDataThatIsTooLong() {
        assertEquals(
                List.of("row 2: column note: value \"" + "x".repeat(64)
                        + "...\" is too long: 301 bytes (expected: up to" + " 300)"),
                TestRows.read(
                        TestRows.reading().build(),
                        TestRows.input("ts,delay,code,note\n1,1,A," + "x".repeat(301)),
                        event -> "taken"));
    }

    @Test
    void shouldShowAValueOnOneLine() {
        assertEquals(
                List.of("row 2: column delay: value \"a?b\" is not an integer (expected: -32768 to 32767)"),
                TestRows.read(
                        TestRows.reading().build(), TestRows.input("ts,delay,code\n1,\"a\nb\",A"), event -> "taken"));
    }
}
