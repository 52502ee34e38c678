package io.millrace.ops.deadletter;

import io.millrace.ops.command.ExitCode;
import io.millrace.ops.command.Versions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code millrace dlq}: what could not be processed. */
@Command(
        name = "dlq",
        description = {
            "Look at dead letters: rows that were no events, and events or outputs that a handler gave up.",
            "What is to become of them is asked for, and done by the run that has the directory or the next one."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Versions.Line.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ListCommand.class, ShowCommand.class, RedriveCommand.class, DiscardCommand.class},
        footer = {"", "Start with: millrace dlq ls"})
public final class DeadLetterCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.USAGE;
    }
}
