package io.millrace.journal.snapshot;

import io.millrace.event.TypeLayout;
import io.millrace.ring.Snapshot;
import io.millrace.state.StateImage;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads a snapshot file by bounded reads: every length is compared with the file's before anything is made of it, and
 * nothing is given out before its CRC was right.
 */
final class SnapshotReader implements AutoCloseable {
    private static final int BLOCK_LENGTH = 1 << 20;

    private final Path file;
    private final FileChannel channel;
    private final CRC32C crc32c = new CRC32C();
    private final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_LENGTH).order(SnapshotDescriptor.ORDER);

    SnapshotReader(Path file) throws IOException {
        this.file = file;
        this.channel = FileChannel.open(file, StandardOpenOption.READ);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** {@return the header} The file is then read up to its end. */
    SnapshotHeader readHeader() throws IOException {
        long size = channel.size();
        if (size < SnapshotDescriptor.FIXED_LENGTH + 2 * SnapshotDescriptor.CRC_LENGTH) {
            throw new SnapshotException(file, "length", size, "a header and an end");
        }
        ByteBuffer fixed = read(SnapshotDescriptor.FIXED_LENGTH);
        require("magic", fixed.getInt(0), SnapshotDescriptor.MAGIC);
        require("version", fixed.getShort(4), SnapshotDescriptor.VERSION);
        require("fileLength", fixed.getLong(8), size);
        int headerLength = fixed.getInt(108);
        int limit = (int) Math.min(size - SnapshotDescriptor.CRC_LENGTH, SnapshotDescriptor.HEADER_LENGTH_MAX);
        if (headerLength < SnapshotDescriptor.FIXED_LENGTH + SnapshotDescriptor.CRC_LENGTH || headerLength > limit) {
            throw new SnapshotException(file, "headerLength", headerLength, "up to " + limit);
        }
        ByteBuffer header = ByteBuffer.allocate(headerLength).order(SnapshotDescriptor.ORDER);
        header.put(fixed)
                .put(read(headerLength - SnapshotDescriptor.FIXED_LENGTH))
                .flip();
        CRC32C headerCrc = new CRC32C();
        headerCrc.update(header.array(), 0, headerLength - SnapshotDescriptor.CRC_LENGTH);
        require("headerCrc", header.getInt(headerLength - SnapshotDescriptor.CRC_LENGTH), (int) headerCrc.getValue());
        try {
            return header(header, size);
        } catch (BufferUnderflowException e) {
            throw new SnapshotException(file, "headerLength", headerLength, "room for what it counts");
        }
    }

    private SnapshotHeader header(ByteBuffer header, long size) {
        SnapshotOrigin origin = new SnapshotOrigin(
                header.getLong(16), header.getLong(24), header.getInt(40), header.getLong(88), header.getInt(96));
        int layoutCount = header.getInt(100);
        int partCount = header.getInt(104);
        header.position(SnapshotDescriptor.FIXED_LENGTH);
        List<TypeLayout> layouts = new ArrayList<>();
        for (int i = 0; i < layoutCount; i++) {
            layouts.add(new TypeLayout(header.getInt(), header.getInt(), header.getLong()));
        }
        List<SnapshotHeader.Part> parts = new ArrayList<>();
        long end = (long) header.limit() + SnapshotDescriptor.CRC_LENGTH;
        for (int i = 0; i < partCount; i++) {
            SnapshotHeader.Part part = part(header, size);
            end += SnapshotDescriptor.align(part.length());
            parts.add(part);
        }
        require("length of header and parts", end, size);
        return new SnapshotHeader(
                size,
                origin,
                header.getLong(32),
                header.getInt(44),
                header.getLong(48),
                header.getLong(56),
                header.getLong(64),
                header.getLong(72),
                header.getLong(80),
                layouts,
                parts);
    }

    private SnapshotHeader.Part part(ByteBuffer header, long size) {
        long configHash = header.getLong();
        long length = header.getLong();
        if (length < 0 || length > Math.min(size, Integer.MAX_VALUE - SnapshotDescriptor.CRC_LENGTH)) {
            throw new SnapshotException(file, "length of part", length, "0 to " + size);
        }
        int nameLength = header.getInt();
        header.getInt();
        if (nameLength < 0 || nameLength > header.remaining()) {
            throw new SnapshotException(file, "nameLength", nameLength, "0 to " + header.remaining());
        }
        byte[] name = new byte[nameLength];
        header.get(name);
        header.position(header.position() + SnapshotDescriptor.align(nameLength) - nameLength);
        return new SnapshotHeader.Part(new String(name, StandardCharsets.UTF_8), configHash, (int) length);
    }

    /** Reads the rest of the file, behind the header, and compares its CRC; makes nothing of it. */
    void verify(SnapshotHeader header) throws IOException {
        for (SnapshotHeader.Part part : header.parts()) {
            for (int left = SnapshotDescriptor.align(part.length()); left > 0; ) {
                left -= read(Math.min(left, BLOCK_LENGTH)).remaining();
            }
        }
        requireCrc();
    }

    private void requireCrc() throws IOException {
        int crc = (int) crc32c.getValue();
        require("crc", read(SnapshotDescriptor.CRC_LENGTH).getInt(), crc);
    }

    /** {@return the whole snapshot, its CRC and state hash compared} */
    Snapshot read(SnapshotHeader header) throws IOException {
        StateImage image = new StateImage();
        for (SnapshotHeader.Part part : header.parts()) {
            readState(part, image.add(part.name(), part.configHash()));
        }
        requireCrc();
        require("stateHash", header.stateHash(), image.stateHash());
        return new Snapshot(
                header.sequence(),
                header.epoch(),
                header.takenNs(),
                header.outputPlace(),
                header.lastOutputIdHi(),
                header.lastOutputIdLo(),
                header.layouts(),
                image);
    }

    private void readState(SnapshotHeader.Part part, StateImage.Section section) throws IOException {
        UnsafeBuffer view = new UnsafeBuffer(0, 0);
        int left = part.length();
        int leftPadded = SnapshotDescriptor.align(left);
        while (leftPadded > 0) {
            ByteBuffer bytes = read(Math.min(leftPadded, BLOCK_LENGTH));
            leftPadded -= bytes.remaining();
            int count = Math.min(left, bytes.remaining());
            view.wrap(bytes);
            section.state().putBytes(view, 0, count);
            left -= count;
        }
    }

    /** {@return the next bytes of the file, valid until the next call} */
    private ByteBuffer read(int length) throws IOException {
        ByteBuffer target = length <= BLOCK_LENGTH ? block : ByteBuffer.allocate(length);
        target.order(SnapshotDescriptor.ORDER).clear().limit(length);
        while (target.hasRemaining()) {
            if (channel.read(target) < 0) {
                throw new SnapshotException(file, "length", channel.size(), "more");
            }
        }
        target.flip();
        crc32c.update(target.duplicate());
        return target;
    }

    private void require(String what, long value, long expected) {
        if (value != expected) {
            throw new SnapshotException(file, what, value, String.valueOf(expected));
        }
    }
}
