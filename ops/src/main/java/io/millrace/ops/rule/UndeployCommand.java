package io.millrace.ops.rule;

import io.millrace.ops.config.ConfigException;
import io.millrace.rule.RuleChange.Action;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code millrace rule undeploy}. */
@Command(
        name = "undeploy",
        description = {"Take a rule away, with all that it knows.", ""})
final class UndeployCommand implements Callable<Integer> {
    @Mixin
    private RuleAsk ask = new RuleAsk();

    @Parameters(paramLabel = "NAME", description = "Name of the rule.")
    private String name = "";

    @Override
    public Integer call() throws ConfigException {
        return ask.call(Action.UNDEPLOY, name);
    }
}
