package io.millrace.ops.journal;

import io.millrace.journal.DirectoryHeldException;
import io.millrace.journal.LogKind;
import io.millrace.journal.Retention;
import io.millrace.journal.RetentionFloor;
import io.millrace.journal.RetentionPlan;
import io.millrace.journal.RetentionPolicy;
import io.millrace.journal.deadletter.DeadLetterReader;
import io.millrace.ops.command.CommonOptions;
import io.millrace.ops.command.DataDirectory;
import io.millrace.ops.command.DataOptions;
import io.millrace.ops.command.ExitCode;
import io.millrace.ops.command.Json;
import io.millrace.ops.command.LogOption;
import io.millrace.ops.command.TimeText;
import io.millrace.ops.config.ConfigException;
import io.millrace.ops.config.Units;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

/** {@code millrace journal prune}. */
@Command(
        name = "prune",
        description = {
            "Remove segments from the front of journal, outbox and dead letters that nothing needs any more.",
            "Without --yes it only tells what would go and why; what a snapshot or a sink needs always stays."
        },
        footer = {
            "",
            "--yes needs a directory that no process has; a run prunes by journal.retention of its configuration.",
            "Examples:",
            "  millrace journal prune",
            "  millrace journal prune --keep 10GiB --keep-age 7d --yes"
        })
final class PruneCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Mixin
    private DataOptions dataOptions = new DataOptions();

    @Option(
            names = "--log",
            paramLabel = "LOG",
            converter = LogOption.Name.class,
            description = "journal, outbox or deadletters; all if not given.")
    private @Nullable LogKind only;

    @Option(
            names = "--keep",
            paramLabel = "SIZE",
            converter = Size.class,
            description = "Bytes of each log to keep at most, such as 10GiB; what is needed stays beyond that.")
    private @Nullable Long keepLength;

    @Option(
            names = "--keep-age",
            paramLabel = "TIME",
            converter = Age.class,
            description = "Keep segments that ended within this time, such as 7d.")
    private @Nullable Long keepAgeNs;

    @Option(names = "--dry-run", description = "Only tell; so does leaving out --yes.")
    private boolean isDryRun;

    @Option(names = "--yes", description = "Remove them.")
    private boolean isConfirmed;

    @Override
    public Integer call() throws ConfigException {
        if (isDryRun && isConfirmed) {
            throw new ParameterException(spec.commandLine(), "--dry-run and --yes exclude each other");
        }
        DataDirectory data = dataOptions.openWithoutTypes();
        long length = 0;
        for (LogKind kind : only == null ? List.of(LogKind.values()) : List.of(only)) {
            RetentionPlan plan = plan(data.path(), kind);
            length += plan.removedLength();
            print(data.path(), plan);
        }
        if (!options.isJson()) {
            spec.commandLine()
                    .getOut()
                    .println(
                            isConfirmed
                                    ? Units.size(length) + " removed"
                                    : Units.size(length) + " would go; nothing was changed; --yes does it");
        }
        return ExitCode.OK;
    }

    private RetentionPlan plan(Path directory, LogKind kind) {
        long nowNs = new TimeText().convert("now");
        List<RetentionFloor> needed =
                kind == LogKind.DEAD_LETTERS ? List.of(DeadLetterReader.retentionFloor(directory)) : List.of();
        try {
            return isConfirmed
                    ? Retention.pruneDead(directory, kind, policy(), needed, nowNs)
                    : Retention.plan(directory, kind, policy(), needed, nowNs);
        } catch (DirectoryHeldException e) {
            spec.commandLine()
                    .getErr()
                    .println("millrace: a run prunes by itself after each snapshot: set journal.retention.maxBytes or"
                            + " maxAge in its configuration");
            throw e;
        }
    }

    /** Each bound alone lets a segment go; with none named, all goes that nothing needs. */
    private RetentionPolicy policy() {
        if (keepLength == null && keepAgeNs == null) {
            return RetentionPolicy.KEEP_NEEDED;
        }
        return new RetentionPolicy(
                keepLength == null ? Long.MAX_VALUE : keepLength,
                keepAgeNs == null ? Long.MAX_VALUE : keepAgeNs,
                false);
    }

    private void print(Path directory, RetentionPlan plan) {
        PrintWriter out = spec.commandLine().getOut();
        for (RetentionPlan.Segment segment : plan.segments()) {
            String file = directory.relativize(segment.file()).toString();
            if (options.isJson()) {
                Json.line(spec, json(plan.kind(), file, segment));
            } else {
                out.printf(
                        Locale.ROOT,
                        "%-7s %-36s %12d to %-12s %10s  %s%n",
                        what(segment.isRemoved()),
                        file,
                        segment.firstPlace(),
                        segment.endPlace() == Long.MAX_VALUE ? "its end" : Long.toString(segment.endPlace() - 1),
                        Units.size(segment.length()),
                        segment.reason());
            }
        }
    }

    private String what(boolean isRemoved) {
        return isRemoved ? isConfirmed ? "removed" : "remove" : "keep";
    }

    private Map<String, Object> json(LogKind kind, String file, RetentionPlan.Segment segment) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("log", kind.directoryName());
        fields.put("file", file);
        fields.put("firstPlace", segment.firstPlace());
        fields.put("endPlace", segment.endPlace() == Long.MAX_VALUE ? -1 : segment.endPlace());
        fields.put("length", segment.length());
        fields.put("isRemoved", segment.isRemoved() && isConfirmed);
        fields.put("wouldBeRemoved", segment.isRemoved());
        fields.put("reason", segment.reason());
        return fields;
    }

    /** Reads {@code 10GiB}. */
    static final class Size implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            Long length = Units.parseSize(text);
            if (length == null) {
                throw new TypeConversionException("'" + text + "' is no size (expected: such as 512MiB, 10GiB)");
            }
            return length;
        }
    }

    /** Reads {@code 7d}. */
    static final class Age implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            Long ageNs = Units.parseDurationNs(text);
            if (ageNs == null) {
                throw new TypeConversionException("'" + text + "' is no time (expected: such as 12h, 7d)");
            }
            return ageNs;
        }
    }
}
