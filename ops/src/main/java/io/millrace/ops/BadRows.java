package io.millrace.ops;

import io.millrace.journal.deadletter.DeadLetter;
import io.millrace.journal.deadletter.DeadLetterQueue;
import io.millrace.ops.format.RowError;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rows that did not become events: each is a dead letter, whose identity comes from file, line and bytes, so that
 * reading the file again makes no second one of it. The first few are shown, the others counted.
 */
final class BadRows {
    private static final int MAX_SHOWN_COUNT = 5;

    private final DeadLetterQueue deadLetters;
    private final Path dataDirectory;
    private final PrintWriter err;
    /** Those parked already; looked up when the first bad row comes. */
    private @Nullable Set<RowId> parked;

    private long count;
    private long parkedCount;

    BadRows(DeadLetterQueue deadLetters, Path dataDirectory, PrintWriter err) {
        this.deadLetters = deadLetters;
        this.dataDirectory = dataDirectory;
        this.err = err;
    }

    private record RowId(long hi, long lo) {
        static RowId of(RowError row) {
            return new RowId(row.idHi(), row.idLo());
        }

        static RowId of(DeadLetter letter) {
            return of(new RowError(letter.handler(), letter.line(), null, letter.message(), letter.bytes()));
        }
    }

    /** {@return bad rows of this run} */
    long count() {
        return count;
    }

    /** {@return those of them that were not parked before} */
    long parkedCount() {
        return parkedCount;
    }

    void add(RowError row) {
        count++;
        if (count <= MAX_SHOWN_COUNT) {
            err.println("millrace: bad row: " + row.source() + ": " + row.message());
        }
        if (parked().add(RowId.of(row))) {
            deadLetters.park(row.source(), row.lineNumber(), row.bytes(), row.message());
            parkedCount++;
        }
    }

    /** Says how many were not shown. */
    void end() {
        if (count > MAX_SHOWN_COUNT) {
            err.println("millrace: bad rows: " + (count - MAX_SHOWN_COUNT) + " more, all in the dead letters");
        }
    }

    private Set<RowId> parked() {
        Set<RowId> ids = parked;
        if (ids == null) {
            Set<RowId> found = new HashSet<>();
            DeadLetterQueue.read(dataDirectory, letter -> {
                if (letter.isRow()) {
                    found.add(RowId.of(letter));
                }
            });
            ids = found;
            parked = found;
        }
        return ids;
    }
}
