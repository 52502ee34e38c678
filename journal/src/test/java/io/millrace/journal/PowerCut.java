package io.millrace.journal;

import java.io.IOException;
import java.nio.file.Path;

/** For tests in other packages: makes a journal that was closed look as if the power had failed before. */
public final class PowerCut {
    private PowerCut() {}

    public static void of(Path directory) throws IOException {
        Journals.cutPower(directory);
    }
}
