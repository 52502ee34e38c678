package io.millrace.ops.command;

import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * The standard output of the process, buffered, which knows why it can no longer be written: a reader that went away,
 * as {@code head} does when it has seen enough, is no failure of ours; a full disk is.
 *
 * <p><b>Threading</b>: one thread.
 */
public final class StandardOutput extends PrintWriter {
    private static final int BUFFER_LENGTH = 1 << 16;

    private final Target target;

    public StandardOutput() {
        this(new Target(new FileOutputStream(FileDescriptor.out), "standard output"));
    }

    /**
     * {@return the same for another place}
     *
     * @param name of the place, for messages
     */
    public static StandardOutput to(OutputStream stream, String name) {
        return new StandardOutput(new Target(stream, name));
    }

    private StandardOutput(Target target) {
        super(new BufferedWriter(new OutputStreamWriter(target, StandardCharsets.UTF_8), BUFFER_LENGTH));
        this.target = target;
    }

    /**
     * Ends a command whose output nobody takes any more; to be called now and then while much is printed.
     *
     * @throws CommandException with the status to end with: 0 if the reader went away
     */
    public static void check(PrintWriter out) {
        if (out.checkError()) {
            throw out instanceof StandardOutput standard
                    ? standard.closed()
                    : new CommandException(ExitCode.IO, "cannot write standard output");
        }
    }

    /**
     * Writes what is left when a command is through.
     *
     * @param exitCode of the command
     * @return the status of the process
     */
    public int end(int exitCode, PrintWriter err) {
        return checkError() && exitCode == ExitCode.OK ? closed().tell(err) : exitCode;
    }

    private CommandException closed() {
        String reason = target.failure;
        if (reason.contains("Broken pipe")) {
            return new CommandException(ExitCode.OK, "");
        }
        int exitCode = reason.contains("No space left") ? ExitCode.STORAGE_FULL : ExitCode.IO;
        return new CommandException(exitCode, "cannot write " + target.name + ": " + reason);
    }

    private static final class Target extends OutputStream {
        private final OutputStream stream;
        private final String name;
        private String failure = "";

        Target(OutputStream stream, String name) {
            this.stream = stream;
            this.name = name;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                stream.write(bytes, offset, length);
            } catch (IOException e) {
                failure = String.valueOf(e.getMessage());
                throw e;
            }
        }
    }
}
