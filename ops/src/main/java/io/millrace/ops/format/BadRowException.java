package io.millrace.ops.format;

import org.jspecify.annotations.Nullable;

/** Ends the work on one row. Without a stack: it is caught next to where it is thrown, and there may be many. */
final class BadRowException extends Exception {
    private static final long serialVersionUID = 1L;

    private final @Nullable String column;

    BadRowException(@Nullable String column, String reason) {
        super(reason, null, false, false);
        this.column = column;
    }

    @Nullable
    String column() {
        return column;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
