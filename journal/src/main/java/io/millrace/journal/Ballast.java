package io.millrace.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.Supplier;

/**
 * A file that only takes room: when the disk is full it is given back, so that dead letters, the audit log and the
 * snapshot at shutdown can still be written. Journal and outbox reserve nothing while it is missing, so the room goes
 * to nobody else of ours.
 *
 * <p><b>Threading</b>: any; {@link #release} from any process.
 */
public final class Ballast {
    public static final String FILE_NAME = "ballast";

    private final Path directory;
    private final long length;

    /**
     * @param directory of the data
     * @param length in bytes, 0 for none
     */
    Ballast(Path directory, long length) {
        this.directory = directory;
        this.length = length;
    }

    /**
     * Gives the room back; what needs it tries again then.
     *
     * @return false if that had been done before
     */
    public static boolean release(Path dataDirectory) {
        try {
            return Files.deleteIfExists(dataDirectory.resolve(FILE_NAME));
        } catch (IOException notGivenBack) {
            return false;
        }
    }

    /** {@return what an action gives, tried again with the room given back if the first try found none} */
    static <T> T orRelease(Path dataDirectory, Supplier<T> action) {
        try {
            return action.get();
        } catch (JournalException e) {
            if (e.exitCode() == JournalException.EXIT_STORAGE_FULL && release(dataDirectory)) {
                return action.get();
            }
            throw e;
        }
    }

    boolean release() {
        return release(directory);
    }

    /** Whether the room is taken, or need not be. */
    boolean isHeld() {
        try {
            return length == 0 || Files.size(directory.resolve(FILE_NAME)) == length;
        } catch (IOException missing) {
            return false;
        }
    }

    /** Takes the room unless it is taken; throws if there is none. */
    synchronized void hold() throws IOException {
        if (!isHeld()) {
            release();
            Path making = directory.resolve(FILE_NAME + ".tmp");
            try {
                try (FileChannel channel = FileChannel.open(
                        making,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
                    Fallocate.reserve(making, channel, length);
                }
                Files.move(making, directory.resolve(FILE_NAME), StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(making);
            }
        }
    }
}
