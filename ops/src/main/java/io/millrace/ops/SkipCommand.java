package io.millrace.ops;

import io.millrace.journal.JournalSkip;
import io.millrace.ops.command.CommandException;
import io.millrace.ops.command.CommonOptions;
import io.millrace.ops.command.DataDirectory;
import io.millrace.ops.command.DataOptions;
import io.millrace.ops.command.ExitCode;
import io.millrace.ops.command.Json;
import io.millrace.ops.config.ConfigException;
import io.millrace.ops.config.RunConfig;
import java.util.concurrent.Callable;
import org.agrona.concurrent.SystemEpochNanoClock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace skip}. */
@Command(
        name = "skip",
        description = {
            "Pass over the record at which a pipeline halts, so that it can start again.",
            "The decision goes into the journal and the audit log: every replay honours it.",
            ""
        },
        footer = {"", "Example:", "  millrace skip 4711 --reason 'price 0, see ticket 80'"})
final class SkipCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Mixin
    private DataOptions dataOptions = new DataOptions();

    @Parameters(paramLabel = "SEQ", description = "Sequence of the record, as the halt names it.")
    private long sequence;

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why, for those who ask later.")
    private String reason = "";

    /** What is printed. */
    record Result(long skipped, long sequence, String reason) {}

    @Override
    public Integer call() throws ConfigException {
        DataDirectory data = dataOptions.openWithoutTypes();
        RunConfig config = data.config();
        if (config == null) {
            throw new CommandException(
                    ExitCode.CONFIG,
                    "cannot skip: no configuration is kept in " + data.path()
                            + " (expected: segment lengths); name the one that it was written with by -c FILE");
        }
        long record = JournalSkip.append(
                PipelineSetup.journal(config, data.path()), sequence, reason, new SystemEpochNanoClock().nanoTime());
        if (options.isJson()) {
            Json.print(spec, new Result(sequence, record, reason));
        } else {
            spec.commandLine()
                    .getOut()
                    .println("skipped: sequence=" + sequence + "; the decision is sequence=" + record
                            + ", start the pipeline again");
        }
        return ExitCode.OK;
    }
}
