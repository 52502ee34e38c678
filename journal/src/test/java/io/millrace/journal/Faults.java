package io.millrace.journal;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.TestSeed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * How often the fault tests do what they do, and what they need: {@code -Pfaults} turns the counts up, {@code
 * -Dfaults.NAME=N} sets one, {@code -Dmillrace.test.seed=N} repeats a run.
 */
final class Faults {
    private Faults() {}

    /** {@return how often, by name} */
    static int count(String name, int usual, int campaign) {
        return Integer.getInteger("faults." + name, isCampaign() ? campaign : usual);
    }

    static boolean isCampaign() {
        return Boolean.getBoolean("faults.campaign");
    }

    /** {@return the seed, which is printed} */
    static long seed(String test) {
        return TestSeed.of(test);
    }

    /** Skips the test, which the report counts, where the machine does not allow it. */
    static void requireRoot(String... tools) throws IOException {
        Path self = Path.of("/proc/self");
        boolean isRoot = Files.exists(self) && (Integer) Files.getAttribute(self, "unix:uid") == 0;
        assumeTrue(isRoot, "skipped: needs root");
        requireTools(tools);
    }

    /** Skips the test, which the report counts, where a program is missing. */
    static void requireTools(String... tools) {
        for (String tool : tools) {
            boolean isThere = Arrays.stream(System.getenv("PATH").split(":"))
                    .anyMatch(directory -> Files.isExecutable(Path.of(directory, tool)));
            assumeTrue(isThere, "skipped: needs " + tool);
        }
    }
}
