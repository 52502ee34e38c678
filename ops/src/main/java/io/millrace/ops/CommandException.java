package io.millrace.ops;

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

    int exitCode() {
        return exitCode;
    }
}
