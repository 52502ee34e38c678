package io.millrace.journal;

import io.millrace.thread.JvmFlags;
import java.util.List;

/**
 * Switches off what Chronicle does unasked: calls home and files in the user's home, a banner, a thread that watches
 * the disk. It reads these properties when its classes load, so this runs before any of them. A property that is set
 * stays.
 */
final class ChronicleSettings {
    private static final List<String> JVM_FLAGS = List.of(
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED");

    static {
        setIfAbsent("chronicle.analytics.disable", "true");
        setIfAbsent("chronicle.announcer.disable", "true");
        setIfAbsent("chronicle.disk.monitor.disable", "true");
        setIfAbsent("disable.perf.info", "true");
    }

    private ChronicleSettings() {}

    /** Makes sure that the static block ran. */
    static void apply() {}

    /**
     * Throws a {@link JournalException} with the lines to paste if the JVM lacks a flag: Chronicle says so too late.
     */
    static void requireJvmFlags() {
        try {
            JvmFlags.require(JVM_FLAGS);
        } catch (IllegalStateException e) {
            throw new JournalException(JournalException.EXIT_CONFIG, String.valueOf(e.getMessage()), null);
        }
    }

    private static void setIfAbsent(String name, String value) {
        if (System.getProperty(name) == null) {
            System.setProperty(name, value);
        }
    }
}
