package io.millrace.ops.command;

import io.millrace.journal.CorruptJournalException;
import io.millrace.journal.JournalException;
import java.io.IOException;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/** Ends a command with a message for its user and an {@link ExitCode}. */
public final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    public CommandException(int exitCode, String message) {
        this(exitCode, message, null);
    }

    public CommandException(int exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** {@return one that says what its cause says, why the system refused if that is not in it, and what to do} */
    public static CommandException of(int exitCode, Exception cause) {
        String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        return new CommandException(exitCode, message + rest(message, cause), cause);
    }

    private static String rest(String message, Exception cause) {
        if (cause instanceof CorruptJournalException) {
            return "; `millrace journal verify` tells what is lost";
        }
        boolean isReasonMissing = !message.contains("(expected: ");
        return isReasonMissing && cause.getCause() instanceof IOException refused ? ": " + Refusal.reason(refused) : "";
    }

    /** {@return the status of the first cause that has one, else {@link ExitCode#INTERNAL}} */
    public static int exitCode(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof JournalException journal) {
                return journal.exitCode();
            }
        }
        return ExitCode.INTERNAL;
    }

    public int exitCode() {
        return exitCode;
    }

    /** Prints the message, if there is one; {@return the status to end with} */
    public int tell(PrintWriter err) {
        String message = String.valueOf(getMessage());
        if (!message.isEmpty()) {
            err.println("millrace: " + message);
        }
        return exitCode;
    }
}
