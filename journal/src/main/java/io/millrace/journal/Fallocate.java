package io.millrace.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.thread.ChildProcess;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The system's {@code fallocate} as a child process, which needs no native library. */
final class Fallocate {
    /** Up to here writing zeros is faster than starting a process. */
    static final long MIN_LENGTH = 1 << 20;

    /** Files of holes, to measure what room costs. A full disk is then a fault inside a mapped page. */
    private static final boolean IS_SPARSE = Boolean.getBoolean("millrace.journal.unreserved");

    private static final int TIMEOUT_S = 60;
    private static final int PAGE_LENGTH = 4096;

    private static final int ZEROS_LENGTH = 1 << 16;

    private Fallocate() {}

    /**
     * Gives an empty file room from its first byte on, all zeros; writes them where the system cannot, or where that is
     * faster.
     */
    static void reserve(Path file, FileChannel channel, long length) throws IOException {
        if (IS_SPARSE) {
            channel.write(ByteBuffer.allocate(1), length - 1);
        } else if (length <= MIN_LENGTH || !reserve(file, length)) {
            writeZeros(channel, length);
        }
        if (channel.size() != length) {
            throw new IOException("reserved " + channel.size() + " bytes of " + length);
        }
    }

    /**
     * Gives a file room from its first byte on, all zeros.
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

    private static void writeZeros(FileChannel channel, long length) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect(ZEROS_LENGTH);
        for (long position = 0; position < length; ) {
            zeros.position(0).limit((int) Math.min(ZEROS_LENGTH, length - position));
            position += channel.write(zeros, position);
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
