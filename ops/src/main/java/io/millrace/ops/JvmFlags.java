package io.millrace.ops;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** The flags of {@code ops/bin/jvm.flags}, and whether this JVM has them. */
final class JvmFlags {
    private JvmFlags() {}

    /** {@return all flags, in the order of the file} */
    static List<String> all() {
        try (InputStream file = Objects.requireNonNull(JvmFlags.class.getResourceAsStream("jvm.flags"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return those without which Chronicle or Agrona fails later and elsewhere, and which this JVM was not given} */
    static List<String> missing() {
        return all().stream().filter(JvmFlags::isMissing).toList();
    }

    /** Throws what to paste if a flag is missing. */
    static void check() {
        List<String> missing = missing();
        if (!missing.isEmpty()) {
            throw new CommandException(
                    ExitCode.CONFIG,
                    "cannot start: JVM flags missing=" + missing.size() + " (expected: those of ops/bin/jvm.flags);"
                            + " use ops/bin/millrace or add to java:\n" + String.join(" ", missing));
        }
    }

    private static boolean isMissing(String flag) {
        Module base = Object.class.getModule();
        Module self = JvmFlags.class.getModule();
        String value = flag.substring(flag.indexOf('=') + 1);
        if (flag.startsWith("--add-opens=")) {
            return !base.isOpen(packageName(value), self);
        }
        if (flag.startsWith("--add-exports=")) {
            return !base.isExported(packageName(value), self);
        }
        return flag.startsWith("-D") && !value.equals(System.getProperty(flag.substring(2, flag.indexOf('='))));
    }

    /** {@return {@code sun.nio.ch} of {@code java.base/sun.nio.ch=ALL-UNNAMED}} */
    private static String packageName(String value) {
        return value.substring(value.indexOf('/') + 1, value.indexOf('='));
    }
}
