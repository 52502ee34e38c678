package io.millrace.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.Pipeline;
import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.journal.deadletter.DeadLetterQueue;
import io.millrace.journal.deadletter.DeadLetterReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an earlier release wrote is read; what a later one wrote is left alone. {@code format-N.zip} is a data directory
 * that {@link #main} wrote when N was the newest format, and is never written again.
 */
class FormatTest {
    private static final int EVENT_COUNT = 1200;
    private static final int LATER = FrameDescriptor.VERSION + 1;

    @TempDir
    Path directory;

    @Test
    void shouldGoOnBehindWhatFormat1Wrote() throws Exception {
        unzip("format-1.zip");

        assertEquals(0, ReadJournal.verify(directory).exitCode());
        assertEvents(EVENT_COUNT);
        assertEquals(1, DeadLetterReader.list(directory).size());
        List<String> outputs = SnapshotRun.outputs(directory);
        assertEquals(SnapshotRun.replayedOutputs(directory), outputs);
        try (Journal journal = Journals.open(directory);
                Pipeline pipeline = SnapshotRun.start(journal)) {
            SnapshotRun.publish(pipeline, 0, EVENT_COUNT + 100);
        }
        assertEvents(EVENT_COUNT + 100);
        assertEquals(outputs, SnapshotRun.outputs(directory).subList(0, outputs.size()));
        assertEquals(SnapshotRun.replayedOutputs(directory), SnapshotRun.outputs(directory));
        assertEquals(0, ReadJournal.verify(directory).exitCode());
    }

    @Test
    void shouldLeaveAloneWhatALaterReleaseStarted() throws Exception {
        Journals.write(directory, 0, 30, 10);
        Journals.write(directory, 30, 60, 10);
        Path file = Directories.start(directory.resolve("journal"), 2).resolve(StartFrame.FILE_NAME);
        ByteBuffer frame = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        frame.put(FrameDescriptor.VERSION_OFFSET, (byte) LATER).putInt(FrameDescriptor.CRC_OFFSET, 0);
        frame.putInt(FrameDescriptor.CRC_OFFSET, crc(frame.array(), frame.capacity()));
        Files.write(file, frame.array());

        refuseUnchanged(file);
    }

    @Test
    void shouldLeaveAloneWhereALaterReleaseSaysHowItEnded() throws Exception {
        Journals.write(directory, 0, 30, 10);
        Path file = directory.resolve(OpenFile.FILE_NAME);
        String text = Files.readString(file).replace("format=1\n", "format=" + LATER + '\n');
        String body = text.substring(0, text.indexOf("\ncrc=") + 1);
        Files.writeString(file, body + String.format("crc=%08x\n", crc(body.getBytes(UTF_8), body.length())));

        refuseUnchanged(file);
    }

    /** Neither a start nor a repair takes it for damage. */
    private void refuseUnchanged(Path file) throws IOException {
        List<String> before = Journals.fingerprint(directory);
        JournalException refused = assertThrows(JournalException.class, () -> Journals.open(directory));

        assertEquals(
                "cannot read data: format=" + LATER + ", file=" + file + " (expected: format 1); a later release wrote"
                        + " it, use that one, nothing was changed",
                refused.getMessage());
        assertEquals(78, refused.exitCode());
        assertEquals(
                refused.getMessage(),
                assertThrows(JournalException.class, () -> Repair.plan(directory))
                        .getMessage());
        assertEquals(before, Journals.fingerprint(directory));
    }

    private static int crc(byte[] bytes, int length) {
        CRC32C crc32c = new CRC32C();
        crc32c.update(bytes, 0, length);
        return (int) crc32c.getValue();
    }

    private void assertEvents(int count) {
        long number = 0;
        Event record = new Event();
        try (FrameReader reader = FrameReader.open(directory, LogKind.JOURNAL)) {
            while (reader.nextRecord(record)) {
                if (record.typeId() == 7) {
                    MutableEvent expected = SnapshotRun.event(number);
                    assertEquals(number++, record.idLo());
                    assertEquals(expected.key(), record.key());
                    assertEquals(expected.timestampNs(), record.timestampNs());
                }
            }
        }
        assertEquals(count, number);
    }

    private void unzip(String name) throws IOException {
        InputStream resource = Objects.requireNonNull(FormatTest.class.getResourceAsStream("/" + name), name);
        try (ZipInputStream zip = new ZipInputStream(resource)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = directory.resolve(entry.getName());
                Files.createDirectories(Objects.requireNonNull(file.getParent()));
                Files.copy(zip, file);
            }
        }
    }

    /** Writes the data directory and the file of a format: two starts, a snapshot, outputs and a dead letter. */
    public static void main(String[] arguments) throws IOException {
        Path data = Path.of(arguments[0]);
        for (int end : new int[] {EVENT_COUNT / 2, EVENT_COUNT}) {
            try (Journal journal = Journals.open(data);
                    Pipeline pipeline = SnapshotRun.start(journal)) {
                SnapshotRun.publish(pipeline, 0, end - 100);
                SnapshotRun.snapshot(pipeline);
                SnapshotRun.publish(pipeline, end - 100, end);
                if (end == EVENT_COUNT) {
                    new DeadLetterQueue(journal, () -> 1).park("rows.csv", 3, "a,b".getBytes(UTF_8), "bad");
                }
            }
        }
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(Path.of(arguments[1])));
                Stream<Path> files = Files.walk(data)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                if (!file.endsWith(Ballast.FILE_NAME) && !file.endsWith(DirectoryLock.FILE_NAME)) {
                    zip.putNextEntry(new ZipEntry(data.relativize(file).toString()));
                    Files.copy(file, zip);
                }
            }
        }
    }
}
