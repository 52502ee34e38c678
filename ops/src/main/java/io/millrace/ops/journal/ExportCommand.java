package io.millrace.ops.journal;

import io.millrace.event.Event;
import io.millrace.event.EventType;
import io.millrace.event.SystemTypes;
import io.millrace.journal.LogKind;
import io.millrace.ops.command.ByteProgress;
import io.millrace.ops.command.CommonOptions;
import io.millrace.ops.command.DataDirectory;
import io.millrace.ops.command.DataOptions;
import io.millrace.ops.command.ExitCode;
import io.millrace.ops.command.Json;
import io.millrace.ops.command.LogOption;
import io.millrace.ops.command.RangeOptions;
import io.millrace.ops.command.RecordFilter;
import io.millrace.ops.command.RecordJson;
import io.millrace.ops.command.RecordScan;
import io.millrace.ops.command.StandardOutput;
import io.millrace.ops.config.ConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace journal export}. */
@Command(
        name = "export",
        description = {
            "Write records to a file as JSON lines or CSV, or copy frames to another data directory.",
            "A file appears when it is whole; if that fails nothing is left of it."
        },
        footer = {
            "",
            "csv has the fields of one type as columns. frames makes a log that every command reads and that",
            "`millrace run` goes on with; it begins at the beginning and ends with the frame that has --to.",
            "Examples:",
            "  millrace journal export --out flights.jsonl --from 1000 --to 1999",
            "  millrace journal export --format csv --log outbox --type Match --out matches.csv",
            "  millrace journal export --format frames --to 9999 --out data/copy"
        })
final class ExportCommand implements Callable<Integer> {
    private static final String STANDARD_OUTPUT = "-";
    private static final int LINES_PER_CHECK = 1024;

    /** How records are written. */
    enum Format {
        JSONL,
        CSV,
        FRAMES
    }

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Mixin
    private DataOptions dataOptions = new DataOptions();

    @Mixin
    private LogOption log = new LogOption();

    @Mixin
    private RangeOptions range = new RangeOptions();

    @Option(names = "--format", paramLabel = "FORMAT", description = "jsonl, csv or frames; jsonl if not given.")
    private Format format = Format.JSONL;

    @Option(
            names = "--out",
            paramLabel = "FILE|DIR|-",
            required = true,
            description = "File to write, - for standard output; with frames a directory. It must not be there yet.")
    private String out = STANDARD_OUTPUT;

    @Override
    public Integer call() throws ConfigException {
        DataDirectory data = dataOptions.open();
        RecordFilter filter = range.filter(data);
        try {
            if (format == Format.FRAMES) {
                return copy(data, filter);
            }
            if (out.equals(STANDARD_OUTPUT)) {
                write(data, filter, spec.commandLine().getOut());
                return ExitCode.OK;
            }
            try (ExportFile file = ExportFile.create(Path.of(out))) {
                long count = write(data, filter, file.writer());
                file.end();
                say(count, file.length(), Path.of(out), Map.of());
            }
            return ExitCode.OK;
        } catch (IOException e) {
            throw ExportFile.failed(Path.of(out), e);
        }
    }

    private int copy(DataDirectory data, RecordFilter filter) throws IOException {
        boolean isPrefix = filter.fromPlace() == 0
                && filter.fromTimeNs() == Long.MIN_VALUE
                && filter.toTimeNs() == Long.MAX_VALUE
                && filter.conditions().isEmpty();
        if (!isPrefix || out.equals(STANDARD_OUTPUT)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "cannot copy frames: a log has no gaps (expected: --to alone, and a directory as --out)");
        }
        ByteProgress progress = new ByteProgress(
                spec.commandLine().getErr(), "copied", FrameCopy.writtenLength(data.path(), log.kind()));
        long endPlace = FrameCopy.copy(data, log.kind(), filter.toPlace(), Path.of(out), progress);
        progress.end();
        say(endPlace, progress.length(), Path.of(out), Map.of("endPlace", endPlace));
        return ExitCode.OK;
    }

    private long write(DataDirectory data, RecordFilter filter, PrintWriter target) {
        EventType type = format == Format.CSV ? csvType(data) : null;
        RecordCsv csv = type == null ? null : new RecordCsv(data, log.kind(), type);
        RecordJson json = new RecordJson(data, log.kind());
        BiFunction<Event, Long, String> line = csv == null ? json::line : csv::row;
        if (csv != null) {
            target.println(csv.head());
        }
        RecordFilter wanted = type == null ? filter : filter.and(List.of(event -> event.typeId() == type.id()));
        long count = 0;
        Event record = new Event();
        try (RecordScan scan = RecordScan.open(data, log.kind(), wanted)) {
            while (scan.next(record)) {
                target.println(line.apply(record, scan.place()));
                if (++count % LINES_PER_CHECK == 0) {
                    StandardOutput.check(target);
                }
            }
            scan.sayTornTail(spec.commandLine().getErr());
        }
        return count;
    }

    private EventType csvType(DataDirectory data) {
        List<EventType> types = data.types().all().stream()
                .filter(type -> range.types().isEmpty()
                        ? (type.id() < SystemTypes.ID_MIN) == (log.kind() == LogKind.JOURNAL)
                        : range.types().stream().anyMatch(type.name()::equalsIgnoreCase))
                .toList();
        if (types.size() != 1 || log.kind() == LogKind.DEAD_LETTERS) {
            throw new ParameterException(
                    spec.commandLine(),
                    "csv needs one type with fields: --type=" + String.join(",", range.types()) + " (expected: one of "
                            + data.types().all() + ", of journal or outbox)");
        }
        return types.get(0);
    }

    private void say(long count, long length, Path target, Map<String, Object> more) {
        if (options.isJson()) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("file", target.toString());
            result.put("records", count);
            result.put("length", length);
            result.putAll(more);
            Json.print(spec, result);
        } else {
            spec.commandLine()
                    .getErr()
                    .println(String.format(Locale.ROOT, "millrace: %,d records written to %s", count, target));
        }
    }
}
