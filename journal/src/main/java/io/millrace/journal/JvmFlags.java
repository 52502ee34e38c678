package io.millrace.journal;

import java.util.ArrayList;
import java.util.List;

/**
 * Looks for the JVM flags that Chronicle and Agrona need. Without them Chronicle falls back to a read-only queue and
 * says so only at the first append.
 */
final class JvmFlags {
    private static final Module BASE = Object.class.getModule();

    private JvmFlags() {}

    /**
     * {@return the missing flags, one line each as it has to be pasted}
     *
     * @param user the module that needs them: the unnamed module of the class path
     */
    static List<String> missing(Module user) {
        List<String> lines = new ArrayList<>();
        addUnless(BASE.isOpen("java.lang.reflect", user), "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED", lines);
        addUnless(BASE.isOpen("sun.nio.ch", user), "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED", lines);
        addUnless(
                BASE.isExported("jdk.internal.misc", user),
                "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
                lines);
        addUnless(
                BASE.isExported("jdk.internal.ref", user),
                "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
                lines);
        return lines;
    }

    /** Throws a {@link JournalException} with the lines to paste if a flag is missing. */
    static void verify() {
        List<String> lines = missing(JvmFlags.class.getModule());
        if (!lines.isEmpty()) {
            throw new JournalException(JournalException.EXIT_CONFIG, message(lines), null);
        }
    }

    static String message(List<String> lines) {
        return "cannot open journal: missingJvmFlags=" + lines.size() + " (expected: 0); start java with\n    "
                + String.join("\n    ", lines);
    }

    private static void addUnless(boolean isThere, String line, List<String> lines) {
        if (!isThere) {
            lines.add(line);
        }
    }
}
