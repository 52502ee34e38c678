package io.millrace.ops;

import io.millrace.journal.JournalException;
import io.millrace.ops.command.CommandException;
import io.millrace.ops.command.ExitCode;
import io.millrace.ops.command.StandardOutput;
import io.millrace.ops.command.Versions;
import io.millrace.ops.config.ConfigException;
import io.millrace.ops.deadletter.DeadLetterCommand;
import io.millrace.ops.journal.JournalCommand;
import io.millrace.ops.rule.RuleCommand;
import io.millrace.ops.sink.SinkCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code millrace} command. Results go to standard output, everything else to standard error. */
@Command(
        name = "millrace",
        description = "A low-latency event pipeline: journal, dedup, windows, patterns.",
        mixinStandardHelpOptions = true,
        versionProvider = Versions.Line.class,
        subcommands = {
            RunCommand.class,
            CheckCommand.class,
            JournalCommand.class,
            ReplayCommand.class,
            TraceCommand.class,
            SinkCommand.class,
            DeadLetterCommand.class,
            SnapshotCommand.class,
            SkipCommand.class,
            MatchCommand.class,
            ExplainCommand.class,
            WhyNotCommand.class,
            RuleCommand.class,
            VersionCommand.class,
            CommandLine.HelpCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "  0:all went well; a clean stop by SIGTERM too",
            "  1:a finding or a difference",
            "  2:wrong usage",
            " 65:data of ours is damaged",
            " 66:input cannot be read, or a bad row under --strict",
            " 70:a fault of ours",
            " 73:the data directory is held by another process",
            " 74:reading or writing failed",
            " 75:the storage is full",
            " 78:the configuration is wrong or a JVM flag is missing",
            "130:stopped by SIGINT (Ctrl-C)"
        },
        footer = {"", "Start with: millrace run"})
public final class MillraceCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Runs the command and ends the process with its status. */
    public static void main(String[] arguments) {
        StandardOutput out = new StandardOutput();
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int exitCode = out.end(commandLine(out, err).execute(arguments), err);
        err.flush();
        System.exit(exitCode);
    }

    static CommandLine commandLine(PrintWriter out, PrintWriter err) {
        return new CommandLine(new MillraceCommand())
                .setOut(out)
                .setErr(err)
                .setUsageHelpWidth(100)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(wrongUsage())
                .setExecutionExceptionHandler(failures());
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.USAGE;
    }

    /** Without the whole help, behind which the message would be out of sight. */
    private static IParameterExceptionHandler wrongUsage() {
        return (wrong, arguments) -> {
            CommandLine command = wrong.getCommandLine();
            PrintWriter err = command.getErr();
            err.println("millrace: " + wrong.getMessage());
            UnmatchedArgumentException.printSuggestions(wrong, err);
            err.print(command.getHelp().fullSynopsis());
            err.println("Try: " + command.getCommandSpec().qualifiedName() + " --help");
            return ExitCode.USAGE;
        };
    }

    private static IExecutionExceptionHandler failures() {
        return (failure, command, result) -> {
            PrintWriter err = command.getErr();
            if (failure instanceof CommandException known) {
                return known.tell(err);
            }
            if (failure instanceof JournalException journal) {
                return CommandException.of(journal.exitCode(), journal).tell(err);
            }
            if (failure instanceof ConfigException config) {
                err.println(config.getMessage());
                return ExitCode.CONFIG;
            }
            err.println(command.getColorScheme().richStackTraceString(failure));
            err.println("millrace: internal fault: " + failure + "; this should be reported with the lines above");
            return ExitCode.INTERNAL;
        };
    }
}
