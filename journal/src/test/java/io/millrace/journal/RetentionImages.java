package io.millrace.journal;

import io.millrace.event.Event;
import io.millrace.journal.snapshot.SnapshotDirectory;
import io.millrace.journal.snapshot.SnapshotOrigin;
import io.millrace.ring.Snapshot;
import io.millrace.state.StateImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Snapshots, checkpoints and power cuts for journals that no pipeline has written. */
final class RetentionImages {
    private RetentionImages() {}

    /** Writes a snapshot without state that belongs to the journal's frame at a sequence. */
    static void snapshot(Path directory, long sequence) throws IOException {
        Event view = new Event();
        try (FrameReader reader = FrameReader.open(directory, LogKind.JOURNAL, sequence)) {
            reader.nextRecord(view);
            SnapshotOrigin origin = new SnapshotOrigin(
                    0, 0, 1, reader.frame().firstSequence(), reader.frame().crc());
            Snapshot snapshot = new Snapshot(sequence, 0, 0, 0, 0, -1, List.of(), new StateImage());
            new SnapshotDirectory(directory).write(snapshot, origin, 100);
        }
    }

    static void damage(Path directory, long sequence) throws IOException {
        Path file = new SnapshotDirectory(directory).file(sequence);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 5] ^= 1;
        Files.write(file, bytes);
    }

    /** Notes that a sink of accepted events has taken all before a place. {@return the start of the last it took} */
    static int checkpoint(Path directory, String name, long next) {
        Event view = new Event();
        try (FrameReader reader = FrameReader.open(directory, LogKind.JOURNAL, Math.max(0, next - 1));
                SinkCheckpoint checkpoint = SinkCheckpoint.open(directory, LogKind.JOURNAL, name)) {
            boolean hasTakenAny = next > 0 && reader.nextRecord(view);
            int start = hasTakenAny ? reader.frame().start() : 0;
            checkpoint.write(new SinkPosition(
                    next, hasTakenAny ? view.idHi() : 0, hasTakenAny ? view.idLo() : 0, start, false, 0, 0));
            return start;
        }
    }

    /** A power cut that took the frame with a place, and left what is behind it. {@return its first place} */
    static long cut(Path directory, long place) throws IOException {
        Journals.cutPower(directory);
        Files.deleteIfExists(directory.resolve("journal").resolve(SyncedFile.FILE_NAME));
        try (FrameReader reader = FrameReader.open(directory, LogKind.JOURNAL, place)) {
            reader.nextRecord(new Event());
            try (FileChannel file = FileChannel.open(reader.file(), StandardOpenOption.WRITE)) {
                file.write(ByteBuffer.allocate(FrameDescriptor.HEADER_LENGTH), reader.offset() + Integer.BYTES);
            }
            return reader.frame().firstSequence();
        }
    }
}
