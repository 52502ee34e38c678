package io.millrace.ops.journal;

import io.millrace.ops.command.ExitCode;
import io.millrace.ops.command.Versions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code millrace journal}: what a data directory holds. */
@Command(
        name = "journal",
        description = {
            "Look at what a data directory holds: events, outputs, dead letters.",
            "It may be in use by a running pipeline or not; looking takes no lock and changes nothing."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Versions.Line.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ListCommand.class,
            StatCommand.class,
            CatCommand.class,
            TailCommand.class,
            SearchCommand.class,
            VerifyCommand.class,
            RepairCommand.class,
            ExportCommand.class,
            PruneCommand.class
        },
        footer = {"", "Start with: millrace journal cat --limit 10"})
public final class JournalCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.USAGE;
    }
}
