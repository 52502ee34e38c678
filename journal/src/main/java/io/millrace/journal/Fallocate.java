package io.millrace.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.thread.ChildProcess;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The system's {@code fallocate} as a child process, which needs no native library. */
final class Fallocate {
    private static final int TIMEOUT_S = 60;
    private static final int PAGE_LENGTH = 4096;

    private Fallocate() {}

    /**
     * Gives a file room from its first byte on, zeros included.
     *
     * @return false if this system or file system cannot
     */
    static boolean reserve(Path file, long length) throws IOException {
        return run("-l", Long.toString(length), file.toString());
    }

    /**
     * Gives back the room behind a position, where all bytes are zero; the file's length stays. Does nothing if the
     * system cannot.
     *
     * @param length of the file in bytes
     */
    static void giveBack(Path file, long position, long length) throws IOException {
        long offset = (position + PAGE_LENGTH) / PAGE_LENGTH * PAGE_LENGTH;
        if (offset < length) {
            run("-p", "-o", Long.toString(offset), "-l", Long.toString(length - offset), file.toString());
        }
    }

    private static boolean run(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("fallocate"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("LC_ALL", "C");
        builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        builder.redirectErrorStream(true);
        Process process;
        try {
            process = ChildProcess.start(builder);
        } catch (IOException notThere) {
            return false;
        }
        try {
            String said = new String(process.getInputStream().readAllBytes(), UTF_8).trim();
            if (!process.waitFor(TIMEOUT_S, TimeUnit.SECONDS)) {
                throw new IOException("fallocate did not end: timeoutS=" + TIMEOUT_S);
            }
            if (process.exitValue() != 0 && !said.contains("not supported")) {
                throw new IOException(said);
            }
            return process.exitValue() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while fallocate ran", e);
        } finally {
            process.destroy();
        }
    }
}
