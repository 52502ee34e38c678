package io.millrace.ops;

import io.millrace.journal.snapshot.SnapshotDirectory;
import io.millrace.ops.command.CommonOptions;
import io.millrace.ops.command.DataOptions;
import io.millrace.ops.command.ExitCode;
import io.millrace.ops.command.Json;
import io.millrace.ops.config.ConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code millrace snapshot ls}. */
@Command(
        name = "ls",
        description = {"List snapshots, oldest first. Exit code 1 if one cannot be read.", ""})
final class SnapshotListCommand implements Callable<Integer> {
    private static final String FORMAT = "%19s  %-24s  %6s  %14s  %14s  %16s%n";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Mixin
    private DataOptions dataOptions = new DataOptions();

    @Override
    public Integer call() throws ConfigException, IOException {
        SnapshotDirectory directory =
                new SnapshotDirectory(dataOptions.openWithoutTypes().path());
        List<SnapshotRow> rows = new ArrayList<>();
        for (long sequence : directory.sequences()) {
            rows.add(SnapshotRow.of(directory, sequence));
        }
        if (options.isJson()) {
            rows.forEach(row -> Json.line(spec, row));
        } else {
            print(spec.commandLine().getOut(), rows);
        }
        return rows.stream().allMatch(row -> row.problem().isEmpty()) ? ExitCode.OK : ExitCode.FINDING;
    }

    private static void print(PrintWriter out, List<SnapshotRow> rows) {
        if (rows.isEmpty()) {
            out.println("no snapshots; `millrace snapshot take` takes one");
            return;
        }
        out.printf(Locale.ROOT, FORMAT, "sequence", "taken", "start", "bytes", "outputs", "state hash");
        for (SnapshotRow row : rows) {
            if (row.problem().isEmpty()) {
                out.printf(
                        Locale.ROOT,
                        FORMAT,
                        row.sequence(),
                        row.taken().substring(0, Math.min(24, row.taken().length())),
                        row.start(),
                        row.fileLength(),
                        row.outputPlace(),
                        row.stateHash());
            } else {
                out.println(row.problem());
            }
        }
    }
}
