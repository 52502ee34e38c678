package io.millrace.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

final class Xxh64Test {
    @Test
    void shouldGiveTheHashesOfTheReferenceProgram() {
        assertEquals(0xEF46DB3751D8E999L, hash("", 0));
        assertEquals(0xD24EC4F1A98C6E5BL, hash("a", 0));
        assertEquals(0x44BC2CF5AD770999L, hash("abc", 0));
        assertEquals(0x0B242D361FDA71BCL, hash("The quick brown fox jumps over the lazy dog", 0));
    }

    @Test
    void shouldGiveWhatTheHashPieceByPieceGives() {
        byte[] bytes = new byte[200];
        new Random(7).nextBytes(bytes);
        UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        for (int length = 0; length <= 200; length++) {
            StateHash pieces = new StateHash();
            pieces.putBytes(buffer, 0, length);

            assertEquals(pieces.value(), Xxh64.hash(buffer, 0, length, 0), "length=" + length);
        }
    }

    @Test
    void shouldDependOnTheSeed() {
        assertNotEquals(hash("abc", 1), hash("abc", 2));
    }

    private static long hash(String text, long seed) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return Xxh64.hash(new UnsafeBuffer(bytes), 0, bytes.length, seed);
    }
}
