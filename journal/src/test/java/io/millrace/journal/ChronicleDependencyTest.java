package io.millrace.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Chronicle Queue does what the journal needs with the few jars the build leaves it, and does not phone home. */
class ChronicleDependencyTest {
    @TempDir
    private Path directory;

    @Test
    void shouldReadBackWhatWasAppended() {
        final Bytes<?> source = Bytes.allocateElasticOnHeap().append("one frame");
        final Bytes<?> target = Bytes.allocateElasticOnHeap();

        try (ChronicleQueue queue = ChronicleQueue.single(directory.toString());
                ExcerptAppender appender = queue.createAppender();
                ExcerptTailer tailer = queue.createTailer()) {
            appender.writeBytes(source);
            assertTrue(tailer.readBytes(target));
        }

        assertEquals("one frame", target.toString());
    }

    @Test
    void shouldWriteNothingIntoTheHomeDirectory() throws IOException {
        try (ChronicleQueue queue = ChronicleQueue.single(directory.toString());
                ExcerptAppender appender = queue.createAppender()) {
            appender.writeText("wake everything that wakes at the first write");
        }

        try (Stream<Path> files = Files.list(Path.of(System.getProperty("user.home")))) {
            assertEquals(
                    List.of(),
                    files.filter(file -> file.getFileName().toString().startsWith(".chronicle"))
                            .toList());
        }
    }

    @Test
    void shouldLeaveOutWhatTheJournalDoesNotUse() {
        for (final String name : List.of(
                "net.openhft.chronicle.analytics.Analytics",
                "net.openhft.compiler.CompilerUtils",
                "com.sun.jna.Native",
                "jnr.ffi.Runtime",
                "org.objectweb.asm.tree.ClassNode",
                "org.apache.commons.cli.Options")) {
            assertThrows(ClassNotFoundException.class, () -> Class.forName(name), name);
        }
    }
}
