package io.millrace.ops.command;

import io.millrace.ops.config.ConfigException;
import io.millrace.ops.config.ConfigReader;
import io.millrace.ops.config.RunConfig;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Which data directory a command looks at: mix it in beside {@link CommonOptions}. */
public final class DataOptions {
    /** Of the flights example, in the project. */
    public static final String EXAMPLE_DATA = "ops/target/data/flights";

    @Spec(Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Data directory; data/NAME of the configuration if not given, that of the flights example without"
                            + " one.")
    private @Nullable Path directory;

    @Option(
            names = "-c",
            paramLabel = "FILE",
            description = "Configuration that names the event types; the copy in the data directory if not given.")
    private @Nullable Path config;

    /**
     * {@return the directory, which is there and is one of ours}
     *
     * @throws CommandException with status 66 if it is not
     */
    public DataDirectory open() throws ConfigException {
        RunConfig read = config == null ? null : ConfigReader.read(config, null, input -> null);
        return DataDirectory.open(path(read), read, spec.commandLine().getErr());
    }

    /** {@return the directory as {@link #open} does, for commands that show no payloads} */
    public DataDirectory openWithoutTypes() throws ConfigException {
        RunConfig read = config == null ? null : ConfigReader.read(config, null, input -> null);
        return DataDirectory.open(path(read), read, new PrintWriter(Writer.nullWriter()));
    }

    private Path path(@Nullable RunConfig read) {
        if (directory != null) {
            if (directory.toString().isEmpty()) {
                throw wrong("Invalid value for option '--data': '' is no directory");
            }
            return directory;
        }
        if (read != null) {
            return Path.of("data", read.pipeline().name());
        }
        String home = System.getProperty("millrace.home");
        if (home == null) {
            throw wrong("Missing --data DIR: only ops/bin/millrace knows where the flights example is");
        }
        return Path.of(home, EXAMPLE_DATA);
    }

    private ParameterException wrong(String what) {
        return new ParameterException(spec.commandLine(), what);
    }
}
