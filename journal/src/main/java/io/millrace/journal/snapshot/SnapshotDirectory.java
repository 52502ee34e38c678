package io.millrace.journal.snapshot;

import io.millrace.ring.Snapshot;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The snapshots of a data directory. One is there when its name is: it is written under another name, forced, renamed,
 * and the directory is forced.
 *
 * <p><b>Threading</b>: one writer; reading from any thread or process. <b>Failure</b>: {@link IOException} from the
 * file system, {@link SnapshotException} for a file that says other than it should.
 */
public final class SnapshotDirectory {
    public static final String NAME = "snapshots";

    private static final String REQUEST_NAME = "snapshot.request";
    private static final String SUFFIX = ".snapshot";
    private static final String TEMPORARY_SUFFIX = ".tmp";
    private static final String NAME_PATTERN = "[0-9]{19}\\.snapshot";
    private static final SnapshotStep.Watch NOBODY = (step, sequence) -> {};

    private final Path directory;
    private final SnapshotStep.Watch watch;

    /** Snapshots of a data directory, whether there are any or not. */
    public SnapshotDirectory(Path dataDirectory) {
        this(dataDirectory, NOBODY);
    }

    /** The same, for crash tests. */
    public SnapshotDirectory(Path dataDirectory, SnapshotStep.Watch watch) {
        this.directory = dataDirectory.resolve(NAME);
        this.watch = watch;
    }

    /** {@return the file whose presence asks a run for a snapshot; the run deletes it when it has done what it can} */
    public static Path request(Path dataDirectory) {
        return dataDirectory.resolve(REQUEST_NAME);
    }

    /** {@return the file of a sequence, whether it exists or not} */
    public Path file(long sequence) {
        return directory.resolve(String.format(Locale.ROOT, "%019d", sequence) + SUFFIX);
    }

    /** {@return the sequences that have a file, ascending} */
    public List<Long> sequences() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches(NAME_PATTERN))
                    .map(name -> Long.parseLong(name.substring(0, name.length() - SUFFIX.length())))
                    .sorted()
                    .toList();
        }
    }

    /** {@return what a snapshot says of itself; its state is not read} */
    public SnapshotHeader header(long sequence) throws IOException {
        try (SnapshotReader reader = new SnapshotReader(file(sequence))) {
            return requireSame(reader.readHeader(), sequence);
        }
    }

    /** {@return what a snapshot says of itself, after all of its bytes were verified; its state is not kept} */
    public SnapshotHeader verify(long sequence) throws IOException {
        try (SnapshotReader reader = new SnapshotReader(file(sequence))) {
            SnapshotHeader header = requireSame(reader.readHeader(), sequence);
            reader.verify(header);
            return header;
        }
    }

    /** {@return a whole snapshot, verified} */
    public Snapshot read(long sequence) throws IOException {
        try (SnapshotReader reader = new SnapshotReader(file(sequence))) {
            return reader.read(requireSame(reader.readHeader(), sequence));
        }
    }

    private SnapshotHeader requireSame(SnapshotHeader header, long sequence) {
        if (header.sequence() != sequence) {
            throw new SnapshotException(file(sequence), "sequence", header.sequence(), sequence + ", as its name says");
        }
        return header;
    }

    /**
     * Writes a snapshot, which is there for ever after when this returns, and deletes the oldest.
     *
     * @param keepCount newest ones that are kept, at least 1
     */
    public void write(Snapshot snapshot, SnapshotOrigin origin, int keepCount) throws IOException {
        long sequence = snapshot.sequence();
        watch.reached(SnapshotStep.BEGIN, sequence);
        create();
        Path temporary = temporary(sequence);
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            watch.reached(SnapshotStep.FILE_CREATED, sequence);
            new SnapshotWriter(channel, watch).write(snapshot, origin);
            channel.force(true);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
        watch.reached(SnapshotStep.FILE_FORCED, sequence);
        Files.move(temporary, file(sequence), StandardCopyOption.ATOMIC_MOVE);
        watch.reached(SnapshotStep.RENAMED, sequence);
        force(directory);
        watch.reached(SnapshotStep.DIRECTORY_FORCED, sequence);
        keep(keepCount);
        watch.reached(SnapshotStep.END, sequence);
    }

    private void keep(int keepCount) throws IOException {
        List<Long> all = sequences();
        for (int i = 0; i < all.size() - keepCount; i++) {
            Files.delete(file(all.get(i)));
            watch.reached(SnapshotStep.OLD_ONE_DELETED, all.get(all.size() - 1));
        }
    }

    private Path temporary(long sequence) {
        return file(sequence).resolveSibling(file(sequence).getFileName() + TEMPORARY_SUFFIX);
    }

    private void create() throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectory(directory);
            Path parent = directory.toAbsolutePath().getParent();
            if (parent != null) {
                force(parent);
            }
        }
    }

    /** Deletes what writers left that were killed. */
    public void deleteTemporary() throws IOException {
        if (Files.isDirectory(directory)) {
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.filter(name -> name.toString().endsWith(SUFFIX + TEMPORARY_SUFFIX))
                        .toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** Puts a snapshot aside under another directory, from where it is never read. */
    public void moveTo(Path quarantine, long sequence) throws IOException {
        Files.createDirectories(quarantine);
        Path target = quarantine.resolve(file(sequence).getFileName());
        Files.move(file(sequence), target, StandardCopyOption.REPLACE_EXISTING);
        force(quarantine);
        force(directory);
    }

    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
