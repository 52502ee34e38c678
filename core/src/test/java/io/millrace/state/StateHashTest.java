package io.millrace.state;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StateHashTest {
    private final StateHash hash = new StateHash();

    @ParameterizedTest
    @CsvSource({
        "'', ef46db3751d8e999",
        "a, d24ec4f1a98c6e5b",
        "abc, 44bc2cf5ad770999",
        "Nobody inspects the spammish repetition, fbcea83c8a378bf1"
    })
    void shouldGivePublishedXxh64ValueWhenSeedIsZero(String text, String expected) {
        put(text.getBytes(US_ASCII));

        assertEquals(expected, Long.toHexString(hash.value()));
    }

    @Test
    void shouldGiveSameHashHoweverTheBytesAreCut() {
        byte[] bytes = new byte[10_000];
        new Random(7).nextBytes(bytes);
        put(bytes);
        long whole = hash.value();

        for (int cut = 1; cut < 1_000; cut += 13) {
            hash.reset();
            UnsafeBuffer buffer = new UnsafeBuffer(bytes);
            for (int i = 0; i < bytes.length; i += cut) {
                hash.putBytes(buffer, i, Math.min(cut, bytes.length - i));
            }
            assertEquals(whole, hash.value(), "cut=" + cut);
        }
    }

    @Test
    void shouldHashNumbersAsLittleEndianBytes() {
        hash.putInt(0x04030201);
        hash.putLong(0x0C0B0A0908070605L);
        long numbers = hash.value();

        hash.reset();
        put(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});

        assertEquals(hash.value(), numbers);
    }

    @Test
    void shouldGoOnWhenValueWasAskedInBetween() {
        StateHash asked = new StateHash();
        for (int i = 0; i < 1_000; i++) {
            hash.putInt(i);
            asked.putInt(i);
            asked.value();
        }

        assertEquals(hash.value(), asked.value());
        hash.putInt(0);
        assertNotEquals(hash.value(), asked.value());
    }

    private void put(byte[] bytes) {
        hash.putBytes(new UnsafeBuffer(bytes), 0, bytes.length);
    }
}
