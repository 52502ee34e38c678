package io.millrace.journal;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system in memory of a chosen size, with a neighbour who can take all of it. Needs root; skips without. */
final class SmallDisk implements AutoCloseable {
    private static final int CHUNK_LENGTH = 1 << 12;

    private final Path directory;

    private SmallDisk(Path directory) {
        this.directory = directory;
    }

    static SmallDisk mount(Path directory, long lengthKib) throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "skipped: mounting a tmpfs needs root");
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=" + lengthKib + "k", "tmpfs", directory.toString()) == 0,
                "skipped: a tmpfs cannot be mounted here");
        return new SmallDisk(directory);
    }

    Path data() {
        return directory.resolve("data");
    }

    /** Fills the disk but for some room. */
    void occupy(long leaveLength) throws IOException {
        byte[] chunk = new byte[CHUNK_LENGTH];
        try (RandomAccessFile file = new RandomAccessFile(neighbour().toFile(), "rw")) {
            file.seek(file.length());
            while (Files.getFileStore(directory).getUsableSpace() >= leaveLength + CHUNK_LENGTH) {
                file.write(chunk);
            }
        } catch (IOException full) {
            // Somebody else was faster.
        }
    }

    void free() throws IOException {
        Files.deleteIfExists(neighbour());
    }

    @Override
    public void close() throws IOException {
        run("umount", "-l", directory.toString());
    }

    private Path neighbour() {
        return directory.resolve("neighbour");
    }

    private static int run(String... command) throws IOException {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
