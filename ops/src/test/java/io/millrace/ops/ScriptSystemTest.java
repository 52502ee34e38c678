package io.millrace.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ops/bin/millrace} says before there is a JVM. */
class ScriptSystemTest {
    @TempDir
    private Path directory;

    @Test
    void shouldRefuseAJavaHomeWithoutJava() throws IOException {
        CommandRun run = run(directory);

        assertEquals(78, run.exitCode());
        assertEquals(
                "millrace: cannot find java: JAVA_HOME=" + directory
                        + " (expected: a JDK, 17 or later); correct or unset it\n",
                run.err());
    }

    @Test
    void shouldRefuseAnOldJava() throws IOException {
        Path java = directory.resolve("bin/java");
        Files.createDirectories(java.getParent());
        Files.createFile(java, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        Files.writeString(directory.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"11.0.2\"\n");

        CommandRun run = run(directory);

        assertEquals(78, run.exitCode());
        assertEquals(
                "millrace: cannot use java: version=11 at " + java + " (expected: 17 or later); set JAVA_HOME\n",
                run.err());
    }

    private static CommandRun run(Path javaHome) throws IOException {
        return CommandRun.start(List.of(
                "env",
                "JAVA_HOME=" + javaHome,
                CommandRun.root().resolve("ops/bin/millrace").toString(),
                "version"));
    }
}
