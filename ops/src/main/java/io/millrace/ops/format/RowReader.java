package io.millrace.ops.format;

import io.millrace.event.MutableEvent;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows and makes an event of each; a bad row is an error of its own and the next call goes on behind it.
 *
 * <pre>{@code
 * while (reader.next(event)) {
 *     RowError error = reader.error();
 *     if (error == null) {
 *         publish(event);
 *     } else {
 *         report(error);
 *     }
 * }
 * }</pre>
 *
 * <p>The event gets id, key, time, source id, type, schema version and payload; its other header fields become zero.
 *
 * <p><b>Threading</b>: one thread. <b>Allocation</b>: bounded by the longest row. <b>Failure</b>: an
 * {@link InputException} says that the header does not fit the mapping; any {@link IOException} is final.
 */
public final class RowReader implements AutoCloseable {
    private final InputStream input;
    private final String source;
    private final RowSource rows;
    private final RowEncoder encoder;
    private final Row row = new Row();
    private long rowCount;
    private long errorCount;
    private @Nullable RowError error;

    private RowReader(InputStream input, String source, RowSource rows, RowEncoder encoder) {
        this.input = input;
        this.source = source;
        this.rows = rows;
        this.encoder = encoder;
    }

    /**
     * {@return a reader of an input, which reads the header row if there is one}
     *
     * @param input that {@link #close} closes; it is read in blocks, so it needs no buffer of its own
     * @param source name of the input for messages and for the identity of bad rows, such as a file name
     */
    public static RowReader open(InputStream input, String source, EventMapping mapping) throws IOException {
        LineInput lines = new LineInput(input, mapping.maxRowLength());
        RowSource rows = mapping.format() == TextFormat.CSV
                ? CsvRows.open(lines, source, mapping)
                : new JsonRows(lines, mapping.namedColumns());
        return new RowReader(input, source, rows, new RowEncoder(mapping, rows.columns(), source));
    }

    /**
     * {@return the columns that the header row of a CSV input names}
     *
     * @throws InputException if there is none, or it is no header
     */
    public static List<String> csvColumns(InputStream input, String source) throws IOException {
        return CsvRows.header(new LineInput(input, EventMapping.MAX_ROW_LENGTH_DEFAULT), source);
    }

    /**
     * Reads the next row into the event, or sets {@link #error}; the event's content is then undefined.
     *
     * @return false at the end of the input
     */
    public boolean next(MutableEvent event) throws IOException {
        error = null;
        try {
            if (!rows.next(row)) {
                return false;
            }
            encoder.encode(row, event);
        } catch (BadRowException e) {
            error = new RowError(source, rows.lineNumber(), e.column(), e.reason(), rows.rawBytes());
            errorCount++;
        }
        rowCount++;
        return true;
    }

    /** {@return why the last row is no event, null if it is} */
    public @Nullable RowError error() {
        return error;
    }

    /** {@return the columns of a row, in their order} */
    public List<String> columns() {
        return rows.columns();
    }

    /** {@return rows read so far, bad ones included} */
    public long rowCount() {
        return rowCount;
    }

    /** {@return bad rows so far} */
    public long errorCount() {
        return errorCount;
    }

    /** {@return the line on which the last row begins, from 1} */
    public long lineNumber() {
        return rows.lineNumber();
    }

    /** {@return bytes taken from the input so far, read ahead included} */
    public long byteCount() {
        return rows.byteCount();
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}
