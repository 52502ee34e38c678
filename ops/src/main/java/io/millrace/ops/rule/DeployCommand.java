package io.millrace.ops.rule;

import io.millrace.ops.config.ConfigException;
import io.millrace.rule.RuleChange.Action;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace rule deploy}. */
@Command(
        name = "deploy",
        description = {"Add an operator to a pipeline that runs, or that runs next.", ""},
        footer = {
            "",
            "FILE holds one item of windows or patterns as in a configuration.",
            "Examples:",
            "  millrace rule deploy burst.yaml --data /var/lib/trades",
            "  millrace rule deploy burst.yaml --data /var/lib/trades --warm 1000000 --reason \"new limit\""
        })
final class DeployCommand implements Callable<Integer> {
    @Mixin
    private RuleAsk ask = new RuleAsk();

    @Parameters(paramLabel = "FILE", description = "The rule.")
    private Path file = Path.of("");

    @Option(
            names = "--warm",
            paramLabel = "N",
            description = "Give it the last N accepted records first, without their outputs.")
    private long warmCount;

    @Override
    public Integer call() throws ConfigException {
        return ask.call(Action.DEPLOY, file, false, warmCount);
    }
}
