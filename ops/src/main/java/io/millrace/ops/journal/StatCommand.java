package io.millrace.ops.journal;

import io.millrace.journal.CorruptJournalException;
import io.millrace.journal.LogKind;
import io.millrace.journal.LogStart;
import io.millrace.ops.command.CommonOptions;
import io.millrace.ops.command.DataDirectory;
import io.millrace.ops.command.DataOptions;
import io.millrace.ops.command.ExitCode;
import io.millrace.ops.command.Holder;
import io.millrace.ops.command.Json;
import io.millrace.ops.command.RecordTypes;
import io.millrace.ops.command.TimeText;
import io.millrace.ops.config.ConfigException;
import io.millrace.ops.config.Units;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace journal stat}. */
@Command(
        name = "stat",
        description =
                "Show figures of all logs: counts by type, times, rates, bytes, what is synced; who has the directory.",
        footer = {"", "Examples:", "  millrace journal stat", "  millrace journal stat --json --data data/trades"})
final class StatCommand implements Callable<Integer> {
    private static final int SHOWN_SOURCES = 10;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Mixin
    private DataOptions dataOptions = new DataOptions();

    @Option(
            names = "--twice",
            description =
                    "Look for ids that occur twice however many events there are: one more pass over the journal for"
                            + " every 3 million.")
    private boolean isCountingTwice;

    @Override
    public Integer call() throws ConfigException {
        DataDirectory data = dataOptions.open();
        Holder holder = data.holder();
        List<LogStat> logs = new ArrayList<>();
        for (LogKind kind : LogKind.values()) {
            logs.add(LogStat.of(data, kind));
        }
        RecordTypes types = new RecordTypes(data.types());
        long twiceCount = twiceCount(data, logs.get(0));
        if (options.isJson()) {
            Json.print(spec, json(data, holder, logs, types, twiceCount));
        } else {
            print(data, holder, logs, types, twiceCount);
        }
        return end(logs);
    }

    /** {@return -1 if it was not looked for} */
    private long twiceCount(DataDirectory data, LogStat journal) {
        boolean isCheap = journal.recordCount() <= TwiceIds.MAX_PER_PASS / 2;
        return isCheap || isCountingTwice ? TwiceIds.count(data.path(), journal.recordCount()) : -1;
    }

    private int end(List<LogStat> logs) {
        int exitCode = ExitCode.OK;
        for (LogStat log : logs) {
            CorruptJournalException problem = log.problem();
            if (problem != null) {
                spec.commandLine().getErr().println("millrace: " + problem.getMessage());
                exitCode = ExitCode.DATA_DAMAGED;
            }
        }
        return exitCode;
    }

    private static Map<String, Object> json(
            DataDirectory data, @Nullable Holder holder, List<LogStat> logs, RecordTypes types, long twiceCount) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("directory", data.path().toString());
        result.put("holder", holder);
        result.put("journalId", journalId(logs));
        result.put("logs", logs.stream().map(log -> log.figures(types)).toList());
        result.put("idsTwice", twiceCount);
        result.put("quarantineLength", quarantineLength(data.path()));
        return result;
    }

    private void print(
            DataDirectory data, @Nullable Holder holder, List<LogStat> logs, RecordTypes types, long twiceCount) {
        line("directory", "%s", data.path());
        line("held by", "%s", holder == null ? "nobody" : holder(holder));
        line("journal id", "%s", journalId(logs));
        for (LogStat log : logs) {
            print(log, log.figures(types));
        }
        line("");
        line("ids twice", "%s", twiceCount < 0 ? "not looked for; --twice does" : number(twiceCount));
        long quarantined = quarantineLength(data.path());
        line("quarantine", "%s", quarantined == 0 ? "nothing" : Units.size(quarantined) + " left out by recoveries");
    }

    private void print(LogStat log, LogStat.Figures figures) {
        line("");
        line(figures.log(), "%,d records in %,d frames", figures.records(), figures.frames());
        line("  starts", "%d%s", figures.starts(), lastStart(log.starts()));
        if (figures.records() > 0) {
            long synced = figures.syncedUpTo();
            line("  places", "%d to %d", figures.firstPlace(), figures.endPlace() - 1);
            line("  synced", "%s", synced < 0 ? "nothing that the files know of" : "through " + synced);
            figures.byType().forEach((type, count) -> line("  " + type, "%,d", count));
            line("  event time", "%s", span(figures.minTime(), figures.maxTime()));
            if (figures.sources().size() > 1) {
                figures.sources().stream().limit(SHOWN_SOURCES).forEach(this::print);
            }
            line("  ingest time", "%s", span(figures.minIngestTime(), figures.maxIngestTime()));
            line("  rate", "%,.0f records/s of ingest time", figures.recordsPerSecond());
        }
        line(
                "  bytes",
                "%s written, %s reserved; segments: %d",
                Units.size(figures.writtenLength()),
                Units.size(figures.fileLength()),
                figures.segments());
        line("  epochs", "%s", figures.epochs());
    }

    private void print(SourceStat.Figures source) {
        line(
                "  source " + source.sourceId(),
                "%,d events to %s, last published %s%s",
                source.events(),
                source.newestTime() == null ? "none" : source.newestTime(),
                source.lastIngestTime(),
                source.isIdle() ? ", idle" : "");
    }

    private static String span(@Nullable String from, @Nullable String to) {
        return from == null ? "none" : from + " to " + to;
    }

    private void line(String name, Object... values) {
        String text = values.length == 0
                ? ""
                : String.format(Locale.ROOT, (String) values[0], Arrays.copyOfRange(values, 1, values.length));
        spec.commandLine()
                .getOut()
                .println(String.format(Locale.ROOT, "%-16s %s", name, text).stripTrailing());
    }

    private static String lastStart(List<LogStart> starts) {
        if (starts.isEmpty()) {
            return "";
        }
        LogStart last = starts.get(starts.size() - 1);
        return ", the last at " + TimeText.of(last.timeNs()) + ": " + last.note();
    }

    private static String holder(Holder holder) {
        return "pid " + holder.pid() + (holder.startTime().isEmpty() ? "" : " since " + holder.startTime()) + ": "
                + holder.command();
    }

    private static String number(long count) {
        return count == 0 ? "none" : String.format(Locale.ROOT, "%,d", count);
    }

    private static String journalId(List<LogStat> logs) {
        List<LogStart> starts = logs.get(0).starts();
        return starts.isEmpty() ? "none" : starts.get(0).journalId().toString();
    }

    private static long quarantineLength(Path dataDirectory) {
        Path quarantine = dataDirectory.resolve("quarantine");
        try (Stream<Path> files = Files.isDirectory(quarantine) ? Files.list(quarantine) : Stream.empty()) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        } catch (IOException e) {
            return -1;
        }
    }
}
