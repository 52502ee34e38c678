package io.millrace.ops.sink;

import io.millrace.journal.outbox.SinkBacklog;
import io.millrace.ops.command.CommonOptions;
import io.millrace.ops.command.DataDirectory;
import io.millrace.ops.command.DataOptions;
import io.millrace.ops.command.ExitCode;
import io.millrace.ops.command.Json;
import io.millrace.ops.command.TimeText;
import io.millrace.ops.config.ConfigException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code millrace sink ls}. */
@Command(
        name = "ls",
        description = "Print how far each sink is: outputs, bytes and age of what it has not taken yet.",
        footer = {"", "Example:", "  millrace sink ls --json"})
final class ListCommand implements Callable<Integer> {
    private static final double NS_PER_S = 1e9;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Mixin
    private DataOptions dataOptions = new DataOptions();

    /** What is printed of the sinks of a directory. */
    record Listing(String directory, boolean isLive, List<Row> sinks) {}

    /**
     * What is printed of a sink.
     *
     * @param next place of the first record that its checkpoint does not cover
     * @param noted when its checkpoint was written
     * @param behindSeconds age of the oldest record that it has not taken
     */
    record Row(
            String name,
            String log,
            String state,
            long next,
            long behind,
            long behindLength,
            double behindSeconds,
            @Nullable String noted) {}

    @Override
    public Integer call() throws ConfigException {
        DataDirectory data = dataOptions.open();
        long nowNs = new SystemEpochNanoClock().nanoTime();
        List<Row> rows = SinkBacklog.list(data.path()).stream()
                .map(backlog -> row(backlog, nowNs))
                .toList();
        if (options.isJson()) {
            Json.print(spec, new Listing(data.path().toString(), data.holder() != null, rows));
        } else {
            print(spec.commandLine().getOut(), rows);
        }
        return ExitCode.OK;
    }

    private static Row row(SinkBacklog backlog, long nowNs) {
        long oldestNs = backlog.oldestIngestTimeNs();
        return new Row(
                backlog.name(),
                backlog.source().directoryName(),
                backlog.position().isDetached() ? "detached" : "attached",
                backlog.position().next(),
                backlog.count(),
                backlog.length(),
                oldestNs == 0 ? 0 : Math.max(0, nowNs - oldestNs) / NS_PER_S,
                backlog.position().timeNs() == 0
                        ? null
                        : TimeText.of(backlog.position().timeNs()));
    }

    private static void print(PrintWriter out, List<Row> rows) {
        String line = "%-20s  %-8s  %-9s  %12s  %12s  %14s  %10s  %s";
        out.println(String.format(
                Locale.ROOT, line, "sink", "log", "state", "next", "behind", "bytes behind", "age, s", "noted"));
        for (Row row : rows) {
            out.println(String.format(
                    Locale.ROOT,
                    line,
                    row.name(),
                    row.log(),
                    row.state(),
                    row.next(),
                    row.behind(),
                    row.behindLength(),
                    String.format(Locale.ROOT, "%.1f", row.behindSeconds()),
                    row.noted() == null ? "never" : row.noted()));
        }
    }
}
