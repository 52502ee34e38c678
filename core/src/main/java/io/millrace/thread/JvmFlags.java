package io.millrace.thread;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Looks at start for the JVM flags without which a library would fail later and elsewhere, with an error that names no
 * flag. A runnable jar or {@code ops/bin/millrace} brings them; who embeds the pipeline has to give them.
 */
public final class JvmFlags {
    /** What core needs: Agrona's buffers read memory through the JDK's internal Unsafe. */
    public static final List<String> CORE = List.of("--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED");

    private static final String EXPORTS = "--add-exports=";
    private static final String OPENS = "--add-opens=";

    private JvmFlags() {}

    /**
     * Checks that this JVM was started with the given flags.
     *
     * @param flags of the form {@code --add-exports=MODULE/PACKAGE=ALL-UNNAMED} or {@code --add-opens=...}
     * @throws IllegalStateException if any is missing, with the lines to paste
     */
    public static void require(List<String> flags) {
        require(flags, JvmFlags::isSet);
    }

    static void require(List<String> flags, Predicate<String> isSet) {
        List<String> missing = new ArrayList<>();
        for (String flag : flags) {
            if (!isSet.test(flag)) {
                missing.add(flag);
            }
        }
        if (!missing.isEmpty()) {
            throw new IllegalStateException(message(missing));
        }
    }

    /** {@return whether the flag's package is open or exported to the class path} */
    static boolean isSet(String flag) {
        boolean opens = flag.startsWith(OPENS);
        int slash = flag.indexOf('/');
        int end = flag.lastIndexOf('=');
        if (!(opens || flag.startsWith(EXPORTS)) || slash < 0 || end < slash) {
            throw new IllegalArgumentException("cannot check JVM flag: flag=" + flag
                    + " (expected: --add-exports=MODULE/PACKAGE=ALL-UNNAMED or --add-opens=...); spell it out");
        }
        String packageName = flag.substring(slash + 1, end);
        Module unnamed = JvmFlags.class.getModule();
        return ModuleLayer.boot()
                .findModule(flag.substring(flag.indexOf('=') + 1, slash))
                .map(module -> opens ? module.isOpen(packageName, unnamed) : module.isExported(packageName, unnamed))
                .orElse(false);
    }

    private static String message(List<String> missing) {
        return "cannot start: missing JVM flags=" + missing.size()
                + " (expected: 0); add to the java command line, or to JDK_JAVA_OPTIONS:\n    "
                + String.join("\n    ", missing);
    }
}
