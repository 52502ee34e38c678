package io.millrace.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Ownership of a data directory: a lock on {@code millrace.lock}, held for life. The file says who holds it.
 *
 * <p>Closing any channel of a file drops all locks that the process has on it, so a process that holds a directory
 * must not open the file again: the set of directories held by this process is asked first.
 */
public final class DirectoryLock implements AutoCloseable {
    static final String FILE_NAME = "millrace.lock";

    private static final int MAX_TEXT_LENGTH = 4096;
    /** How long a holder may take from its lock to its name in the file. */
    private static final long NAMING_TIMEOUT_NS = 500_000_000;

    private static final long NAMING_INTERVAL_NS = 5_000_000;
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel channel;

    private DirectoryLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /**
     * Takes the directory, which exists.
     *
     * @throws DirectoryHeldException if this or another process has it
     */
    public static DirectoryLock acquire(Path dataDirectory) throws IOException {
        Path directory = dataDirectory.toRealPath();
        if (!HELD.add(directory)) {
            throw new DirectoryHeldException(directory, ProcessHandle.current().pid(), "this process");
        }
        boolean isHeld = false;
        try {
            DirectoryLock lock = lock(directory);
            isHeld = true;
            return lock;
        } finally {
            if (!isHeld) {
                HELD.remove(directory);
            }
        }
    }

    /** {@return the directory that is held, its real path} */
    public Path directory() {
        return directory;
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            HELD.remove(directory);
        }
    }

    private static DirectoryLock lock(Path directory) throws IOException {
        ByteBuffer name = ByteBuffer.wrap(description().getBytes(UTF_8));
        FileChannel channel = FileChannel.open(
                directory.resolve(FILE_NAME),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        boolean isHeld = false;
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                String text = readName(channel);
                throw new DirectoryHeldException(
                        directory, pid(text), text.trim().replace("\n", ", "));
            }
            channel.truncate(0);
            channel.write(name, 0);
            isHeld = true;
            return new DirectoryLock(directory, channel);
        } finally {
            if (!isHeld) {
                channel.close();
            }
        }
    }

    private static String description() {
        return "pid=" + ProcessHandle.current().pid() + "\nstartTime=" + Instant.now() + "\nhost=" + host()
                + "\ncommand=" + command() + '\n';
    }

    private static String host() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).trim();
        } catch (IOException e) {
            return "unknown";
        }
    }

    /** The program only: its arguments are nobody else's business. */
    private static String command() {
        return System.getProperty("sun.java.command", "unknown").split(" ", 2)[0];
    }

    /** Reads who holds the lock; one who has just taken it may still stand behind a dead one's name, or behind none. */
    private static String readName(FileChannel channel) throws IOException {
        long endNs = System.nanoTime() + NAMING_TIMEOUT_NS;
        String text = read(channel);
        while (ProcessHandle.of(pid(text)).isEmpty() && System.nanoTime() < endNs) {
            LockSupport.parkNanos(NAMING_INTERVAL_NS);
            text = read(channel);
        }
        return text;
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(channel.size(), MAX_TEXT_LENGTH));
        while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) > 0) {}
        return new String(bytes.array(), 0, bytes.position(), UTF_8);
    }

    private static long pid(String text) {
        return text.lines()
                .filter(line -> line.matches("pid=[0-9]{1,18}"))
                .mapToLong(line -> Long.parseLong(line.substring("pid=".length())))
                .findFirst()
                .orElse(-1);
    }

    @Override
    public String toString() {
        return "DirectoryLock{directory=" + directory + '}';
    }
}
