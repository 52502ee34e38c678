package io.millrace.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SinkCheckpointTest {
    private static final SinkPosition FIFTH = new SinkPosition(5, 1, 2, 1, false, 70, 0);
    private static final SinkPosition NINTH = new SinkPosition(9, 3, 4, 1, false, 80, 0);

    @TempDir
    Path directory;

    @Test
    void shouldUseTheOlderSlotWhenTheNewerIsTorn() throws IOException {
        Path file = directory.resolve("outbox/x.checkpoint");
        try (SinkCheckpoint checkpoint = open("x")) {
            assertEquals(SinkPosition.BEGINNING, checkpoint.position());
            checkpoint.write(FIFTH);
            checkpoint.write(NINTH);
        }
        assertEquals(NINTH, position("x"));
        for (int offset = 0; offset < 68; offset++) {
            flip(file, offset);
            assertEquals(FIFTH, position("x"), "offset " + offset);
            flip(file, offset);
        }
    }

    @Test
    void shouldNoteNothingMoreOnceDetached() {
        try (SinkCheckpoint checkpoint = open("x")) {
            checkpoint.write(FIFTH);
            checkpoint.detach(99, 40);
            checkpoint.write(NINTH);
        }
        assertEquals(new SinkPosition(5, 1, 2, 1, true, 99, 40), position("x"));

        try (SinkCheckpoint checkpoint = open("x")) {
            checkpoint.reset(checkpoint.position());
            assertFalse(checkpoint.position().isDetached());
            checkpoint.write(NINTH);
        }
        assertEquals(NINTH, position("x"));
    }

    @Test
    void shouldSayWhatSinksStillNeed() {
        assertEquals(Long.MAX_VALUE, SinkCheckpoint.leastNeeded(directory, LogKind.OUTBOX));
        try (SinkCheckpoint one = open("one");
                SinkCheckpoint two = open("two")) {
            one.write(FIFTH);
            two.write(NINTH);
            assertEquals(5, SinkCheckpoint.leastNeeded(directory, LogKind.OUTBOX));
            one.detach(99, 40);
            assertEquals(9, SinkCheckpoint.leastNeeded(directory, LogKind.OUTBOX));
        }
        assertEquals(
                Set.of("one", "two"),
                SinkCheckpoint.list(directory, LogKind.OUTBOX).keySet());
        assertEquals(Set.of(), SinkCheckpoint.list(directory, LogKind.JOURNAL).keySet());
        assertTrue(SinkCheckpoint.exists(directory, LogKind.OUTBOX, "one"));
    }

    private SinkCheckpoint open(String name) {
        return SinkCheckpoint.open(directory, LogKind.OUTBOX, name);
    }

    private SinkPosition position(String name) {
        return SinkCheckpoint.list(directory, LogKind.OUTBOX).get(name);
    }

    private static void flip(Path file, long offset) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, offset);
            one.put(0, (byte) (one.get(0) ^ 4)).flip();
            channel.write(one, offset);
        }
    }
}
