package io.millrace.ops.deadletter;

import io.millrace.journal.deadletter.DeadLetterRequest;
import io.millrace.ops.command.CommonOptions;
import io.millrace.ops.command.DataDirectory;
import io.millrace.ops.command.DataOptions;
import io.millrace.ops.command.Escapes;
import io.millrace.ops.command.ExitCode;
import io.millrace.ops.command.Json;
import io.millrace.ops.config.ConfigException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace dlq ls}. */
@Command(
        name = "ls",
        description = "Print the dead letters that are open: neither redriven nor discarded.",
        footer = {
            "",
            "Examples:",
            "  millrace dlq ls",
            "  millrace dlq ls --handler risk --error Timeout --from-time now-1h",
            "  millrace dlq ls --all --json"
        })
final class ListCommand implements Callable<Integer> {
    private static final String LINE = "%8s  %-9s  %-24s  %-20s  %8s  %s";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Mixin
    private DataOptions dataOptions = new DataOptions();

    @Mixin
    private LetterOptions letters = new LetterOptions();

    @Option(names = "--all", description = "Those that are redriven or discarded too.")
    private boolean isWithClosed;

    @Option(names = "--limit", paramLabel = "N", description = "Print only the first N; 1000 if not given.")
    private int limit = 1000;

    /**
     * What is printed.
     *
     * @param count how many there are, printed or not
     * @param countByHandler the same by handler
     */
    record Listing(String directory, long count, Map<String, Long> countByHandler, List<LetterRow> letters) {}

    @Override
    public Integer call() throws ConfigException {
        DataDirectory data = dataOptions.open();
        Set<Long> requested = new HashSet<>();
        DeadLetterRequest.pending(data.path()).forEach(request -> requested.addAll(request.places()));
        List<LetterRow> rows = new ArrayList<>();
        Map<String, Long> counts = new TreeMap<>();
        letters.forEach(data.path(), isWithClosed, entry -> {
            counts.merge(entry.letter().handler(), 1L, Long::sum);
            if (rows.size() < limit) {
                rows.add(LetterRow.of(entry, requested.contains(entry.letter().place())));
            }
        });
        long count = counts.values().stream().mapToLong(Long::longValue).sum();
        if (options.isJson()) {
            Json.print(spec, new Listing(data.path().toString(), count, counts, rows));
        } else {
            print(spec.commandLine().getOut(), rows, count);
        }
        return ExitCode.OK;
    }

    private static void print(PrintWriter out, List<LetterRow> rows, long count) {
        if (rows.isEmpty()) {
            out.println("no dead letters");
            return;
        }
        out.println(String.format(Locale.ROOT, LINE, "number", "state", "parked", "handler", "attempts", "error"));
        for (LetterRow row : rows) {
            out.println(String.format(
                    Locale.ROOT,
                    LINE,
                    row.number(),
                    row.state() + (row.isRequested() ? "*" : ""),
                    row.first(),
                    Escapes.text(row.handler()),
                    row.attempts(),
                    (row.errorClass().isEmpty() ? "" : row.errorClass() + ": ") + Escapes.text(row.message())));
        }
        if (rows.size() < count) {
            out.println("and " + (count - rows.size()) + " more; --limit shows them");
        }
        if (rows.stream().anyMatch(LetterRow::isRequested)) {
            out.println("* a request on it is not carried out yet");
        }
    }
}
