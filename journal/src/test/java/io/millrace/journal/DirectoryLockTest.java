package io.millrace.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {
    @TempDir
    Path directory;

    @Test
    void shouldNameAnotherProcessThatHoldsTheDirectory() throws Exception {
        Process holder = Forks.java(Holder.class, directory.toString());
        try {
            Forks.awaitLine(holder, "held");

            DirectoryHeldException held = assertThrows(
                    DirectoryHeldException.class, () -> Journals.open(directory).close());

            assertEquals(holder.pid(), held.pid());
            assertEquals(73, held.exitCode());
            assertTrue(
                    held.getMessage()
                            .matches("cannot open journal: directory=.* is held by pid=" + holder.pid()
                                    + " \\(pid=[0-9]+, startTime=.*, host=.*, command=.*Holder\\); "
                                    + "stop that process or use another directory"),
                    held.getMessage());
        } finally {
            holder.destroyForcibly().waitFor();
        }
        Journals.open(directory).close();
    }

    @Test
    void shouldRefuseASecondJournalInThisProcessAndKeepTheFirst() throws Exception {
        try (Journal journal = Journals.open(directory)) {
            DirectoryHeldException held = assertThrows(
                    DirectoryHeldException.class, () -> Journals.open(directory).close());
            assertEquals(ProcessHandle.current().pid(), held.pid());

            // The refused attempt must not have dropped the lock, as closing a channel on the file would.
            Process other = Forks.java(Holder.class, directory.toString());
            assertEquals(73, other.waitFor());
            assertEquals(0, journal.nextSequence());
        }
        Journals.open(directory).close();
    }

    @Test
    void shouldUnlockWhenOpeningFails() throws IOException {
        Journals.write(directory, 0, 10, 5);
        Path file = Directories.start(directory.resolve("journal"), 1).resolve(StartFrame.FILE_NAME);
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, new byte[bytes.length]);
        assertThrows(
                CorruptJournalException.class, () -> Journals.open(directory).close());

        Files.write(file, bytes);
        Journals.open(directory).close();
    }

    /** Another process: holds the directory until it is killed. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] arguments) throws InterruptedException {
            try (Journal journal = Journals.open(Path.of(arguments[0]))) {
                System.out.println("held " + journal.nextSequence());
                Thread.sleep(Long.MAX_VALUE);
            } catch (JournalException e) {
                System.exit(e.exitCode());
            }
        }
    }
}
