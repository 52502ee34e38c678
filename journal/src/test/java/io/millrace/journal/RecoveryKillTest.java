package io.millrace.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ends a process at each step of a recovery that leaves out a torn tail; the next recovery has to find the same. */
class RecoveryKillTest {
    private static final int LAST_STEP = 4;

    @TempDir
    Path directory;

    @Test
    void shouldRecoverTheSameAfterBeingKilledAtEveryStepOfARecovery() throws Exception {
        Journals.write(directory, 0, 30, 10);
        Journals.cutPower(directory);
        tearLastFrame();

        for (int step = 0; step <= LAST_STEP; step++) {
            Process process = Forks.java(
                    List.of("-Dmillrace.failpoint=" + Failpoint.RECOVERY + "@" + step),
                    Victim.class,
                    directory.toString());
            String output = Forks.output(process);
            assertEquals(Failpoint.EXIT_STATUS, process.waitFor(), output);
        }

        try (Journal journal = Journals.open(directory)) {
            assertEquals(Journals.upTo(20), Events.sequences(journal));
            assertTrue(journal.epoch() > 0);
            Events.append(journal.journal(), 20, 40, 5);
        }
        try (Journal journal = Journals.open(directory)) {
            assertEquals(Journals.upTo(40), Events.sequences(journal));
        }
        try (var kept = Files.list(directory.resolve(Quarantine.DIRECTORY_NAME))) {
            assertEquals(1, kept.count());
        }
    }

    private void tearLastFrame() throws IOException {
        Path file = Path.of("");
        long offset = 0;
        try (FrameReader reader = FrameReader.open(directory, LogKind.JOURNAL)) {
            while (reader.nextFrame()) {
                file = reader.file();
                offset = reader.offset();
            }
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(40), offset + 300);
        }
    }

    /** Another process, which is ended on the way. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] arguments) {
            Journals.open(Path.of(arguments[0])).close();
        }
    }
}
