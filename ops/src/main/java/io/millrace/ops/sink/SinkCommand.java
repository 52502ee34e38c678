package io.millrace.ops.sink;

import io.millrace.ops.command.ExitCode;
import io.millrace.ops.command.Versions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code millrace sink}: the readers of a data directory. */
@Command(
        name = "sink",
        description = {"Look at the sinks of a data directory: how far each is, and what it has not taken yet."},
        mixinStandardHelpOptions = true,
        versionProvider = Versions.Line.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ListCommand.class, ResetCommand.class},
        footer = {"", "Start with: millrace sink ls"})
public final class SinkCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.USAGE;
    }
}
