package io.millrace.ops;

import io.millrace.event.Event;
import io.millrace.journal.LogKind;
import io.millrace.journal.replay.ReplayComparison;
import io.millrace.journal.replay.ReplayPace;
import io.millrace.journal.replay.ReplayRange;
import io.millrace.journal.replay.ReplaySession;
import io.millrace.journal.replay.WhatIf;
import io.millrace.ops.command.CommandException;
import io.millrace.ops.command.CommonOptions;
import io.millrace.ops.command.DataDirectory;
import io.millrace.ops.command.DataOptions;
import io.millrace.ops.command.ExitCode;
import io.millrace.ops.command.RecordPrinter;
import io.millrace.ops.config.ConfigException;
import io.millrace.ops.config.ConfigReader;
import io.millrace.ops.config.RunConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code millrace replay}. */
@Command(
        name = "replay",
        description = {
            "Run accepted events again and print the outputs; nothing is written and no sink is told.",
            "The data may be in use by a running pipeline or not; a replay takes no lock.",
            ""
        },
        footer = {
            "",
            "--compare and --what-if end with exit code 1 if there is a difference.",
            "Examples:",
            "  millrace replay --pace x1000",
            "  millrace replay --from 1000 --to 1999 --step",
            "  millrace replay --compare",
            "  millrace replay --what-if strict.yaml --from-time 2001-01-05"
        })
final class ReplayCommand implements Callable<Integer> {
    private static final String QUIT = "q";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Mixin
    private DataOptions dataOptions = new DataOptions();

    @Mixin
    private ReplayRangeOptions range = new ReplayRangeOptions();

    @Option(
            names = "--pace",
            paramLabel = "max|xN",
            converter = Speed.class,
            description = "As fast as it goes (max, if not given), or N times as fast as events were published.")
    private ReplayPace pace = ReplayPace.max();

    @Option(names = "--step", description = "Event by event: Enter for the next, q to end.")
    private boolean isStepping;

    @Option(names = "--compare", description = "Compare with what live put out, and name the first that differs.")
    private boolean isComparing;

    @Option(
            names = "--what-if",
            paramLabel = "FILE",
            description = "Replay under another configuration as well, and show how the outputs differ.")
    private @Nullable Path whatIf;

    @Option(
            names = "--rows",
            paramLabel = "N",
            description = "Differences of --what-if to show, 20 if not given; all are counted.")
    private int rowCount = 20;

    @Override
    public Integer call() throws ConfigException, IOException {
        requireOneMode();
        DataDirectory data = dataOptions.open();
        RunConfig config = data.config();
        if (config == null) {
            throw new CommandException(
                    ExitCode.CONFIG,
                    "cannot replay: no configuration is kept in " + data.path()
                            + " (expected: operators); name the one that it was written with by -c FILE");
        }
        ReplayRange wanted = range.range();
        if (isComparing) {
            return compare(data, config, wanted);
        }
        return whatIf == null ? replay(data, config, wanted) : whatIf(data, config, whatIf, wanted);
    }

    private void requireOneMode() {
        int modes = (isStepping ? 1 : 0) + (isComparing ? 1 : 0) + (whatIf == null ? 0 : 1);
        if (modes > 1 || (modes == 1 && !pace.toString().equals("max"))) {
            throw new ParameterException(
                    spec.commandLine(), "--pace, --step, --compare and --what-if exclude one another");
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private int replay(DataDirectory data, RunConfig config, ReplayRange wanted) throws IOException {
        RecordPrinter outputs = new RecordPrinter(out(), data, LogKind.OUTBOX, options.isJson(), false);
        outputs.head();
        long beganNs = System.nanoTime();
        try (ReplaySession session = ReplaySession.open(
                data.path(), PipelineSetup.replay(config), wanted, output -> outputs.print(output, outputs.count()))) {
            if (isStepping) {
                step(session, new RecordPrinter(out(), data, LogKind.JOURNAL, options.isJson(), false));
            } else {
                session.run(pace);
            }
            outputs.flush();
            tell(session, System.nanoTime() - beganNs);
        }
        return ExitCode.OK;
    }

    private void step(ReplaySession session, RecordPrinter records) throws IOException {
        boolean isGoingOn = true;
        while (isGoingOn) {
            isGoingOn = session.step();
            if (isGoingOn) {
                Event record = session.record();
                records.print(record, record.sequence());
                records.flush();
                isGoingOn = isNextWanted();
            }
        }
    }

    private static boolean isNextWanted() throws IOException {
        StringBuilder line = new StringBuilder();
        int read = System.in.read();
        while (read >= 0 && read != '\n') {
            line.append((char) read);
            read = System.in.read();
        }
        return read >= 0 && !QUIT.contentEquals(line.toString().strip());
    }

    private void tell(ReplaySession session, long durationNs) {
        double seconds = durationNs / (double) TimeUnit.SECONDS.toNanos(1);
        if (session.recordCount() == 0) {
            spec.commandLine()
                    .getErr()
                    .println("millrace: no record lies in that range, nothing was replayed;"
                            + " `millrace journal stat` shows what there is");
            return;
        }
        spec.commandLine()
                .getErr()
                .println(String.format(
                        Locale.ROOT,
                        "millrace: replayed %,d records to sequence %,d, %,d outputs, in %.2f s (pace %s);"
                                + " state hash %016x",
                        session.recordCount(),
                        session.sequence(),
                        session.outputCount(),
                        seconds,
                        pace,
                        session.stateHash()));
    }

    private int compare(DataDirectory data, RunConfig config, ReplayRange wanted) {
        ReplayComparison result = ReplayComparison.run(data.path(), () -> PipelineSetup.replay(config), wanted);
        new ReplayText(spec, data, data).comparison(result, options.isJson());
        return result.divergence() == null ? ExitCode.OK : ExitCode.DIFFERENCE;
    }

    private int whatIf(DataDirectory data, RunConfig config, Path file, ReplayRange wanted) throws ConfigException {
        RunConfig other = ConfigReader.read(file, null, input -> null);
        WhatIf result =
                WhatIf.run(data.path(), PipelineSetup.replay(config), PipelineSetup.replay(other), wanted, rowCount);
        DataDirectory right =
                DataDirectory.open(data.path(), other, spec.commandLine().getErr());
        new ReplayText(spec, data, right).whatIf(result, config, other, options.isJson());
        return result.isSame() ? ExitCode.OK : ExitCode.DIFFERENCE;
    }

    /** Reads {@code max}, {@code x1000} or {@code 1000}. */
    static final class Speed implements ITypeConverter<ReplayPace> {
        @Override
        public ReplayPace convert(String text) {
            try {
                return text.equals("max")
                        ? ReplayPace.max()
                        : ReplayPace.times(Double.parseDouble(text.startsWith("x") ? text.substring(1) : text));
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("'" + text + "' is no pace (expected: max, or xN with N above 0)");
            }
        }
    }
}
