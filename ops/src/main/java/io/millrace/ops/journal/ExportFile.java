package io.millrace.ops.journal;

import io.millrace.ops.command.CommandException;
import io.millrace.ops.command.ExitCode;
import io.millrace.ops.command.Refusal;
import io.millrace.ops.command.StandardOutput;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A file that appears when it is whole: until then it has another name, and nothing is left of a failure. */
final class ExportFile implements AutoCloseable {
    private static final String PART_SUFFIX = ".part";

    private final Path file;
    private final Path part;
    private final FileChannel channel;
    private final StandardOutput writer;

    private ExportFile(Path file, Path part, FileChannel channel) {
        this.file = file;
        this.part = part;
        this.channel = channel;
        writer = StandardOutput.to(Channels.newOutputStream(channel), file + ", of which nothing is left");
    }

    static ExportFile create(Path file) throws IOException {
        if (Files.exists(file)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        Path part = file.resolveSibling(file.getFileName() + PART_SUFFIX);
        return new ExportFile(
                file,
                part,
                FileChannel.open(
                        part,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE));
    }

    PrintWriter writer() {
        return writer;
    }

    /** Makes the file appear; everything is on the disk then. */
    void end() throws IOException {
        StandardOutput.check(writer);
        channel.force(true);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }

    long length() throws IOException {
        return channel.size();
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(part);
    }

    /** {@return what a user is told of a failure} */
    static CommandException failed(Path target, IOException e) {
        String reason = e instanceof NoSuchFileException ? "its directory does not exist" : Refusal.reason(e);
        boolean isFull = reason.contains("No space left");
        return new CommandException(
                isFull ? ExitCode.STORAGE_FULL : ExitCode.IO,
                "cannot export: " + target + ": " + reason + " (expected: "
                        + (isFull ? "free space); nothing is left of it" : "a new name that can be written)"),
                e);
    }
}
