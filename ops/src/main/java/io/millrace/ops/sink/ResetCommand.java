package io.millrace.ops.sink;

import io.millrace.journal.LogKind;
import io.millrace.journal.outbox.SinkReset;
import io.millrace.ops.command.CommonOptions;
import io.millrace.ops.command.DataDirectory;
import io.millrace.ops.command.DataOptions;
import io.millrace.ops.command.ExitCode;
import io.millrace.ops.command.Json;
import io.millrace.ops.command.TimeText;
import io.millrace.ops.config.ConfigException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.agrona.concurrent.SystemEpochNanoClock;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace sink reset}. */
@Command(
        name = "reset",
        description = {
            "Put a sink elsewhere in its log. Says what that would do; --yes does it.",
            "The directory must not be in use (exit code 73): stop the run first."
        },
        footer = {
            "",
            "A sink that is effectively once, such as json-lines, passes over what its file has already.",
            "Examples:",
            "  millrace sink reset alerts --to earliest",
            "  millrace sink reset alerts --to now-1h --yes --reason \"target was restored from backup\""
        })
final class ResetCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Mixin
    private DataOptions dataOptions = new DataOptions();

    @Parameters(paramLabel = "NAME", description = "Name of the sink.")
    private String name = "";

    @Option(
            names = "--to",
            required = true,
            paramLabel = "PLACE",
            converter = TargetText.class,
            description =
                    "earliest, latest, a sequence (of the cause), or a time of publication: " + TimeText.FORMS + ".")
    private SinkReset.Target target = SinkReset.Target.latest();

    @Option(names = "--journal", description = "It is a sink of accepted events.")
    private boolean isOfJournal;

    @Option(names = "--yes", description = "Do it.")
    private boolean isDoing;

    @Option(names = "--reason", paramLabel = "TEXT", description = "For the audit log.")
    private String reason = "";

    /**
     * What is printed.
     *
     * @param count records that come again if negative, that are passed over if positive
     */
    record Result(
            String sink,
            String log,
            String target,
            long from,
            long to,
            long count,
            long end,
            boolean wasDetached,
            boolean isDone) {}

    @Override
    public Integer call() throws ConfigException {
        DataDirectory data = dataOptions.open();
        LogKind source = isOfJournal ? LogKind.JOURNAL : LogKind.OUTBOX;
        SinkReset reset = isDoing
                ? SinkReset.apply(data.path(), source, name, target, reason, new SystemEpochNanoClock().nanoTime())
                : SinkReset.plan(data.path(), source, name, target);
        Result result = new Result(
                name,
                source.directoryName(),
                target.text(),
                reset.from().next(),
                reset.to().next(),
                reset.count(),
                reset.end(),
                reset.from().isDetached(),
                isDoing);
        if (options.isJson()) {
            Json.print(spec, result);
        } else {
            print(spec.commandLine().getOut(), result);
        }
        return ExitCode.OK;
    }

    private static void print(PrintWriter out, Result result) {
        out.println((result.isDone() ? "sink is reset: " : "would reset sink: ") + "name=" + result.sink() + ", from="
                + result.from() + ", to=" + result.to() + " (" + result.target() + ", end=" + result.end() + "): "
                + effect(result.count()) + (result.wasDetached() ? ", and it is attached again" : ""));
        if (!result.isDone()) {
            out.println("nothing was changed; --yes does it");
        }
    }

    private static String effect(long count) {
        if (count == 0) {
            return "it stays where it is";
        }
        return count < 0 ? -count + " records come again" : count + " records are passed over";
    }

    /** Reads {@code earliest}, {@code latest}, a number or a time. */
    static final class TargetText implements ITypeConverter<SinkReset.Target> {
        @Override
        public SinkReset.Target convert(String text) {
            if (text.equals("earliest")) {
                return SinkReset.Target.earliest();
            }
            if (text.equals("latest")) {
                return SinkReset.Target.latest();
            }
            if (text.matches("[0-9]{1,18}")) {
                return SinkReset.Target.sequence(Long.parseLong(text));
            }
            return SinkReset.Target.time(new TimeText().convert(text), text);
        }
    }
}
