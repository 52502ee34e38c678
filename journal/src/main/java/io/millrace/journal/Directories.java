package io.millrace.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What the layout of a data directory and its durability need of the file system. */
final class Directories {
    private static final int START_DIGITS = 8;

    private Directories() {}

    /** Forces a directory's entries to the disk: without it a new file may vanish in a power cut. */
    static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Creates a directory and those above it and forces the entry of each new one. */
    static void create(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Path parent = directory.toAbsolutePath().getParent();
            if (parent != null) {
                create(parent);
            }
            Files.createDirectory(directory);
            if (parent != null) {
                force(parent);
            }
        }
    }

    /** Replaces a file so that it is there whole or as it was, and is on the disk. */
    static void replace(Path file, byte[] content) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        Path directory = file.getParent();
        if (directory != null) {
            force(directory);
        }
    }

    static Path start(Path logDirectory, int start) {
        return logDirectory.resolve(String.format(Locale.ROOT, "%0" + START_DIGITS + "d", start));
    }

    /** {@return the numbers of the starts that have a directory, ascending} */
    static List<Integer> starts(Path logDirectory) throws IOException {
        return names(logDirectory).stream()
                .filter(name -> name.matches("[0-9]{" + START_DIGITS + "}"))
                .map(Integer::valueOf)
                .toList();
    }

    /** {@return the segment files of a start in order} */
    static List<Path> segments(Path startDirectory) throws IOException {
        return names(startDirectory).stream()
                .filter(SegmentName::isSegment)
                .map(startDirectory::resolve)
                .toList();
    }

    /** {@return the names of the files in a directory, sorted; none if it does not exist} */
    static List<String> names(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
