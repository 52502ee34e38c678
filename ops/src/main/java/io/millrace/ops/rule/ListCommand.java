package io.millrace.ops.rule;

import io.millrace.ops.command.CommonOptions;
import io.millrace.ops.command.DataDirectory;
import io.millrace.ops.command.DataOptions;
import io.millrace.ops.command.ExitCode;
import io.millrace.ops.command.Json;
import io.millrace.ops.command.RuleFiles;
import io.millrace.ops.command.RuleRequest;
import io.millrace.ops.command.RuleRow;
import io.millrace.ops.config.ConfigException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace rule ls}. */
@Command(
        name = "ls",
        description = {"List the rules of a data directory, and what is asked for and not made yet.", ""})
final class ListCommand implements Callable<Integer> {
    private static final String LINE = "%-24s  %-10s  %12s  %12s  %s";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Mixin
    private DataOptions dataOptions = new DataOptions();

    @Option(names = "--all", description = "Those that were undeployed too.")
    private boolean isAll;

    @Option(names = "--text", description = "The texts of the rules too.")
    private boolean isWithTexts;

    /** A request that nobody has carried out. */
    private static RuleRow row(RuleRequest request) {
        String state = "requested " + request.action().name().toLowerCase(Locale.ROOT);
        return new RuleRow(request.name(), state, -1, 0, request.text());
    }

    @Override
    public Integer call() throws ConfigException {
        DataDirectory data = dataOptions.openWithoutTypes();
        RuleFiles files = new RuleFiles(data.path());
        List<RuleRow> rows = new ArrayList<>(files.rows());
        if (!isAll) {
            rows.removeIf(row -> row.state().equals(RuleRow.UNDEPLOYED));
        }
        files.pending().forEach(request -> rows.add(row(request)));
        if (options.isJson()) {
            rows.forEach(row -> Json.line(spec, row));
        } else {
            print(rows, spec.commandLine().getOut());
        }
        return ExitCode.OK;
    }

    private void print(List<RuleRow> rows, PrintWriter out) {
        out.println(String.format(Locale.ROOT, LINE, "rule", "state", "sequence", "bytes", "")
                .stripTrailing());
        for (RuleRow row : rows) {
            String sequence = row.sequence() < 0 ? "-" : String.valueOf(row.sequence());
            out.println(String.format(Locale.ROOT, LINE, row.name(), row.state(), sequence, row.bytes(), "")
                    .stripTrailing());
            if (isWithTexts) {
                row.text().lines().forEach(line -> out.println("    " + line));
            }
        }
    }
}
