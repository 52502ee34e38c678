package io.millrace.journal;

import io.millrace.event.Event;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Small journals: blocks and segments of 256 KiB, so that a few hundred frames cross both. */
final class Journals {
    private Journals() {}

    static JournalContext small(Path directory) {
        return new JournalContext()
                .directory(directory)
                .blockLength(JournalContext.MIN_BLOCK_LENGTH)
                .segmentLength(JournalContext.MIN_BLOCK_LENGTH)
                .frameLength(1 << 13);
    }

    static Journal open(Path directory) {
        return Journal.open(small(directory));
    }

    /** Writes events and closes, as one start of a process would. */
    static void write(Path directory, long from, long to, int batchCount) {
        try (Journal journal = open(directory)) {
            journal.journal().start();
            Events.append(journal.journal(), from, to, batchCount);
        }
    }

    /** Like {@link #write}, as if the process had been killed before it closed. */
    static void writeAndDie(Path directory, long from, long to, int batchCount) throws IOException {
        write(directory, from, to, batchCount);
        kill(directory, null);
    }

    /** Takes away the frame that a clean close wrote at the end of a log. */
    static void removeLastFooter(Path directory, LogKind kind) throws IOException {
        Path file = null;
        long offset = 0;
        int length = 0;
        try (FrameReader reader = FrameReader.open(directory, kind)) {
            while (reader.nextFrame()) {
                boolean isFooter = SegmentFooter.of(reader.frame(), new Event()) != null;
                file = isFooter ? reader.file() : null;
                offset = reader.offset();
                length = Integer.BYTES + reader.frame().length();
            }
        }
        if (file != null) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.allocate(length), offset);
            }
        }
    }

    /**
     * Makes a journal that was closed look as if its process had been killed: {@code open} says that it was begun, not
     * that it ended.
     *
     * @param bootId of the boot in which it was, null for the current one
     */
    static void kill(Path directory, @Nullable String bootId) throws IOException {
        OpenFile file = Objects.requireNonNull(OpenFile.read(directory));
        String boot = bootId == null ? BootId.current() : bootId;
        for (LogKind kind : LogKind.values()) {
            LogEnd end = file.end(kind);
            if (end != null) {
                removeLastFooter(directory, kind);
                Path start = Directories.start(directory.resolve(kind.directoryName()), end.start());
                ChainPoint begin = Objects.requireNonNull(StartFrame.read(start, kind, end.start()))
                        .after();
                file = file.with(kind, new LogEnd(false, end.start(), begin, boot));
            }
        }
        file.write(directory);
    }

    /** As {@link #kill}, in a boot that is over: its page cache is gone. */
    static void cutPower(Path directory) throws IOException {
        kill(directory, "an-earlier-boot");
    }

    static List<Long> upTo(long count) {
        return LongStream.range(0, count).boxed().toList();
    }

    static Path segment(Path directory, LogKind kind, int start, int segment) {
        return Directories.start(directory.resolve(kind.directoryName()), start).resolve(SegmentName.of(segment));
    }

    static void delete(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    static void copy(Path source, Path target) throws IOException {
        Files.walkFileTree(source, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                Files.createDirectories(target.resolve(source.relativize(directory)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, target.resolve(source.relativize(file)));
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Everything below a directory with its bytes, to show that nothing changed. */
    static List<String> fingerprint(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith(DirectoryLock.FILE_NAME))
                    .sorted()
                    .map(Journals::fingerprintOf)
                    .toList();
        }
    }

    private static String fingerprintOf(Path file) {
        try {
            return file + " " + java.util.Arrays.hashCode(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
