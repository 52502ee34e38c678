package io.millrace.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the JVM has to be started with, and what we leave on the machine beside the data directory. */
class EnvironmentTest {
    @TempDir
    Path directory;

    @Test
    void shouldSayWhichFlagsToPasteWhenTheyAreMissing() throws Exception {
        Process process =
                Forks.javaWithoutFlags(Opener.class, directory.resolve("data").toString());

        String output = Forks.output(process);

        assertEquals(78, process.waitFor(), output);
        assertEquals("""
                cannot start: missing JVM flags=4 (expected: 0); add to the java command line, or to JDK_JAVA_OPTIONS:
                    --add-opens=java.base/java.lang.reflect=ALL-UNNAMED
                    --add-opens=java.base/sun.nio.ch=ALL-UNNAMED
                    --add-exports=java.base/jdk.internal.misc=ALL-UNNAMED
                    --add-exports=java.base/jdk.internal.ref=ALL-UNNAMED
                """, output);
    }

    @Test
    void shouldLeaveNoFileInTheHomeOfTheUserAndPrintNothing() throws Exception {
        Path home = Files.createDirectory(directory.resolve("home"));
        Process process = Forks.java(
                List.of("-Duser.home=" + home),
                Opener.class,
                directory.resolve("data").toString());

        String output = Forks.output(process);

        assertEquals(0, process.waitFor(), output);
        assertEquals("opened\n", output);
        try (Stream<Path> files = Files.list(home)) {
            assertEquals(List.of(), files.toList());
        }
    }

    @Test
    void shouldNotHaveChroniclesAnalyticsOnTheClassPath() {
        assertEquals(null, EnvironmentTest.class.getResource("/net/openhft/chronicle/analytics/Analytics.class"));
    }

    @Test
    void shouldRefuseSettingsThatCannotWork() {
        JournalContext context = new JournalContext().directory(directory);

        assertEquals(
                "cannot open journal: blockLength=1000 (expected: power of two, 262144 to 268435456); set blockLength",
                message(context.blockLength(1000)));
        assertEquals(
                "cannot open journal: segmentLength=300000 (expected: multiple of blockLength=262144, up to "
                        + "1099511627776); set segmentLength or blockLength",
                message(context.blockLength(1 << 18).segmentLength(300_000)));
        assertEquals(
                "cannot open journal: frameLength=65480 (expected: multiple of 8, 512 to 65472 at "
                        + "blockLength=262144); set frameLength or blockLength",
                message(context.segmentLength(1 << 18).frameLength(65_480)));
        assertEquals(
                "cannot open journal: directory=null (expected: a path); set directory", message(new JournalContext()));
    }

    private static String message(JournalContext context) {
        try {
            context.conclude();
        } catch (JournalException e) {
            assertEquals(78, e.exitCode());
            return e.getMessage();
        }
        return "nothing wrong";
    }

    /** Another process: opens a journal, writes one event, closes it. */
    static final class Opener {
        private Opener() {}

        public static void main(String[] arguments) throws IOException {
            try {
                Journals.write(Path.of(arguments[0]), 0, 1, 1);
                System.out.println("opened");
                assertTrue(Files.exists(Path.of(arguments[0])));
            } catch (JournalException e) {
                System.out.println(e.getMessage());
                System.exit(e.exitCode());
            }
        }
    }
}
