package io.millrace.journal;

/**
 * Switches off what Chronicle does unasked: calls home and files in the user's home, a banner, a thread that watches
 * the disk. It reads these properties when its classes load, so this runs before any of them. A property that is set
 * stays.
 */
final class ChronicleSettings {
    static {
        setIfAbsent("chronicle.analytics.disable", "true");
        setIfAbsent("chronicle.announcer.disable", "true");
        setIfAbsent("chronicle.disk.monitor.disable", "true");
        setIfAbsent("disable.perf.info", "true");
    }

    private ChronicleSettings() {}

    /** Makes sure that the static block ran. */
    static void apply() {}

    private static void setIfAbsent(String name, String value) {
        if (System.getProperty(name) == null) {
            System.setProperty(name, value);
        }
    }
}
