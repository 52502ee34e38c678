package io.millrace.ops;

import io.millrace.ops.command.CommandException;
import io.millrace.ops.command.CommonOptions;
import io.millrace.ops.command.ExitCode;
import io.millrace.ops.command.Json;
import io.millrace.ops.config.ConfigException;
import io.millrace.ops.config.ConfigReader;
import io.millrace.ops.config.RunConfig;
import io.millrace.ops.config.Units;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace explain}. */
@Command(
        name = "explain",
        description = {
            "Show how the patterns of a configuration are run: stages, operators, conditions that are shared,",
            "what runs keep, bounds, memory, timers, and what Flink cannot say.",
            ""
        },
        footer = {"", "Example:", "  millrace explain -c flights.yaml --pattern delay-cascade"})
final class ExplainCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Option(names = "-c", paramLabel = "FILE", required = true, description = "Configuration.")
    private Path config = Path.of("");

    @Option(names = "--pattern", paramLabel = "P", description = "This one only.")
    private @Nullable String pattern;

    /** @param shared conditions that more than one pattern asks, each with their names */
    record Result(List<Explanation> patterns, Map<String, List<String>> shared) {}

    @Override
    public Integer call() throws ConfigException {
        RunConfig read = ConfigReader.read(config, null, input -> null);
        List<Explanation> all = new ArrayList<>();
        read.patterns().forEach(section -> all.add(Explanation.of(section)));
        Map<String, Long> setLengths = new LinkedHashMap<>();
        read.items().sets().forEach(set -> setLengths.put(set, Memory.setLength(read, set)));
        read.sequences().forEach(section -> all.add(Explanation.of(read, section, setLengths)));
        List<Explanation> wanted = all.stream()
                .filter(each -> pattern == null || each.pattern().equals(pattern))
                .toList();
        if (wanted.isEmpty()) {
            throw new CommandException(
                    ExitCode.CONFIG,
                    "cannot explain: pattern=" + (pattern == null ? "" : pattern) + " (expected: one of "
                            + all.stream().map(Explanation::pattern).toList() + "); name one of them");
        }
        Result result = new Result(wanted, shared(all));
        if (options.isJson()) {
            Json.print(spec, result);
        } else {
            wanted.forEach(this::print);
            printShared(result.shared());
        }
        return ExitCode.OK;
    }

    private static Map<String, List<String>> shared(List<Explanation> all) {
        Map<String, List<String>> users = new LinkedHashMap<>();
        for (Explanation each : all) {
            for (String condition : each.eventConditions()) {
                users.computeIfAbsent(condition, text -> new ArrayList<>()).add(each.pattern());
            }
        }
        users.values().removeIf(names -> names.size() < 2);
        return users;
    }

    private void print(Explanation each) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("pattern " + each.pattern());
        out.println("  operator   " + each.operator());
        print("stages", each.stages());
        if (each.states() > 0) {
            out.println("  automaton  " + each.states() + " states, " + each.edges() + " edges");
        }
        print("once per event", each.eventConditions());
        print("per run", each.runConditions());
        print("registers", each.registers());
        print("timers", each.timers());
        out.println("  bounds     " + each.limits());
        out.println("  memory     " + Units.size(each.bytes()) + " of heap, allocated at the start");
        if (each.notPortable().isEmpty()) {
            out.println("  Flink      gives the same matches");
        } else {
            print("Flink differs", each.notPortable());
        }
    }

    private void print(String what, List<String> items) {
        if (!items.isEmpty()) {
            spec.commandLine().getOut().println("  " + what);
            items.forEach(item -> spec.commandLine().getOut().println("    " + item));
        }
    }

    private void printShared(Map<String, List<String>> shared) {
        if (!shared.isEmpty()) {
            spec.commandLine().getOut().println("conditions of several patterns (evaluated once for all of a set)");
            shared.forEach((condition, names) -> spec.commandLine().getOut().println("  " + condition + "  " + names));
        }
    }
}
