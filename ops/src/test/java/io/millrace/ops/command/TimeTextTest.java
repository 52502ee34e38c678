package io.millrace.ops.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class TimeTextTest {
    @ParameterizedTest
    @CsvSource({
        "2001-01-01, 2001-01-01T00:00:00Z",
        "2001-01-01T00:47, 2001-01-01T00:47:00Z",
        "2001-01-01 00:47:30.5, 2001-01-01T00:47:30.500Z",
        "2001-01-01T00:47:30+01:00, 2000-12-31T23:47:30Z",
        "1969-12-31T23:59:59.999999999Z, 1969-12-31T23:59:59.999999999Z"
    })
    void shouldReadTimesAndWriteThemInUtc(String text, String written) {
        assertEquals(written, TimeText.of(new TimeText().convert(text)));
    }

    @Test
    void shouldReadTimesRelativeToNow() {
        long difference = new TimeText().convert("now") - new TimeText().convert("now-15min");

        assertTrue(Math.abs(difference - 900_000_000_000L) < 60_000_000_000L, () -> difference + " ns");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yesterday", "2001-02-30", "now15min", "now-15", "3000-01-01", "2001-01-01T25:00"})
    void shouldRefuseWhatIsNoTime(String text) {
        TypeConversionException refused =
                assertThrows(TypeConversionException.class, () -> new TimeText().convert(text));

        assertEquals(
                "'" + text + "' is not a time (expected: such as 2001-01-01, 2001-01-01T00:47:30Z, now-15min)",
                refused.getMessage());
    }
}
