package io.millrace.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code synced} of a log: up to where it was forced to the disk, told by a store into a mapped page after
 * each force. Exact after the process was killed, as the page cache has the store; a hint from below after a power cut,
 * as nobody forces this file.
 *
 * <p>Two slots are written in turn; of those that are whole the one with the greater counter counts.
 *
 * <pre>
 *   0       4         8         16      24      32           40      44    48
 *  +-------+---------+---------+-------+-------+------------+-------+-----+      slot 0 at 0, slot 1 at 512
 *  | magic | version | counter | journal's id  | syncedUpTo | start | crc |      crc: CRC32C of the 44 bytes before
 *  +-------+---------+---------+-------+-------+------------+-------+-----+
 * </pre>
 *
 * <p><b>Threading</b>: one thread at a time. <b>Allocation</b>: none in {@link #update}.
 */
final class SyncedFile implements AutoCloseable {
    static final String FILE_NAME = "synced";

    /** The bytes {@code MRY1}. */
    static final int MAGIC = 0x3159524D;

    static final int VERSION = 1;
    static final int SLOT_DISTANCE = 512;
    static final int FILE_LENGTH = 2 * SLOT_DISTANCE;

    private static final int MAGIC_OFFSET = 0;
    private static final int VERSION_OFFSET = 4;
    private static final int COUNTER_OFFSET = 8;
    private static final int ID_HI_OFFSET = 16;
    private static final int ID_LO_OFFSET = 24;
    private static final int SYNCED_UP_TO_OFFSET = 32;
    private static final int START_OFFSET = 40;
    private static final int CRC_OFFSET = 44;
    private static final int SLOT_LENGTH = 48;

    private final CRC32C crc32c = new CRC32C();
    private final ByteBuffer slotMemory = ByteBuffer.allocateDirect(SLOT_LENGTH);
    private final UnsafeBuffer slot = new UnsafeBuffer(slotMemory);
    private final MappedByteBuffer mapping;
    private final UnsafeBuffer file;
    private long counter;

    /**
     * What a slot says.
     *
     * @param counter of the update, from 1
     * @param journalIdHi of the journal that the log belongs to
     * @param journalIdLo see {@code journalIdHi}
     * @param syncedUpTo place of the last record that was forced to the disk, -1 if none was
     * @param start during which it was written
     */
    record Slot(long counter, long journalIdHi, long journalIdLo, long syncedUpTo, int start) {}

    /** Opens the file of a log for the start that now writes it, and says what is known at its begin. */
    SyncedFile(Path logDirectory, StartFrame start) throws IOException {
        Path path = logDirectory.resolve(FILE_NAME);
        Slot last = read(logDirectory);
        counter = last == null ? 0 : last.counter();
        try (FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            reserve(channel);
            mapping = channel.map(MapMode.READ_WRITE, 0, FILE_LENGTH);
        }
        file = new UnsafeBuffer(mapping);
        slot.putInt(MAGIC_OFFSET, MAGIC, FrameDescriptor.ORDER);
        slot.putInt(VERSION_OFFSET, VERSION, FrameDescriptor.ORDER);
        slot.putLong(ID_HI_OFFSET, start.journalIdHi(), FrameDescriptor.ORDER);
        slot.putLong(ID_LO_OFFSET, start.journalIdLo(), FrameDescriptor.ORDER);
        slot.putInt(START_OFFSET, start.start(), FrameDescriptor.ORDER);
        update(start.syncedUpTo());
    }

    /** Every byte is written before it is mapped: a full disk shows here, not as a fault in the mapping. */
    private static void reserve(FileChannel channel) throws IOException {
        if (channel.size() < FILE_LENGTH) {
            ByteBuffer zeros = ByteBuffer.allocate(FILE_LENGTH);
            while (zeros.hasRemaining()) {
                channel.write(zeros, zeros.position());
            }
        }
    }

    /** Says that all records up to a place are on the disk. */
    void update(long syncedUpTo) {
        counter++;
        slot.putLong(COUNTER_OFFSET, counter, FrameDescriptor.ORDER);
        slot.putLong(SYNCED_UP_TO_OFFSET, syncedUpTo, FrameDescriptor.ORDER);
        slot.putInt(CRC_OFFSET, crc(crc32c, slotMemory), FrameDescriptor.ORDER);
        file.putBytes((int) (counter & 1) * SLOT_DISTANCE, slot, 0, SLOT_LENGTH);
    }

    private static int crc(CRC32C crc32c, ByteBuffer bytes) {
        crc32c.reset();
        crc32c.update(bytes.limit(CRC_OFFSET).position(0));
        bytes.limit(SLOT_LENGTH);
        return (int) crc32c.getValue();
    }

    /** {@return what the file of a log says, null if there is none or no slot in it is whole} */
    static @Nullable Slot read(Path logDirectory) throws IOException {
        Path path = logDirectory.resolve(FILE_NAME);
        if (!Files.isRegularFile(path)) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.allocate(FILE_LENGTH);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            int length = 0;
            while (length >= 0 && bytes.hasRemaining()) {
                length = channel.read(bytes);
            }
        }
        Slot first = slot(bytes, 0);
        Slot second = slot(bytes, SLOT_DISTANCE);
        return second == null || (first != null && first.counter() > second.counter()) ? first : second;
    }

    /** What lies behind the end of a short file is zero here, and no slot. */
    private static @Nullable Slot slot(ByteBuffer bytes, int offset) {
        ByteBuffer slot = bytes.slice(offset, SLOT_LENGTH).order(FrameDescriptor.ORDER);
        boolean isWhole = slot.getInt(MAGIC_OFFSET) == MAGIC
                && slot.getInt(VERSION_OFFSET) == VERSION
                && slot.getInt(CRC_OFFSET) == crc(new CRC32C(), slot);
        return isWhole
                ? new Slot(
                        slot.getLong(COUNTER_OFFSET),
                        slot.getLong(ID_HI_OFFSET),
                        slot.getLong(ID_LO_OFFSET),
                        slot.getLong(SYNCED_UP_TO_OFFSET),
                        slot.getInt(START_OFFSET))
                : null;
    }

    @Override
    public void close() {
        IoUtil.unmap(mapping);
    }
}
