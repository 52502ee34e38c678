package io.millrace.ops.rule;

import io.millrace.ops.command.ExitCode;
import io.millrace.ops.command.Versions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code millrace rule}. */
@Command(
        name = "rule",
        description = {
            "Deploy, replace, pause and take away operators while a pipeline runs.",
            "Each change is a record of the journal and takes effect between two events, in every replay too."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Versions.Line.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ListCommand.class,
            DeployCommand.class,
            ReplaceCommand.class,
            PauseCommand.class,
            ResumeCommand.class,
            UndeployCommand.class
        },
        footer = {"", "Start with: millrace rule ls"})
public final class RuleCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.USAGE;
    }
}
