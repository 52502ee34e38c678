package io.millrace.ops;

import io.millrace.ops.command.CommandException;
import io.millrace.ops.command.ExitCode;
import io.millrace.thread.JvmFlags;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** The flags of {@code ops/bin/jvm.flags}, which the build packs beside this class. */
final class FlagFile {
    private FlagFile() {}

    /** {@return all flags, in the order of the file} */
    static List<String> flags() {
        try (InputStream file = Objects.requireNonNull(FlagFile.class.getResourceAsStream("jvm.flags"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Refuses a JVM without the flags that open the JDK: Chronicle and Agrona would fail later and elsewhere. */
    static void check() {
        try {
            JvmFlags.require(flags().stream()
                    .filter(flag -> flag.startsWith("--add-opens=") || flag.startsWith("--add-exports="))
                    .toList());
        } catch (IllegalStateException e) {
            throw CommandException.of(ExitCode.CONFIG, e);
        }
    }
}
