package io.millrace.ops;

import io.millrace.ops.command.ExitCode;
import io.millrace.ops.command.Versions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code millrace snapshot}. */
@Command(
        name = "snapshot",
        description = {"Look at the snapshots of a data directory, take one, prove one."},
        mixinStandardHelpOptions = true,
        versionProvider = Versions.Line.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {SnapshotListCommand.class, SnapshotTakeCommand.class, SnapshotVerifyCommand.class},
        footer = {"", "Start with: millrace snapshot ls"})
final class SnapshotCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.USAGE;
    }
}
