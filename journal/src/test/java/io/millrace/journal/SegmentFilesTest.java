package io.millrace.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is forced when, by channels that only write down what is asked of them. */
class SegmentFilesTest {
    @TempDir
    Path directory;

    private final List<String> calls = new ArrayList<>();
    private String failing = "";

    @Test
    void shouldForceEverySegmentThatWasWrittenBeforeItReturns() throws IOException {
        try (SegmentFiles files = new SegmentFiles(directory, List.of())) {
            files.add(new RecordingChannel("0"));
            files.force();
            files.add(new RecordingChannel("1"));
            files.add(new RecordingChannel("2"));
            files.force();
            calls.add("synced");
            files.force();
        }

        assertEquals(
                List.of(
                        "force 0", "force 0", "force 1", "force 2", "close 0", "close 1", "synced", "force 2",
                        "close 2"),
                calls);
    }

    @Test
    void shouldNotGoOnBehindASegmentThatCannotBeForced() throws IOException {
        try (SegmentFiles files = new SegmentFiles(directory, List.of())) {
            files.add(new RecordingChannel("0"));
            files.add(new RecordingChannel("1"));
            failing = "0";

            assertEquals("0", assertThrows(IOException.class, files::force).getMessage());
        }
        assertEquals(List.of("force 0", "close 0", "close 1"), calls);
    }

    private final class RecordingChannel extends FileChannel {
        private final String name;

        RecordingChannel(String name) {
            this.name = name;
        }

        @Override
        public void force(boolean isMetaData) throws IOException {
            calls.add("force " + name);
            if (failing.equals(name)) {
                throw new IOException(name);
            }
        }

        @Override
        protected void implCloseChannel() {
            calls.add("close " + name);
        }

        @Override
        public int read(ByteBuffer to) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long read(ByteBuffer[] to, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int write(ByteBuffer from) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long write(ByteBuffer[] from, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long position() {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileChannel position(long position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long size() {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileChannel truncate(long length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel to) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferFrom(ReadableByteChannel from, long position, long count) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int read(ByteBuffer to, long position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int write(ByteBuffer from, long position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public MappedByteBuffer map(MapMode mode, long position, long length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock lock(long position, long length, boolean isShared) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock tryLock(long position, long length, boolean isShared) {
            throw new UnsupportedOperationException();
        }
    }
}
