package io.millrace.ops.format;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * A window over the bytes of an input: those of the current row, which grow as they are asked for. Its caller takes
 * care not to ask for more than the longest row.
 */
final class LineInput {
    /** What {@link #at} gives behind the last byte. */
    static final int END = -1;

    private static final int READ_LENGTH = 1 << 16;
    private static final int[] BYTE_ORDER_MARK = {0xEF, 0xBB, 0xBF};

    private final InputStream input;
    private final int maxRowLength;
    private byte[] buffer = new byte[2 * READ_LENGTH];
    private int start;
    private int limit;
    private int lastStart;
    private int lastLength;
    private boolean isEnd;
    private long lineNumber = 1;
    private long byteCount;

    LineInput(InputStream input, int maxRowLength) throws IOException {
        this.input = input;
        this.maxRowLength = maxRowLength;
        int matched = 0;
        while (matched < BYTE_ORDER_MARK.length && at(matched) == BYTE_ORDER_MARK[matched]) {
            matched++;
        }
        start = matched == BYTE_ORDER_MARK.length ? matched : 0;
    }

    /** {@return the byte at an index from the begin of the row, 0 to 255, or {@link #END}} */
    int at(int index) throws IOException {
        return start + index < limit || fill(index) ? buffer[start + index] & 0xFF : END;
    }

    private boolean fill(int index) throws IOException {
        while (start + index >= limit && !isEnd) {
            makeRoom();
            int length = input.read(buffer, limit, Math.min(READ_LENGTH, buffer.length - limit));
            isEnd = length < 0;
            limit += Math.max(0, length);
            byteCount += Math.max(0, length);
        }
        return start + index < limit;
    }

    private void makeRoom() {
        if (buffer.length - limit >= READ_LENGTH) {
            return;
        }
        byte[] target = limit - start > buffer.length / 2 ? new byte[2 * buffer.length] : buffer;
        System.arraycopy(buffer, start, target, 0, limit - start);
        buffer = target;
        limit -= start;
        start = 0;
    }

    /** {@return whether an index lies beyond the longest row} */
    boolean isTooLong(int index) {
        return index > maxRowLength;
    }

    int maxRowLength() {
        return maxRowLength;
    }

    /** {@return the line on which the current row begins, from 1} */
    long lineNumber() {
        return lineNumber;
    }

    long byteCount() {
        return byteCount;
    }

    /** {@return index of the end of the line that holds an index, at most one behind the longest row} */
    int lineEnd(int from) throws IOException {
        int index = from;
        while (!isTooLong(index) && at(index) != '\n' && at(index) != END) {
            index++;
        }
        return index;
    }

    /**
     * Ends the row before its line end and begins the next behind it. A line that is longer than a row may be is read
     * to its end and forgotten.
     *
     * @param end of the row's bytes
     */
    void endRow(int end) throws IOException {
        int next = end;
        if (at(next) == '\r' && (at(next + 1) == '\n' || at(next + 1) == END)) {
            next++;
        }
        for (int i = 0; i < next; i++) {
            lineNumber += buffer[start + i] == '\n' ? 1 : 0;
        }
        lineNumber += at(next) == END ? 0 : 1;
        lastStart = start;
        lastLength = end > 0 && buffer[start + end - 1] == '\r' ? end - 1 : end;
        start = Math.min(limit, start + next + 1);
    }

    /** Forgets a line that is longer than a row may be, but for its first bytes. */
    byte[] dropLine(int keptLength) throws IOException {
        byte[] kept = Arrays.copyOfRange(buffer, start, start + keptLength);
        while (at(0) != '\n' && at(0) != END) {
            start++;
        }
        lineNumber++;
        start = Math.min(limit, start + 1);
        return kept;
    }

    /** {@return a copy of the row that was ended last} */
    byte[] lastRow() {
        return Arrays.copyOfRange(buffer, lastStart, lastStart + lastLength);
    }

    byte[] buffer() {
        return buffer;
    }

    int lastStart() {
        return lastStart;
    }

    int lastLength() {
        return lastLength;
    }
}
