package io.millrace.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Keeps copies of what a recovery leaves out: {@code LOG-START-SEGMENT-OFFSET.bytes}, forced before the new start
 * begins.
 */
final class Quarantine {
    static final String DIRECTORY_NAME = "quarantine";

    private Quarantine() {}

    static void copy(Path dataDirectory, LogKind kind, List<Drop> drops) throws IOException {
        if (!drops.isEmpty()) {
            Path directory = dataDirectory.resolve(DIRECTORY_NAME);
            Directories.create(directory);
            for (Drop drop : drops) {
                copy(drop, directory, name(kind, drop));
            }
            Directories.force(directory);
        }
    }

    private static void copy(Drop drop, Path directory, String name) throws IOException {
        Path temporary = directory.resolve(name + ".tmp");
        try (FileChannel source = FileChannel.open(drop.file(), StandardOpenOption.READ);
                FileChannel target = FileChannel.open(
                        temporary,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            long copied = 0;
            while (copied < drop.length()) {
                long count = source.transferTo(drop.offset() + copied, drop.length() - copied, target);
                if (count <= 0) {
                    throw new IOException("cannot read " + drop.file() + " at " + (drop.offset() + copied));
                }
                copied += count;
            }
            target.force(true);
        }
        Files.move(temporary, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private static String name(LogKind kind, Drop drop) {
        Path start = drop.file().getParent();
        return kind.directoryName() + '-' + (start == null ? "" : start.getFileName()) + '-'
                + drop.file().getFileName().toString().replace(SegmentName.SUFFIX, "") + '-' + drop.offset() + ".bytes";
    }
}
