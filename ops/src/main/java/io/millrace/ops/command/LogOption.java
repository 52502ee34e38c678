package io.millrace.ops.command;

import io.millrace.journal.LogKind;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Which log of a data directory a command reads: mix it in beside {@link DataOptions}. */
public final class LogOption {
    @Option(
            names = "--log",
            paramLabel = "LOG",
            converter = Name.class,
            description =
                    "Log to read: journal (the events), outbox (the outputs) or deadletters; journal if not given.")
    private LogKind kind = LogKind.JOURNAL;

    public LogKind kind() {
        return kind;
    }

    /** Reads the name of a log's directory. */
    public static final class Name implements ITypeConverter<LogKind> {
        @Override
        public LogKind convert(String text) {
            for (LogKind kind : LogKind.values()) {
                if (kind.directoryName().equalsIgnoreCase(text)) {
                    return kind;
                }
            }
            List<String> names =
                    Arrays.stream(LogKind.values()).map(LogKind::directoryName).toList();
            throw new TypeConversionException("'" + text + "' is no log (expected: " + String.join(", ", names) + ")");
        }
    }
}
