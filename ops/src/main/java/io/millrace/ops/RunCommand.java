package io.millrace.ops;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code millrace run}. */
@Command(name = "run", description = "Run a pipeline on an input.")
final class RunCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        return ExitCode.OK;
    }
}
