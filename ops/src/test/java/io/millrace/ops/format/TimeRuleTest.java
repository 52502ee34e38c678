package io.millrace.ops.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeRuleTest {
    @ParameterizedTest
    @CsvSource({
        "uuuu/MM/dd HH:mm, UTC, 2001/01/01 00:47, 978310020000000000",
        "yyyy/MM/dd HH:mm, '', 2001/01/01 00:47, 978310020000000000",
        "uuuu-MM-dd HH:mm:ss.SSS, Europe/Berlin, 2026-07-01 12:00:00.250, 1782900000250000000",
        "uuuu-MM-dd, +02:00, 1970-01-01, -7200000000000",
        "uuuu-MM-dd HH:mm VV, UTC, 1970-01-01 00:00 -01:00, 3600000000000",
        "iso, UTC, 1970-01-01T00:00:01.000000001, 1000000001",
        "iso, Europe/Berlin, 1970-01-01T00:00:00Z, 0",
        "iso, UTC, 1970-01-01T00:00:00+01:00, -3600000000000",
        "epoch-s, '', 2, 2000000000",
        "epoch-s, '', 1.5, 1500000000",
        "epoch-s, '', -0.000000001, -1",
        "epoch-ms, '', 2, 2000000",
        "epoch-us, '', 2, 2000",
        "epoch-ns, '', 9223372036854775807, 9223372036854775807",
        "epoch-ns, '', -9223372036854775808, -9223372036854775808",
        // Clocks were set back from 3:00 to 2:00: of the two 2:30 the earlier counts, at +02:00.
        "uuuu-MM-dd HH:mm, Europe/Berlin, 2026-10-25 02:30, 1792888200000000000"
    })
    void shouldReadTimes(String pattern, String zone, String text, long expectedNs) throws BadRowException {
        assertEquals(expectedNs, TimeRule.of("t", pattern, zone).parse(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "uuuu/MM/dd | UTC | 2001/02/29 | is not a time (expected: uuuu/MM/dd)",
                "uuuu/MM/dd | UTC | 2001/2/2 | is not a time (expected: uuuu/MM/dd)",
                "HH:mm | UTC | 12:00 | is not a time (expected: HH:mm)",
                "iso | UTC | now | is not a time (expected: iso)",
                "uuuu-MM-dd HH:mm | Europe/Berlin | 2026-03-29 02:30 | does not exist in zone Europe/Berlin",
                "uuuu | UTC | 3000 | is not a time (expected: uuuu)",
                "uuuu-MM-dd | UTC | 3000-01-01 | is out of range (expected: 1677 to 2262, in nanoseconds)",
                "epoch-ns | UTC | 1.5 | is out of range (expected: 1677 to 2262, epoch-ns in whole nanoseconds)",
                "epoch-us | UTC | 9223372036854776 | is out of range (expected: 1677 to 2262,"
                        + " epoch-us in whole nanoseconds)",
                "epoch-s | UTC | 1e999999999 | is out of range (expected: 1677 to 2262, epoch-s in whole nanoseconds)"
            })
    void shouldRefuseWhatIsNoTime(String pattern, String zone, String text, String what) {
        BadRowException e = assertThrows(
                BadRowException.class, () -> TimeRule.of("t", pattern, zone).parse(text));

        assertEquals("value \"" + text + "\" " + what, e.reason());
        assertEquals("t", e.column());
    }

    @Test
    void shouldNotRememberATimeThatWasRefused() throws BadRowException {
        TimeRule rule = TimeRule.of("t", "epoch-ms", "");

        assertEquals(1_000_000, rule.parse("1"));
        assertThrows(BadRowException.class, () -> rule.parse("x"));
        assertEquals(1_000_000, rule.parse("1"));
        assertThrows(BadRowException.class, () -> rule.parse("x"));
    }

    @Test
    void shouldRefuseUnknownPatternsAndZones() {
        assertEquals(
                "cannot use zone: zone=Europe/Berlim (expected: such as UTC, Europe/Berlin, +01:00)",
                assertThrows(IllegalArgumentException.class, () -> TimeRule.of("t", "iso", "Europe/Berlim"))
                        .getMessage());
        assertEquals(
                "cannot use pattern: pattern=bogus (expected: iso, epoch-s, epoch-ms, epoch-us, epoch-ns, or a pattern"
                        + " such as uuuu-MM-dd HH:mm:ss): Unknown pattern letter: b",
                assertThrows(IllegalArgumentException.class, () -> TimeRule.of("t", "bogus", "UTC"))
                        .getMessage());
    }
}
