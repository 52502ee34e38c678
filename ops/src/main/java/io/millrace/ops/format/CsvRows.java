package io.millrace.ops.format;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/*
 * Design: written here, not taken from a library, for what follows a bad row. Its bytes, its line number and the way on
 * need a cutter of rows that knows quotes, and cells fall out of that.
 *
 * A quote that is never closed would swallow the rest of the file. It is then the first line alone that is bad, and
 * reading goes on behind that. Any other bad row ends with the line on which the fault was found.
 */
/** Rows of CSV by RFC 4180, quotes strictly so. */
final class CsvRows implements RowSource {
    private static final int DELIMITER = ',';
    private static final int QUOTE = '"';
    private static final int KEPT_LENGTH = 1024;

    private final LineInput input;
    private List<String> columns;
    private long lineNumber;
    private byte[] dropped = {};
    private boolean isDropped;

    private CsvRows(LineInput input, List<String> columns) {
        this.input = input;
        this.columns = columns;
    }

    static CsvRows open(LineInput input, String source, EventMapping mapping) throws IOException {
        CsvRows rows = new CsvRows(input, mapping.columns());
        if (mapping.hasHeader()) {
            rows.readHeader(source);
        }
        return rows;
    }

    /** {@return the names of the columns in a header row} */
    static List<String> header(LineInput input, String source) throws IOException {
        CsvRows rows = new CsvRows(input, List.of());
        rows.readHeader(source);
        return rows.columns;
    }

    private void readHeader(String source) throws IOException {
        Row header = new Row();
        columns = List.of();
        try {
            if (!next(header)) {
                throw new InputException("cannot read input: source=" + source
                        + " is empty (expected: a header row); if it has none, set input.header: false and"
                        + " input.columns");
            }
        } catch (BadRowException e) {
            throw new InputException("cannot read input: source=" + source + ": header " + e.reason());
        }
        Set<String> names = new HashSet<>();
        List<String> found = new ArrayList<>();
        for (int i = 0; i < header.count(); i++) {
            String name = header.text(i).strip();
            if (name.isEmpty() || !names.add(name)) {
                throw new InputException("cannot read input: source=" + source + ": header names column " + (i + 1)
                        + " \"" + name + "\" (expected: names, each once)");
            }
            found.add(name);
        }
        columns = List.copyOf(found);
    }

    @Override
    public List<String> columns() {
        return columns;
    }

    @Override
    public long lineNumber() {
        return lineNumber;
    }

    @Override
    public byte[] rawBytes() {
        return isDropped ? dropped.clone() : input.lastRow();
    }

    @Override
    public long byteCount() {
        return input.byteCount();
    }

    @Override
    public boolean next(Row row) throws IOException, BadRowException {
        isDropped = false;
        while (isEmptyLine()) {
            input.endRow(0);
        }
        lineNumber = input.lineNumber();
        if (input.at(0) == LineInput.END) {
            return false;
        }
        row.clear(0);
        input.endRow(readCells(row));
        requireSound(row);
        return true;
    }

    private boolean isEmptyLine() throws IOException {
        return input.at(0) == '\n' || (input.at(0) == '\r' && input.at(1) == '\n');
    }

    private int readCells(Row row) throws IOException, BadRowException {
        int index = -1;
        do {
            index++;
            requireLength(index);
            index = input.at(index) == QUOTE ? readQuoted(row, index + 1) : readPlain(row, index);
        } while (input.at(index) == DELIMITER);
        return index;
    }

    private int readPlain(Row row, int from) throws IOException, BadRowException {
        int index = from;
        for (int next = input.at(index); !isEndOfCell(next, index); next = input.at(++index)) {
            if (next == QUOTE) {
                throw bad(
                        index,
                        "has a quote inside a value without quotes (expected: the value in quotes, its quotes"
                                + " doubled)");
            }
            requireLength(index + 1);
            row.append((byte) next);
        }
        row.add(index == from ? Row.Kind.NULL : Row.Kind.TEXT);
        return index;
    }

    private int readQuoted(Row row, int from) throws IOException, BadRowException {
        int index = from;
        while (true) {
            int next = input.at(index);
            if (next == LineInput.END) {
                throw badFirstLine("has a quote that is not closed (expected: a closing quote)");
            }
            if (next == QUOTE) {
                index++;
                if (input.at(index) != QUOTE) {
                    break;
                }
            }
            requireLength(index + 1);
            row.append((byte) next);
            index++;
        }
        if (!isEndOfCell(input.at(index), index)) {
            throw bad(index, "has text behind a closing quote (expected: a comma or the end of the row)");
        }
        row.add(Row.Kind.TEXT);
        return index;
    }

    private boolean isEndOfCell(int next, int index) throws IOException {
        return next == DELIMITER
                || next == '\n'
                || next == LineInput.END
                || (next == '\r' && (input.at(index + 1) == '\n' || input.at(index + 1) == LineInput.END));
    }

    /** Makes sure that a row may be so long. */
    private void requireLength(int length) throws IOException, BadRowException {
        if (input.isTooLong(length)) {
            throw badFirstLine("is longer than " + input.maxRowLength() + " bytes (expected: up to that)");
        }
    }

    private void requireSound(Row row) throws BadRowException {
        if (row.count() != columns.size() && !columns.isEmpty()) {
            throw new BadRowException(null, "has " + row.count() + " columns (expected: " + columns.size() + ')');
        }
        for (int i = 0; i < row.count(); i++) {
            int malformedAt = row.malformedAt(i);
            if (malformedAt >= 0) {
                throw new BadRowException(
                        columns.isEmpty() ? null : columns.get(i),
                        "value has malformed UTF-8 at byte " + malformedAt + " (expected: UTF-8)");
            }
        }
    }

    /** Ends the row with the line that holds the index. */
    private BadRowException bad(int index, String reason) throws IOException {
        int end = input.lineEnd(index);
        if (input.isTooLong(end)) {
            return badFirstLine(reason);
        }
        input.endRow(end);
        return new BadRowException(null, reason);
    }

    /** Ends the row with its first line. */
    private BadRowException badFirstLine(String reason) throws IOException {
        int end = input.lineEnd(0);
        if (input.isTooLong(end)) {
            dropped = input.dropLine(Math.min(KEPT_LENGTH, input.maxRowLength()));
            isDropped = true;
        } else {
            input.endRow(end);
        }
        return new BadRowException(null, reason);
    }
}
