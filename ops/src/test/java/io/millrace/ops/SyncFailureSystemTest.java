package io.millrace.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sync that the kernel refuses ends a run with 74, the very last one too, which comes when all has been counted. */
class SyncFailureSystemTest {
    @TempDir
    Path directory;

    @BeforeEach
    void requireStrace() throws Exception {
        Process probe = new ProcessBuilder("sh", "-c", "strace -f -e trace=none true")
                .redirectErrorStream(true)
                .start();
        probe.getInputStream().readAllBytes();
        assumeTrue(probe.waitFor() == 0, "needs strace, and leave to trace (root)");
    }

    @Test
    void shouldEndWith74WhenTheOnlySyncAtTheEndFails() throws IOException {
        assertRunFails("none");
    }

    @Test
    void shouldEndWith74WhenASyncUnderWayFails() throws IOException {
        assertRunFails("group");
    }

    private void assertRunFails(String policy) throws IOException {
        Path config = directory.resolve("flights.yaml");
        String text = Files.readString(CommandRun.flights("flights.yaml"))
                .replace("flights.xml", CommandRun.flights("flights.xml").toString());
        Files.writeString(config, text.replace("journal: {", "journal: {sync: " + policy + ", "));
        CommandRun run = CommandRun.start(List.of(
                "strace",
                "-f",
                "-qq",
                "-o",
                directory.resolve("trace").toString(),
                "-e",
                "trace=fdatasync",
                "-e",
                "inject=fdatasync:error=EIO:when=1",
                CommandRun.root().resolve("ops/bin/millrace").toString(),
                "run",
                "-c",
                config.toString(),
                "--input",
                CommandRun.flights("flights-20k.csv").toString(),
                "--data",
                directory.resolve("data").toString()));

        assertEquals(74, run.exitCode(), run::err);
        assertTrue(run.err().contains("pipeline halted: stage="), run::err);
        assertTrue(run.err().contains("cannot force journal: directory="), run::err);
    }
}
