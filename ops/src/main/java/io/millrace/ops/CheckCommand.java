package io.millrace.ops;

import io.millrace.ops.command.CommonOptions;
import io.millrace.ops.command.ExitCode;
import io.millrace.ops.command.Json;
import io.millrace.ops.config.ConfigException;
import io.millrace.ops.config.ConfigProblem;
import io.millrace.ops.config.ConfigReader;
import io.millrace.ops.config.RunConfig;
import io.millrace.ops.config.Units;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.Yaml;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace check}: what is in force, what memory it takes, or all that is wrong. */
@Command(
        name = "check",
        description = "Check a configuration: show all that is in force and the memory it takes, or all that is wrong.")
final class CheckCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Option(names = "-c", paramLabel = "FILE", required = true, description = "Configuration to check.")
    private Path config = Path.of("");

    @Override
    public Integer call() throws ConfigException {
        try {
            RunConfig checked = ConfigReader.read(config, null, CsvHeader::columns);
            show(checked);
            return ExitCode.OK;
        } catch (ConfigException e) {
            if (!options.isJson()) {
                throw e;
            }
            Json.print(spec, problems(e));
            return ExitCode.CONFIG;
        }
    }

    private void show(RunConfig checked) {
        Memory memory = Memory.of(checked);
        if (options.isJson()) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("ok", true);
            result.put("file", checked.file());
            result.put("config", checked.resolved());
            result.put("memoryLength", memory);
            Json.print(spec, result);
            return;
        }
        PrintWriter out = spec.commandLine().getOut();
        DumperOptions layout = new DumperOptions();
        layout.setDefaultFlowStyle(FlowStyle.BLOCK);
        layout.setIndicatorIndent(2);
        layout.setIndentWithIndicator(true);
        out.println("# " + checked.file() + " is right; in force, defaults included:");
        out.println(new Yaml(layout).dump(checked.resolved()));
        out.println("# memory outside the heap");
        memory.rings().forEach(this::memoryLine);
        out.println("# memory within the heap; ops/bin/millrace gives 1 GiB, MILLRACE_JAVA_OPTS=-Xmx"
                + Math.max(1, memory.heapGib()) + "g would do");
        memory.state().forEach(this::memoryLine);
    }

    private void memoryLine(String part, long length) {
        spec.commandLine().getOut().printf("#   %-28s %12s%n", part, Units.size(length));
    }

    private static Map<String, Object> problems(ConfigException e) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("ok", false);
        List<Map<String, Object>> problems =
                e.problems().stream().map(CheckCommand::problem).toList();
        result.put("problems", problems);
        return result;
    }

    private static Map<String, Object> problem(ConfigProblem problem) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("file", problem.file());
        fields.put("line", problem.line());
        fields.put("column", problem.column());
        fields.put("key", problem.key());
        fields.put("text", problem.text());
        return fields;
    }
}
