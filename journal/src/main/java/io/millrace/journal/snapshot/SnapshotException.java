package io.millrace.journal.snapshot;

import java.nio.file.Path;

/** A snapshot file is damaged, or of a version that this one does not read. */
public final class SnapshotException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SnapshotException(Path file, String problem) {
        super("cannot use snapshot: file=" + file + ": " + problem + "; an older one or the whole journal stands in");
    }

    SnapshotException(Path file, String what, long value, String expected) {
        this(file, what + '=' + value + " (expected: " + expected + ')');
    }
}
