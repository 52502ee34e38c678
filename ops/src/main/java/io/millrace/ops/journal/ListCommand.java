package io.millrace.ops.journal;

import io.millrace.journal.LogKind;
import io.millrace.journal.LogStart;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace journal ls}. */
@Command(
        name = "ls",
        description = {
            "List starts and segments: which records they hold, of which times, in how many bytes.",
            "A segment is finished, open (being written), cut short (its writer died), left out (by a recovery)",
            "or damaged."
        },
        footer = {"", "Examples:", "  millrace journal ls", "  millrace journal ls --log outbox --json"})
final class ListCommand implements Callable<Integer> {
    private static final String COLUMNS = "  %-18s %12s %12s  %-20s  %-20s %12s %10s %10s  %s";

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

    private final Set<String> problems = new LinkedHashSet<>();

    @Override
    public Integer call() throws ConfigException {
        DataDirectory data = dataOptions.openWithoutTypes();
        boolean isHeld = data.holder() != null;
        for (LogKind kind : only == null ? List.of(LogKind.values()) : List.of(only)) {
            show(data, LogStart.list(data.path(), kind), isHeld);
        }
        problems.forEach(problem -> spec.commandLine().getErr().println("millrace: " + problem));
        return problems.isEmpty() ? ExitCode.OK : ExitCode.DATA_DAMAGED;
    }

    private void show(DataDirectory data, List<LogStart> starts, boolean isHeld) {
        for (int i = 0; i < starts.size(); i++) {
            LogStart start = starts.get(i);
            long end = i + 1 < starts.size() ? starts.get(i + 1).firstPlace() : Long.MAX_VALUE;
            List<SegmentRow> rows = SegmentRow.of(data, start, end, isHeld);
            rows.stream()
                    .map(SegmentRow::problem)
                    .filter(problem -> !problem.isEmpty())
                    .forEach(problems::add);
            if (options.isJson()) {
                rows.forEach(row -> Json.line(spec, json(data.path(), start, row)));
            } else {
                print(start, rows);
            }
        }
    }

    private void print(LogStart start, List<SegmentRow> rows) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "%s, start %d of %s, epoch %d%s%n",
                start.kind().directoryName(),
                start.number(),
                TimeText.of(start.timeNs()),
                start.epoch(),
                rows.isEmpty() ? ": nothing was written" : "");
        if (!rows.isEmpty()) {
            line(out, "segment", "first", "last", "least event time", "greatest", "records", "written", "reserved", "");
        }
        rows.forEach(row -> print(out, row));
    }

    private static void print(PrintWriter out, SegmentRow row) {
        boolean hasRecords = row.recordCount() > 0;
        line(
                out,
                String.valueOf(row.segment().file().getFileName()),
                Long.toString(row.firstPlace()),
                hasRecords ? Long.toString(row.endPlace() - 1) : "-",
                time(row.minTimestampNs(), hasRecords),
                time(row.maxTimestampNs(), hasRecords),
                String.format(Locale.ROOT, "%,d", row.recordCount()),
                Units.size(row.segment().writtenLength()),
                Units.size(row.segment().fileLength()),
                row.state().toString());
    }

    /** Without fractions of a second, for the table's sake. */
    private static String time(long timeNs, boolean hasRecords) {
        long second = 1_000_000_000L;
        return hasRecords ? TimeText.of(Math.floorDiv(timeNs, second) * second) : "-";
    }

    private static void line(PrintWriter out, Object... columns) {
        out.println(String.format(Locale.ROOT, COLUMNS, columns).stripTrailing());
    }

    private static Map<String, Object> json(Path directory, LogStart start, SegmentRow row) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("log", start.kind().directoryName());
        fields.put("start", start.number());
        fields.put("startTime", TimeText.of(start.timeNs()));
        fields.put("epoch", start.epoch());
        fields.put("file", directory.relativize(row.segment().file()).toString());
        fields.put("state", row.state().toString());
        fields.put("firstPlace", row.firstPlace());
        fields.put("endPlace", row.endPlace());
        fields.put("records", row.recordCount());
        fields.put("minTime", row.recordCount() > 0 ? TimeText.of(row.minTimestampNs()) : null);
        fields.put("maxTime", row.recordCount() > 0 ? TimeText.of(row.maxTimestampNs()) : null);
        fields.put("writtenLength", row.segment().writtenLength());
        fields.put("fileLength", row.segment().fileLength());
        return fields;
    }
}
