package io.millrace.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.thread.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A small file system of a test's own, to fill, to turn read-only, or to cut the power of. Needs root. */
final class Mount implements AutoCloseable {
    /** EXT4_IOC_SHUTDOWN without a flush of the log: from then on nothing reaches the disk. Prints when. */
    private static final String SHUTDOWN = """
            import fcntl, os, struct, sys, time
            directory = os.open(sys.argv[1], os.O_RDONLY)
            before = time.monotonic_ns()
            fcntl.ioctl(directory, 0x8004587D, struct.pack("I", 2))
            print(before, time.monotonic_ns())
            """;

    private final Path directory;
    private final Path image;

    private Mount(Path directory, Path image) {
        this.directory = directory;
        this.image = image;
    }

    /** A file system in memory of some KiB. */
    static Mount tmpfs(Path scratch, long lengthKib) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory(scratch, "tmpfs");
        run("mount", "-t", "tmpfs", "-o", "size=" + lengthKib + 'k', "tmpfs", directory.toString());
        return new Mount(directory, directory);
    }

    /** An ext4 file system in a file. */
    static Mount ext4(Path scratch, int lengthMib, String... options) throws IOException, InterruptedException {
        Path image = Files.createTempFile(scratch, "disk", ".img");
        run("truncate", "-s", lengthMib + "m", image.toString());
        List<String> make = new java.util.ArrayList<>(List.of("mkfs.ext4", "-q", "-F"));
        make.addAll(List.of(options));
        make.add(image.toString());
        run(make.toArray(new String[0]));
        Mount mount = new Mount(Files.createTempDirectory(scratch, "ext4"), image);
        mount.mount();
        return mount;
    }

    Path directory() {
        return directory;
    }

    void mount() throws IOException, InterruptedException {
        run("mount", "-o", "loop", image.toString(), directory.toString());
    }

    void remount(String option) throws IOException, InterruptedException {
        run("mount", "-o", "remount," + option, directory.toString());
    }

    void unmount() throws IOException, InterruptedException {
        run("umount", directory.toString());
    }

    /**
     * Cuts the power.
     *
     * @return the monotone clock before and behind, in ns
     */
    long[] cut() throws IOException, InterruptedException {
        String[] times = run("python3", "-c", SHUTDOWN, directory.toString()).split(" ");
        return new long[] {Long.parseLong(times[0]), Long.parseLong(times[1])};
    }

    /** Lets go also of what a process still holds. */
    @Override
    public void close() throws IOException {
        ChildProcess.start(new ProcessBuilder("umount", "-l", directory.toString()))
                .onExit()
                .join();
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = ChildProcess.start(new ProcessBuilder(command).redirectErrorStream(true));
        String output = new String(process.getInputStream().readAllBytes(), UTF_8).trim();
        assertEquals(0, process.waitFor(), () -> String.join(" ", command) + ": " + output);
        return output;
    }
}
