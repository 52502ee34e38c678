package io.millrace.ops.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The process that has a data directory, found without touching its lock: Linux lists who holds a lock on which inode.
 * Elsewhere, and for a process that this one cannot see, nobody is found.
 *
 * @param pid of the process
 * @param startTime when it took the directory, as the lock file says; empty if that cannot be read
 * @param host it runs on
 * @param command it runs, without arguments
 */
public record Holder(long pid, String startTime, String host, String command) {
    /** Of the journal; its lines are {@code name=value}. */
    static final String LOCK_FILE_NAME = "millrace.lock";

    private static final Path LOCKS = Path.of("/proc/locks");
    private static final int PID_COLUMN = 4;
    private static final int INODE_COLUMN = 5;

    /** {@return who has the directory, null if nobody is known to} */
    public static @Nullable Holder of(Path dataDirectory) {
        Path file = dataDirectory.resolve(LOCK_FILE_NAME);
        try {
            if (!Files.isRegularFile(file) || !Files.isReadable(LOCKS)) {
                return null;
            }
            long pid = lockingPid(Files.readAllLines(LOCKS), Files.getAttribute(file, "unix:ino") + "");
            if (pid < 0) {
                return null;
            }
            // A process that closes any channel of a file loses its locks on it: this one does not look into its own.
            return pid == ProcessHandle.current().pid() ? new Holder(pid, "", "", "this process") : read(file, pid);
        } catch (IOException | UnsupportedOperationException e) {
            return null;
        }
    }

    /** A line is {@code 1: POSIX ADVISORY WRITE pid major:minor:inode 0 EOF}. */
    private static long lockingPid(List<String> locks, String inode) {
        for (String line : locks) {
            String[] columns = line.split("\\s+");
            if (columns.length > INODE_COLUMN && columns[INODE_COLUMN].endsWith(':' + inode)) {
                return Long.parseLong(columns[PID_COLUMN]);
            }
        }
        return -1;
    }

    private static Holder read(Path file, long pid) throws IOException {
        Map<String, String> values = new LinkedHashMap<>();
        for (String line : Files.readAllLines(file)) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                values.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        return new Holder(
                pid,
                values.getOrDefault("startTime", ""),
                values.getOrDefault("host", ""),
                values.getOrDefault("command", ""));
    }
}
