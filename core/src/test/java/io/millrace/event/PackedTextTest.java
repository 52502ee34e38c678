package io.millrace.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackedTextTest {
    @Test
    void shouldPutTheFirstByteHighest() {
        assertEquals(0x41544C0000000000L, PackedText.pack("ATL"));
        assertEquals(0, PackedText.pack(""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"A", "ATL", "KJFK", "12345678", "a b~! x "})
    void shouldGiveBackWhatWasPacked(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);

        assertEquals(text, PackedText.unpack(PackedText.pack(text)));
        assertEquals(PackedText.pack(text), PackedText.pack(new UnsafeBuffer(bytes), 0, bytes.length));
        assertEquals(PackedText.pack(text), PackedText.code(new UnsafeBuffer(bytes), 0, bytes.length));
    }

    @Test
    void shouldSortAsTheTextDoes() {
        assertTrue(PackedText.pack("ATL") < PackedText.pack("ATLA"));
        assertTrue(PackedText.pack("ATLZ") < PackedText.pack("ATM"));
    }

    @Test
    void shouldHashTextThatDoesNotFit() {
        byte[] bytes = "123456789".getBytes(StandardCharsets.US_ASCII);
        UnsafeBuffer buffer = new UnsafeBuffer(bytes);

        assertEquals(Murmur3.hi(buffer, 0, 9), PackedText.code(buffer, 0, 9));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 42, -1, Long.MIN_VALUE, 0x4154004C00000000L, 0x411F000000000000L, 0x41FF000000000000L})
    void shouldUnpackNothingElse(long number) {
        assertNull(PackedText.unpack(number));
    }

    @Test
    void shouldRefuseWhatCannotBeShown() {
        assertTrue(PackedText.isPackable("12345678"));
        assertFalse(PackedText.isPackable("123456789"));
        assertFalse(PackedText.isPackable("é"));
        assertFalse(PackedText.isPackable("a\n"));
        assertEquals(
                "cannot pack text: text=\"123456789\" (expected: up to 8 printable ASCII characters)",
                assertThrows(IllegalArgumentException.class, () -> PackedText.pack("123456789"))
                        .getMessage());
    }
}
