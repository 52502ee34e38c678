package io.millrace.journal;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import net.openhft.chronicle.core.io.ClosedIORuntimeException;
import net.openhft.chronicle.core.io.IORuntimeException;
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

    /** What was asked for is not there. */
    public static final int EXIT_NO_INPUT = 66;

    static final int EXIT_DATA_DAMAGED = 65;
    static final int EXIT_DIRECTORY_HELD = 73;
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    public JournalException(int exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /**
     * {@return what the system refused, its reason in the message, and the exit code that goes with the reason}
     *
     * @param what failed, with the directory it failed on
     */
    static JournalException ofSystem(String what, IOException e) {
        String reason = reason(e);
        boolean isFull = reason.contains("No space left") || reason.contains("quota exceeded");
        boolean isReadOnly = reason.contains("Read-only file system");
        return new JournalException(
                isFull ? EXIT_STORAGE_FULL : EXIT_IO,
                what + ": " + reason
                        + (isFull
                                ? " (expected: free space); free some space"
                                : " (expected: a directory that can be written); correct that or use another")
                        + (isReadOnly ? "; `millrace journal verify` and `millrace replay` read it as it is" : ""),
                e);
    }

    /** {@return that a whole file is of a format that this release does not know, which is no damage} */
    static JournalException ofLaterFormat(Path file, String version) {
        return new JournalException(
                EXIT_CONFIG,
                "cannot read data: format=" + version + ", file=" + file + " (expected: format "
                        + FrameDescriptor.VERSION + "); a later release wrote it, use that one, nothing was changed",
                null);
    }

    /** {@return what the system refused, among the causes of something thrown or in Chronicle's wrappers; or null} */
    static @Nullable IOException systemCause(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException refused) {
                return refused;
            }
            if (cause instanceof IORuntimeException
                    && !(cause instanceof ClosedIORuntimeException)
                    && cause.getCause() == null) {
                return new IOException(cause.getMessage(), cause);
            }
        }
        return null;
    }

    private static String reason(IOException e) {
        if (!(e instanceof FileSystemException refused)) {
            return String.valueOf(e.getMessage());
        }
        String known = refused instanceof FileAlreadyExistsException
                ? "is no directory"
                : refused instanceof NoSuchFileException
                        ? "does not exist"
                        : refused instanceof AccessDeniedException ? "access denied" : refused.getReason();
        return "file=" + refused.getFile() + ' ' + known;
    }

    /** {@return the exit code of a process that ends because of this} */
    public final int exitCode() {
        return exitCode;
    }
}
