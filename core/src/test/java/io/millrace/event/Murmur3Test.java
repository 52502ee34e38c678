package io.millrace.event;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The values are those of other implementations: published ones, and one written in Python for this test. */
class Murmur3Test {
    @ParameterizedTest
    @CsvSource({
        "'', 0000000000000000, 0000000000000000",
        "hello, cbd8a7b341bd9b02, 5b1e906a48ae1d19",
        "The quick brown fox jumps over the lazy dog, e34bbc7bbc071b6c, 7a433ca9c49a9347"
    })
    void shouldGiveThePublishedValues(String text, String hi, String lo) {
        UnsafeBuffer buffer = new UnsafeBuffer(("??" + text).getBytes(StandardCharsets.US_ASCII));

        assertEquals(Long.parseUnsignedLong(hi, 16), Murmur3.hi(buffer, 2, text.length()));
        assertEquals(Long.parseUnsignedLong(lo, 16), Murmur3.lo(buffer, 2, text.length()));
    }

    @Test
    void shouldGiveTheSameForEveryLengthUpToFourBlocks() {
        long fold = 0;
        for (int length = 0; length <= 64; length++) {
            byte[] bytes = new byte[length];
            for (int i = 0; i < length; i++) {
                bytes[i] = (byte) (i * 37 + length);
            }
            UnsafeBuffer buffer = new UnsafeBuffer(bytes);
            fold = fold * 31 + Murmur3.hi(buffer, 0, length);
            fold = fold * 31 + Murmur3.lo(buffer, 0, length);
        }

        assertEquals(0xA13B1991901F5A24L, fold);
    }
}
