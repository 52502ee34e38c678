package io.millrace.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Which run of the operating system this is. Within one boot the page cache survives every process, so what a dead
 * process wrote is all there; across boots it may be there in part.
 *
 * <p>{@code -Dmillrace.boot.id=NAME} puts another name in its place: for tests that cut the power of a file system
 * only, and for a volume that was torn from a machine that ran on.
 */
final class BootId {
    static final String PROPERTY = "millrace.boot.id";
    /** Equal to no boot, itself included. */
    static final String UNKNOWN = "unknown";

    private static final Path FILE = Path.of("/proc/sys/kernel/random/boot_id");
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9-]{1,64}");

    private BootId() {}

    static String current() {
        String chosen = System.getProperty(PROPERTY);
        String id = chosen == null ? read() : chosen;
        if (!FORM.matcher(id).matches()) {
            throw new JournalException(
                    JournalException.EXIT_CONFIG,
                    "cannot open journal: " + PROPERTY + '=' + id + " (expected: " + FORM + "); correct it",
                    null);
        }
        return id;
    }

    static boolean isCurrent(String id) {
        return !id.equals(UNKNOWN) && id.equals(current());
    }

    private static String read() {
        try {
            return Files.readString(FILE).trim();
        } catch (IOException e) {
            return UNKNOWN;
        }
    }
}
