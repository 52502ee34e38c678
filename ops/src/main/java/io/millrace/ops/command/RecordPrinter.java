package io.millrace.ops.command;

import io.millrace.event.Event;
import io.millrace.journal.LogKind;
import java.io.PrintWriter;

/** Prints records one a line, as text or as JSON, and stops when nobody reads them. */
public final class RecordPrinter {
    private static final int LINES_PER_CHECK = 1024;

    private final PrintWriter out;
    private final RecordText text;
    private final RecordJson json;
    private final boolean isJson;
    private long count;

    /**
     * @param isJson whether to print JSON
     * @param isWithIds whether text shows ids
     */
    public RecordPrinter(PrintWriter out, DataDirectory data, LogKind kind, boolean isJson, boolean isWithIds) {
        this.out = out;
        this.isJson = isJson;
        text = new RecordText(data, kind, isWithIds);
        json = new RecordJson(data, kind);
    }

    /** Prints the names of the columns if people look on. */
    public void head() {
        if (!isJson && Boolean.getBoolean("millrace.terminal.out")) {
            out.println(text.head());
        }
    }

    /** Prints a record. */
    public void print(Event record, long place) {
        out.println(isJson ? json.line(record, place) : text.line(record, place));
        count++;
        if (count % LINES_PER_CHECK == 0) {
            StandardOutput.check(out);
        }
    }

    /** Lets the reader see what was printed so far. */
    public void flush() {
        StandardOutput.check(out);
    }

    /** {@return records printed} */
    public long count() {
        return count;
    }
}
