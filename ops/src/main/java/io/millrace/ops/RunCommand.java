package io.millrace.ops;

import io.millrace.ops.command.CommonOptions;
import io.millrace.ops.command.DataOptions;
import io.millrace.ops.command.Json;
import io.millrace.ops.command.Signals;
import io.millrace.ops.config.ConfigException;
import io.millrace.ops.config.ConfigReader;
import io.millrace.ops.config.RunConfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code millrace run}. */
@Command(
        name = "run",
        description = {
            "Run a pipeline on an input; without -c, the flights example.",
            "On the same data directory it recovers what was there, and goes on.",
            ""
        },
        footer = {
            "",
            "Ctrl-C stops: what was read is processed, then the summary is shown (exit code 130).",
            "Examples:",
            "  millrace run",
            "  millrace run -c trades.yaml --input trades.csv --data /var/lib/trades --flush",
            "  tail -F trades.jsonl | millrace run -c trades.yaml --input -"
        })
final class RunCommand implements Callable<Integer> {
    private static final String EXAMPLE = "ops/examples/flights/flights.yaml";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Option(names = "-c", paramLabel = "FILE", description = "Configuration; see ops/README.md.")
    private @Nullable Path config;

    @Option(names = "--input", paramLabel = "FILE|-", description = "Input to read instead of the configured one.")
    private @Nullable String input;

    @Option(names = "--data", paramLabel = "DIR", description = "Data directory; data/NAME if not given.")
    private @Nullable Path data;

    @Option(names = "--flush", description = "At the end of the input close all windows.")
    private boolean isFlushing;

    @Option(names = "--strict", description = "Stop at the first bad row (exit code 66).")
    private boolean isStrict;

    @Option(
            names = "--reconfigure",
            description =
                    "Let operators change on existing data: what changed starts empty, what is gone is forgotten.")
    private boolean isReconfiguring;

    @Option(
            names = "--rate",
            paramLabel = "N/s",
            converter = Rate.class,
            description = "Publish by planned times, N events a second, instead of as fast as it goes.")
    private long ratePerSecond;

    @Override
    public Integer call() throws ConfigException {
        FlagFile.check();
        Signals signals = Signals.install();
        boolean isExample = config == null;
        RunConfig read = ConfigReader.read(config == null ? home(EXAMPLE) : config, input, CsvHeader::columns);
        Memory.of(read).check(Runtime.getRuntime().maxMemory());
        RunSession.Options runOptions = new RunSession.Options(
                dataDirectory(read, isExample), isFlushing || isExample, isStrict, isReconfiguring, ratePerSecond);
        PrintWriter err = spec.commandLine().getErr();
        RunSession session = new RunSession(read, runOptions, signals, err);
        RunSummary summary = session.run();
        if (options.isJson()) {
            Json.print(spec, summary);
        } else {
            SummaryText.print(spec.commandLine().getOut(), summary);
        }
        return session.exitCode();
    }

    private Path dataDirectory(RunConfig read, boolean isExample) {
        if (data != null) {
            if (data.toString().isEmpty()) {
                throw new ParameterException(
                        spec.commandLine(), "Invalid value for option '--data': '' is no directory");
            }
            return data;
        }
        return isExample
                ? home(DataOptions.EXAMPLE_DATA)
                : Path.of("data", read.pipeline().name());
    }

    /** {@return a path in the project that {@code ops/bin/millrace} belongs to} */
    private Path home(String path) {
        String home = System.getProperty("millrace.home");
        if (home == null) {
            throw new ParameterException(
                    spec.commandLine(), "Missing -c FILE: only ops/bin/millrace knows where the flights example is");
        }
        return Path.of(home, path);
    }

    /** Reads {@code 5000/s} or {@code 5000}. */
    static final class Rate implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            long ratePerSecond = Pace.parse(text);
            if (ratePerSecond == 0) {
                throw new TypeConversionException("'" + text + "' is not a rate (expected: N/s, N at least 1)");
            }
            return ratePerSecond;
        }
    }
}
