package io.millrace.thread;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JvmFlagsTest {
    private static final String MISC = "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED";
    private static final String REFLECT = "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED";
    private static final String MESSAGE =
            "cannot start: missing JVM flags=1 (expected: 0); add to the java command line, or to JDK_JAVA_OPTIONS:\n"
                    + "    " + MISC;

    @Test
    void shouldGiveTheLineToPasteWhenAFlagIsMissing() {
        Exception thrown =
                assertThrows(IllegalStateException.class, () -> JvmFlags.require(JvmFlags.CORE, flag -> false));

        assertEquals(MESSAGE, thrown.getMessage());
    }

    @Test
    void shouldGiveOnlyTheLinesThatAreMissing() {
        Exception thrown = assertThrows(
                IllegalStateException.class,
                () -> JvmFlags.require(List.of(REFLECT, MISC), flag -> flag.equals(REFLECT)));

        assertEquals(MESSAGE, thrown.getMessage());
    }

    @Test
    void shouldPassWhenAllAreSet() {
        assertDoesNotThrow(() -> JvmFlags.require(List.of(REFLECT, MISC)));
    }

    @Test
    void shouldTellOpenFromExported() {
        assertTrue(JvmFlags.isSet("--add-exports=java.base/java.lang=ALL-UNNAMED"));
        assertFalse(JvmFlags.isSet("--add-opens=java.base/java.lang=ALL-UNNAMED"));
        assertFalse(JvmFlags.isSet("--add-exports=no.such.module/a=ALL-UNNAMED"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Xmx1g", "--add-opens=java.base", "--add-opens", ""})
    void shouldRefuseAFlagThatItCannotCheck(String flag) {
        Exception thrown = assertThrows(IllegalArgumentException.class, () -> JvmFlags.isSet(flag));

        assertEquals(
                "cannot check JVM flag: flag=" + flag
                        + " (expected: --add-exports=MODULE/PACKAGE=ALL-UNNAMED or --add-opens=...); spell it out",
                thrown.getMessage());
    }

    @Test
    void shouldSayWhatToPasteInAJvmWithoutFlags() throws Exception {
        String said = run(List.of());

        assertTrue(said.contains(MESSAGE), said);
    }

    @Test
    void shouldNeedNoMoreThanThatForAgronasBuffers() throws Exception {
        assertEquals("42", run(JvmFlags.CORE));
    }

    /** Checks the flags, then uses a buffer. */
    static final class Embedder {
        public static void main(String[] arguments) {
            JvmFlags.require(JvmFlags.CORE);
            org.agrona.concurrent.UnsafeBuffer buffer = new org.agrona.concurrent.UnsafeBuffer(new byte[8]);
            buffer.putLong(0, 42);
            System.out.print(buffer.getLong(0));
        }
    }

    private static String run(List<String> flags) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xshare:auto");
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Embedder.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("JDK_JAVA_OPTIONS");
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        process.waitFor();
        return said;
    }
}
