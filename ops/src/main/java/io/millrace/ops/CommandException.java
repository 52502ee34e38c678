package io.millrace.ops;

import io.millrace.journal.JournalException;
import org.jspecify.annotations.Nullable;

/** Ends a command with a message for its user and an {@link ExitCode}. */
final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    CommandException(int exitCode, String message) {
        this(exitCode, message, null);
    }

    CommandException(int exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** {@return one that says what its cause says} */
    static CommandException of(int exitCode, Exception cause) {
        String message = cause.getMessage();
        return new CommandException(exitCode, message == null ? cause.toString() : message, cause);
    }

    /** {@return the status of the first cause that has one, else {@link ExitCode#INTERNAL}} */
    static int exitCode(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof JournalException journal) {
                return journal.exitCode();
            }
        }
        return ExitCode.INTERNAL;
    }

    int exitCode() {
        return exitCode;
    }
}
