package io.millrace.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSystemCheckTest {
    private static final Path DIRECTORY = Path.of("data");

    @Test
    void shouldTakeLocalDisksSilently() {
        for (String type : List.of("ext4", "xfs", "EXT3")) {
            assertEquals(List.of(), FileSystemCheck.check(DIRECTORY, type, false));
        }
    }

    @Test
    void shouldRefuseRemoteOnesUnlessForced() {
        for (String type : List.of("nfs", "nfs4", "cifs", "smb3", "9p", "fuseblk", "fuse.sshfs", "ceph")) {
            JournalException refused =
                    assertThrows(JournalException.class, () -> FileSystemCheck.check(DIRECTORY, type, false), type);
            assertEquals(78, refused.exitCode());
            assertEquals(
                    "cannot open journal: directory=data, fileSystem=" + type + " (expected: a local one, such as "
                            + "ext4 or xfs); use another directory, or set -Dmillrace.unsafe.file.system=true if its "
                            + "locks and forces hold",
                    refused.getMessage());
            assertEquals(1, FileSystemCheck.check(DIRECTORY, type, true).size());
        }
    }

    @Test
    void shouldWarnOfWhatMayGoAway() {
        assertEquals(
                List.of("directory=data, fileSystem=overlay is a container's own layer and goes with the container: "
                        + "mount a volume"),
                FileSystemCheck.check(DIRECTORY, "overlay", false));
        for (String type : List.of("tmpfs", "btrfs", "unheardof")) {
            assertEquals(1, FileSystemCheck.check(DIRECTORY, type, false).size(), type);
        }
    }

    @Test
    void shouldOpenInMemoryWithAWarning() throws IOException {
        Path memory = Path.of("/dev/shm");
        Assumptions.assumeTrue(Files.isWritable(memory), "no " + memory);
        Path directory = Files.createTempDirectory(memory, "millrace");
        try (Journal journal = Journals.open(directory)) {
            assertTrue(journal.warnings().get(0).contains("is in memory"), journal.warnings()::toString);
        } finally {
            Journals.delete(directory);
        }
    }

    @Test
    void shouldSayHowToReadWhatCannotBeWritten(@TempDir Path directory) {
        JournalException refused = JournalException.ofSystem(
                "cannot open journal: directory=" + directory, new IOException("Read-only file system"));

        assertEquals(74, refused.exitCode());
        assertTrue(
                refused.getMessage().endsWith("; `millrace journal verify` and `millrace replay` read it as it is"),
                refused.getMessage());
    }
}
