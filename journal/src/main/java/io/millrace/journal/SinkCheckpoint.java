package io.millrace.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * The file that keeps a {@link SinkPosition}: {@code outbox/NAME.checkpoint}, or {@code journal/NAME.checkpoint} for a
 * sink of accepted events. Two slots are written in turn: a write that a crash cuts short leaves the other.
 *
 * <pre>
 *   0        4         8         16     24     32     40      44      48       56            64    68          512
 *  +--------+---------+---------+------+------+------+-------+-------+--------+-------------+-----+-----------+----
 *  | magic  | version | counter | next | idHi | idLo | start | state | timeNs | endAtDetach | crc | zero      | second
 *  +--------+---------+---------+------+------+------+-------+-------+--------+-------------+-----+-----------+----
 * </pre>
 *
 * <p>{@code state} is 1 for detached, else 0. The valid slot with the greater counter counts. {@code crc} is CRC32C
 * over the 64 bytes before it. Little endian.
 *
 * <p><b>Threading</b>: any; a position that was written is seen by readers of the file. <b>Failure</b>:
 * {@link JournalException}.
 */
public final class SinkCheckpoint implements AutoCloseable {
    /** Ends the name of a checkpoint's file. */
    public static final String SUFFIX = ".checkpoint";
    /** What a sink's name may be. */
    public static final String NAME_PATTERN = "[a-z0-9][a-z0-9_-]{0,63}";

    /** The bytes {@code MRC1}. */
    static final int MAGIC = 0x3143524D;

    private static final int VERSION = 2;
    private static final int SLOT_LENGTH = 512;
    private static final int COUNTER_OFFSET = 8;
    private static final int POSITION_OFFSET = 16;
    private static final int CRC_OFFSET = 64;
    private static final int ENTRY_LENGTH = CRC_OFFSET + Integer.BYTES;

    private final CRC32C crc32c = new CRC32C();
    private final ByteBuffer entry = ByteBuffer.allocateDirect(ENTRY_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    private final Path file;
    private final FileChannel channel;
    private long counter;
    private volatile SinkPosition position = SinkPosition.BEGINNING;

    private SinkCheckpoint(Path file, FileChannel channel) throws IOException {
        this.file = file;
        this.channel = channel;
        long first = readCounter(0);
        long second = readCounter(1);
        if (Math.max(first, second) > 0) {
            counter = readCounter(first > second ? 0 : 1);
            position = SinkPosition.read(entry, POSITION_OFFSET);
        }
    }

    /** Opens a sink's checkpoint, or begins one before the first record. */
    public static SinkCheckpoint open(Path dataDirectory, LogKind source, String name) {
        Path file = file(dataDirectory, source, name);
        try {
            Directories.create(dataDirectory.resolve(source.directoryName()));
            return open(
                    file,
                    FileChannel.open(
                            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
        } catch (IOException e) {
            throw failed("cannot open checkpoint", file, e);
        }
    }

    private static SinkCheckpoint open(Path file, FileChannel channel) throws IOException {
        try {
            return new SinkCheckpoint(file, channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** {@return the positions of all sinks of a log by name; the directory may be in use or not} */
    public static Map<String, SinkPosition> list(Path dataDirectory, LogKind source) {
        Map<String, SinkPosition> positions = new TreeMap<>();
        Path directory = dataDirectory.resolve(source.directoryName());
        try {
            for (String name : Directories.names(directory)) {
                if (name.endsWith(SUFFIX)) {
                    Path file = directory.resolve(name);
                    try (SinkCheckpoint checkpoint = open(file, FileChannel.open(file, StandardOpenOption.READ))) {
                        positions.put(name.substring(0, name.length() - SUFFIX.length()), checkpoint.position());
                    }
                }
            }
            return positions;
        } catch (IOException e) {
            throw failed("cannot read checkpoints", directory, e);
        }
    }

    /**
     * {@return the least place that a sink still needs, of those that are attached; {@code Long.MAX_VALUE} if none is}
     */
    public static long leastNeeded(Path dataDirectory, LogKind source) {
        return list(dataDirectory, source).values().stream()
                .filter(position -> !position.isDetached())
                .mapToLong(SinkPosition::next)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** {@return whether a sink has a checkpoint} */
    public static boolean exists(Path dataDirectory, LogKind source, String name) {
        return Files.exists(file(dataDirectory, source, name));
    }

    private static Path file(Path dataDirectory, LogKind source, String name) {
        return dataDirectory.resolve(source.directoryName()).resolve(name + SUFFIX);
    }

    /** {@return what was written last} */
    public SinkPosition position() {
        return position;
    }

    /** Notes a position; it survives the process from now on. Of a sink that was detached nothing is noted any more. */
    public synchronized void write(SinkPosition reached) {
        if (!position.isDetached()) {
            put(reached);
        }
    }

    /**
     * Cuts the sink loose where it is, and forces that to the disk.
     *
     * @param end place behind the log's last record
     */
    public synchronized void detach(long atNs, long end) {
        put(position.detached(true, atNs, end));
        force();
    }

    /** Puts the sink elsewhere, attached, and forces that to the disk. */
    public synchronized void reset(SinkPosition to) {
        put(to.detached(false, to.timeNs(), 0));
        force();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw failed("cannot close checkpoint", file, e);
        }
    }

    private void put(SinkPosition reached) {
        counter++;
        entry.clear();
        entry.putInt(MAGIC).putInt(VERSION).putLong(counter);
        reached.write(entry);
        entry.putInt(crc()).flip();
        try {
            for (long offset = counter % 2 * SLOT_LENGTH; entry.hasRemaining(); ) {
                offset += channel.write(entry, offset);
            }
        } catch (IOException e) {
            throw failed("cannot write checkpoint", file, e);
        }
        position = reached;
    }

    private void force() {
        try {
            channel.force(true);
            Path directory = file.toAbsolutePath().getParent();
            if (directory != null) {
                Directories.force(directory);
            }
        } catch (IOException e) {
            throw failed("cannot force checkpoint", file, e);
        }
    }

    /** {@return the counter of a slot, which is then in the buffer; 0 if the slot is not valid} */
    private long readCounter(int slot) throws IOException {
        entry.clear();
        long offset = (long) slot * SLOT_LENGTH;
        while (entry.hasRemaining() && channel.read(entry, offset + entry.position()) > 0) {}
        boolean isValid = !entry.hasRemaining()
                && entry.getInt(0) == MAGIC
                && entry.getInt(4) == VERSION
                && entry.getInt(CRC_OFFSET) == crc();
        return isValid ? entry.getLong(COUNTER_OFFSET) : 0;
    }

    private int crc() {
        int savedPosition = entry.position();
        int savedLimit = entry.limit();
        crc32c.reset();
        crc32c.update(entry.position(0).limit(CRC_OFFSET));
        entry.limit(savedLimit).position(savedPosition);
        return (int) crc32c.getValue();
    }

    private static JournalException failed(String what, Path file, IOException e) {
        return new JournalException(JournalException.EXIT_IO, what + ": file=" + file, e);
    }
}
