package io.millrace.journal.outbox;

import io.millrace.journal.JournalException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * How far a sink has come, in a file of two slots that are written in turn: a write that a crash cuts short leaves
 * the other.
 *
 * <pre>
 *   0        4         8         16         24     32     40      44    48            512
 *  +--------+---------+---------+----------+------+------+-------+-----+-------------+------------...
 *  | magic  | version | counter | position | idHi | idLo | start | crc | zero        | second slot
 *  +--------+---------+---------+----------+------+------+-------+-----+-------------+------------...
 * </pre>
 *
 * <p>{@code position} is the ordinal of the next output, {@code idHi}, {@code idLo} and {@code start} those of the
 * last one delivered and of the frame it was in. The valid slot with the greater counter counts. {@code crc} is
 * CRC32C over the 44 bytes before it. Little endian.
 */
final class SinkCheckpoint implements AutoCloseable {
    static final String SUFFIX = ".checkpoint";
    /** The bytes {@code MRC1}. */
    static final int MAGIC = 0x3143524D;

    private static final int VERSION = 1;
    private static final int SLOT_LENGTH = 512;
    private static final int CRC_OFFSET = 44;
    private static final int ENTRY_LENGTH = CRC_OFFSET + Integer.BYTES;

    private final CRC32C crc32c = new CRC32C();
    private final ByteBuffer entry = ByteBuffer.allocateDirect(ENTRY_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    private final Path file;
    private final FileChannel channel;
    private long counter;
    private long position;
    private long idHi;
    private long idLo = -1;
    private int start;

    /** Opens a checkpoint, or begins one before the first output. */
    SinkCheckpoint(Path file) {
        this.file = file;
        try {
            Path directory = file.toAbsolutePath().getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            long first = readCounter(0);
            long second = readCounter(1);
            if (Math.max(first, second) > 0) {
                readCounter(first > second ? 0 : 1);
                take();
            }
        } catch (IOException e) {
            throw failed("cannot open checkpoint", e);
        }
    }

    /** {@return ordinal of the next output} */
    long position() {
        return position;
    }

    long idHi() {
        return idHi;
    }

    /** {@return idLo of the last output delivered, -1 if there was none} */
    long idLo() {
        return idLo;
    }

    /** {@return start of the frame that held the last output delivered} */
    int start() {
        return start;
    }

    /** Remembers an output as delivered, survives the process from now on. */
    void write(long nextPosition, long lastIdHi, long lastIdLo, int lastStart) {
        counter++;
        position = nextPosition;
        idHi = lastIdHi;
        idLo = lastIdLo;
        start = lastStart;
        entry.clear();
        entry.putInt(MAGIC).putInt(VERSION).putLong(counter).putLong(position);
        entry.putLong(idHi).putLong(idLo).putInt(start);
        entry.putInt(crc()).flip();
        try {
            for (long offset = counter % 2 * SLOT_LENGTH; entry.hasRemaining(); ) {
                offset += channel.write(entry, offset);
            }
        } catch (IOException e) {
            throw failed("cannot write checkpoint", e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw failed("cannot close checkpoint", e);
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
        return isValid ? entry.getLong(8) : 0;
    }

    private void take() {
        counter = entry.getLong(8);
        position = entry.getLong(16);
        idHi = entry.getLong(24);
        idLo = entry.getLong(32);
        start = entry.getInt(40);
    }

    private int crc() {
        int savedPosition = entry.position();
        int savedLimit = entry.limit();
        crc32c.reset();
        crc32c.update(entry.position(0).limit(CRC_OFFSET));
        entry.limit(savedLimit).position(savedPosition);
        return (int) crc32c.getValue();
    }

    private JournalException failed(String what, IOException e) {
        return new JournalException(JournalException.EXIT_IO, what + ": file=" + file, e);
    }
}
