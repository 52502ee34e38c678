package io.millrace.ops.format;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The cells of one row as text in UTF-8, without quotes and escapes. Reused from row to row.
 *
 * <p><b>Threading</b>: one thread. <b>Allocation</b>: grows to the longest row.
 */
final class Row {
    /** What a cell is. CSV knows null and text. */
    enum Kind {
        NULL,
        TEXT,
        NUMBER,
        BOOLEAN
    }

    private static final int MIN_CAPACITY = 1024;
    private static final int MAX_SHOWN_LENGTH = 64;

    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    private final CharBuffer decoded = CharBuffer.allocate(MIN_CAPACITY);
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[MIN_CAPACITY]);
    private byte[] bytes = new byte[MIN_CAPACITY];
    private int end;
    private int begin;
    private int count;
    private Kind[] kinds = new Kind[16];
    private int[] offsets = new int[16];
    private int[] lengths = new int[16];

    Row() {
        buffer.wrap(bytes);
    }

    /** Makes a row of so many nulls. */
    void clear(int cellCount) {
        end = 0;
        begin = 0;
        count = 0;
        while (count < cellCount) {
            add(Kind.NULL);
        }
    }

    /** Adds a byte to the cell that is being read. */
    void append(byte value) {
        if (end == bytes.length) {
            grow(end + 1);
        }
        bytes[end++] = value;
    }

    /** Adds the cell whose bytes were appended since the last one. */
    void add(Kind kind) {
        if (count == kinds.length) {
            kinds = Arrays.copyOf(kinds, 2 * count);
            offsets = Arrays.copyOf(offsets, 2 * count);
            lengths = Arrays.copyOf(lengths, 2 * count);
        }
        put(count++, kind);
    }

    /** Replaces a cell by text. */
    void set(int cell, Kind kind, byte[] text) {
        if (bytes.length - end < text.length) {
            grow(end + text.length);
        }
        System.arraycopy(text, 0, bytes, end, text.length);
        end += text.length;
        put(cell, kind);
    }

    private void put(int cell, Kind kind) {
        kinds[cell] = kind;
        offsets[cell] = begin;
        lengths[cell] = end - begin;
        begin = end;
    }

    private void grow(int needed) {
        bytes = Arrays.copyOf(bytes, Math.max(needed, 2 * bytes.length));
        buffer.wrap(bytes);
    }

    int count() {
        return count;
    }

    boolean isNull(int cell) {
        return kinds[cell] == Kind.NULL;
    }

    Kind kind(int cell) {
        return kinds[cell];
    }

    /** {@return a view of all cells' bytes, valid until the row changes} */
    UnsafeBuffer buffer() {
        return buffer;
    }

    int offset(int cell) {
        return offsets[cell];
    }

    int length(int cell) {
        return lengths[cell];
    }

    byte byteAt(int cell, int index) {
        return bytes[offsets[cell] + index];
    }

    String text(int cell) {
        return new String(bytes, offsets[cell], lengths[cell], StandardCharsets.UTF_8);
    }

    /** {@return the cell for a message: quoted, on one line, not too long} */
    String shown(int cell) {
        String text = text(cell).replaceAll("\\p{Cntrl}", "?");
        return '"' + (text.length() > MAX_SHOWN_LENGTH ? text.substring(0, MAX_SHOWN_LENGTH) + "..." : text) + '"';
    }

    boolean isAscii(int cell) {
        int any = 0;
        for (int i = 0; i < lengths[cell]; i++) {
            any |= bytes[offsets[cell] + i];
        }
        return any >= 0;
    }

    boolean isPrintableAscii(int cell) {
        for (int i = 0; i < lengths[cell]; i++) {
            if (bytes[offsets[cell] + i] < ' ') {
                return false;
            }
        }
        return true;
    }

    /** {@return the index of the first byte of a cell that is not UTF-8, -1 if all are} */
    int malformedAt(int cell) {
        return isAscii(cell) ? -1 : malformedAt(ByteBuffer.wrap(bytes, offsets[cell], lengths[cell]), offsets[cell]);
    }

    /** {@return the index from {@code base} of the first byte that is not UTF-8, -1 if all are} */
    int malformedAt(ByteBuffer source, int base) {
        decoder.reset();
        CoderResult result;
        do {
            decoded.clear();
            result = decoder.decode(source, decoded, true);
        } while (result.isOverflow());
        return result.isError() ? source.position() - base : -1;
    }
}
