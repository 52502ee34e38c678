package io.millrace.journal.snapshot;

import io.millrace.event.TypeLayout;
import io.millrace.ring.Snapshot;
import io.millrace.state.StateImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;

/** Writes one snapshot to an open file, from its begin to its CRC, in blocks. */
final class SnapshotWriter {
    private static final int BLOCK_LENGTH = 1 << 20;
    private static final byte[] ZEROS = new byte[8];

    private final FileChannel channel;
    private final SnapshotStep.Watch watch;
    private final CRC32C crc32c = new CRC32C();
    private final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_LENGTH).order(SnapshotDescriptor.ORDER);

    SnapshotWriter(FileChannel channel, SnapshotStep.Watch watch) {
        this.channel = channel;
        this.watch = watch;
    }

    void write(Snapshot snapshot, SnapshotOrigin origin) throws IOException {
        List<StateImage.Section> sections = snapshot.state().sections();
        put(header(snapshot, origin, sections));
        flush();
        watch.reached(SnapshotStep.HEADER_WRITTEN, snapshot.sequence());
        for (int i = 0; i < sections.size(); i++) {
            put(sections.get(i));
            if (i == 0) {
                flush();
                watch.reached(SnapshotStep.FIRST_SECTION_WRITTEN, snapshot.sequence());
            }
        }
        flush();
        watch.reached(SnapshotStep.SECTIONS_WRITTEN, snapshot.sequence());
        ByteBuffer crc = ByteBuffer.allocate(SnapshotDescriptor.CRC_LENGTH).order(SnapshotDescriptor.ORDER);
        put(crc.putInt(0, (int) crc32c.getValue()).array());
        flush();
        watch.reached(SnapshotStep.CRC_WRITTEN, snapshot.sequence());
    }

    private static byte[] header(Snapshot snapshot, SnapshotOrigin origin, List<StateImage.Section> sections) {
        int headerLength = SnapshotDescriptor.FIXED_LENGTH
                + SnapshotDescriptor.LAYOUT_LENGTH * snapshot.layouts().size()
                + SnapshotDescriptor.CRC_LENGTH;
        long stateLength = 0;
        for (StateImage.Section section : sections) {
            headerLength += SnapshotDescriptor.PART_LENGTH + SnapshotDescriptor.align(nameOf(section).length);
            stateLength += SnapshotDescriptor.align(section.state().length());
        }
        ByteBuffer header = ByteBuffer.allocate(headerLength).order(SnapshotDescriptor.ORDER);
        header.putInt(SnapshotDescriptor.MAGIC)
                .putShort((short) SnapshotDescriptor.VERSION)
                .putShort((short) 0);
        header.putLong(headerLength + stateLength + SnapshotDescriptor.CRC_LENGTH);
        header.putLong(origin.journalIdHi()).putLong(origin.journalIdLo()).putLong(snapshot.sequence());
        header.putInt(origin.start()).putInt(snapshot.epoch()).putLong(snapshot.takenNs());
        header.putLong(snapshot.outputPlace())
                .putLong(snapshot.lastOutputIdHi())
                .putLong(snapshot.lastOutputIdLo());
        header.putLong(snapshot.state().stateHash());
        header.putLong(origin.frameFirstSequence()).putInt(origin.frameCrc());
        header.putInt(snapshot.layouts().size()).putInt(sections.size()).putInt(headerLength);
        for (TypeLayout layout : snapshot.layouts()) {
            header.putInt(layout.typeId()).putInt(layout.schemaVersion()).putLong(layout.hash());
        }
        sections.forEach(section -> put(section, header));
        CRC32C crc = new CRC32C();
        crc.update(header.array(), 0, header.position());
        header.putInt((int) crc.getValue());
        return header.array();
    }

    private static void put(StateImage.Section section, ByteBuffer header) {
        byte[] name = nameOf(section);
        header.putLong(section.configHash())
                .putLong(section.state().length())
                .putInt(name.length)
                .putInt(0);
        header.put(name).put(ZEROS, 0, SnapshotDescriptor.align(name.length) - name.length);
    }

    private static byte[] nameOf(StateImage.Section section) {
        return section.name().getBytes(StandardCharsets.UTF_8);
    }

    private void put(StateImage.Section section) throws IOException {
        DirectBuffer state = section.state().buffer();
        int length = section.state().length();
        for (int offset = 0; offset < length; ) {
            int part = Math.min(room(), length - offset);
            state.getBytes(offset, block, part);
            offset += part;
        }
        put(ZEROS, SnapshotDescriptor.align(length) - length);
    }

    private void put(byte[] bytes) throws IOException {
        put(bytes, bytes.length);
    }

    private void put(byte[] bytes, int length) throws IOException {
        for (int offset = 0; offset < length; ) {
            int part = Math.min(room(), length - offset);
            block.put(bytes, offset, part);
            offset += part;
        }
    }

    private int room() throws IOException {
        if (!block.hasRemaining()) {
            flush();
        }
        return block.remaining();
    }

    private void flush() throws IOException {
        block.flip();
        crc32c.update(block.duplicate());
        while (block.hasRemaining()) {
            channel.write(block);
        }
        block.clear();
    }
}
