package io.millrace.ops;

import io.millrace.ops.command.CommonOptions;
import io.millrace.ops.command.ExitCode;
import io.millrace.ops.command.Json;
import io.millrace.ops.command.Versions;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code millrace version}. */
@Command(name = "version", description = "Show the versions of millrace, of its engines and of Java.")
final class VersionCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Override
    public Integer call() {
        Map<String, Object> versions = Versions.all();
        if (options.isJson()) {
            Json.print(spec, versions);
        } else {
            versions.forEach((name, version) -> spec.commandLine().getOut().printf("%-16s %s%n", name, version));
        }
        return ExitCode.OK;
    }
}
