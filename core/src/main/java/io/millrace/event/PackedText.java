package io.millrace.event;

import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Text of up to 8 bytes in a long, first byte highest and zeros behind: a key that sorts as its text and can be shown.
 *
 * <pre>
 *   "ATL" = 0x41_54_4C_00_00_00_00_00
 * </pre>
 */
public final class PackedText {
    /** The longest text that fits, in bytes. */
    public static final int MAX_LENGTH = 8;

    private static final int FIRST_PRINTABLE = 0x20;
    private static final int LAST_PRINTABLE = 0x7E;

    private PackedText() {}

    /**
     * {@return the packed text}
     *
     * @param length in bytes, 0 to {@link #MAX_LENGTH}
     */
    public static long pack(DirectBuffer buffer, int offset, int length) {
        long packed = 0;
        for (int i = 0; i < length; i++) {
            packed |= (buffer.getByte(offset + i) & 0xFFL) << (56 - 8 * i);
        }
        return packed;
    }

    /**
     * {@return the packed text}
     *
     * @throws IllegalArgumentException unless {@link #isPackable}
     */
    public static long pack(String text) {
        if (!isPackable(text)) {
            throw new IllegalArgumentException(
                    "cannot pack text: text=\"" + text + "\" (expected: up to 8 printable ASCII characters)");
        }
        long packed = 0;
        for (int i = 0; i < text.length(); i++) {
            packed |= (long) text.charAt(i) << (56 - 8 * i);
        }
        return packed;
    }

    /** {@return a long that stands for any text: packed if it fits, else the first half of its {@link Murmur3}} */
    public static long code(DirectBuffer buffer, int offset, int length) {
        return length <= MAX_LENGTH ? pack(buffer, offset, length) : Murmur3.hi(buffer, offset, length);
    }

    /** {@return whether the text is at most 8 printable characters of ASCII} */
    public static boolean isPackable(String text) {
        return text.length() <= MAX_LENGTH && text.chars().allMatch(c -> c >= FIRST_PRINTABLE && c <= LAST_PRINTABLE);
    }

    /** {@return the text of a long that holds 1 to 8 printable characters of ASCII and zeros behind, null otherwise} */
    public static @Nullable String unpack(long packed) {
        byte[] bytes = bytes(packed);
        for (byte b : bytes) {
            if (b < FIRST_PRINTABLE || b > LAST_PRINTABLE) {
                return null;
            }
        }
        String text = new String(bytes, StandardCharsets.US_ASCII);
        return text.isEmpty() || pack(text) != packed ? null : text;
    }

    /** {@return the bytes in front of the zeros} */
    static byte[] bytes(long packed) {
        int length = MAX_LENGTH - Long.numberOfTrailingZeros(packed) / 8;
        byte[] bytes = new byte[packed == 0 ? 0 : length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (packed >>> (56 - 8 * i));
        }
        return bytes;
    }
}
