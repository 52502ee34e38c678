package io.millrace.journal;

import org.jspecify.annotations.Nullable;

/** A journal cannot be opened, read or written; the exit code says why in a way that supervisors understand. */
public class JournalException extends RuntimeException {
    /** A broken assumption of ours. */
    public static final int EXIT_INTERNAL = 70;
    /** The system refused to read, write or force. */
    public static final int EXIT_IO = 74;
    /** No room for the next segment. */
    public static final int EXIT_STORAGE_FULL = 75;
    /** A setting or a JVM flag is wrong. */
    public static final int EXIT_CONFIG = 78;

    static final int EXIT_DATA_DAMAGED = 65;
    static final int EXIT_DIRECTORY_HELD = 73;
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    public JournalException(int exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** {@return the exit code of a process that ends because of this} */
    public final int exitCode() {
        return exitCode;
    }
}
