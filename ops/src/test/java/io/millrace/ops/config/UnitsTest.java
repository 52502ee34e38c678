package io.millrace.ops.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1ns, 1",
        "250ms, 250000000",
        "30 s, 30000000000",
        "30min, 1800000000000",
        "3h, 10800000000000",
        "1_000us, 1000000",
        "106751d, 9223286400000000000"
    })
    void shouldReadDurations(String text, long durationNs) {
        assertEquals(durationNs, Units.parseDurationNs(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "3", "h", "3m", "3 H", "-1s", "1.5h", "106752d", "99999999999999999999s"})
    void shouldRefuseWhatIsNoDuration(String text) {
        assertNull(Units.parseDurationNs(text));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "512B, 512", "64KiB, 65536", "8 MiB, 8388608", "1GiB, 1073741824"})
    void shouldReadSizes(String text, long length) {
        assertEquals(length, Units.parseSize(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "64", "64kb", "64K", "-1B", "8589934592GiB"})
    void shouldRefuseWhatIsNoSize(String text) {
        assertNull(Units.parseSize(text));
    }

    @Test
    void shouldSpellQuantities() {
        assertEquals("90min", Units.duration(5_400_000_000_000L));
        assertEquals("0s", Units.duration(0));
        assertEquals("1ns", Units.duration(1));
        assertEquals("1.5 MiB", Units.size(3 << 19));
        assertEquals("1023 B", Units.size(1023));
    }
}
