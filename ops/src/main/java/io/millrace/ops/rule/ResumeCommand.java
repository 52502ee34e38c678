package io.millrace.ops.rule;

import io.millrace.ops.config.ConfigException;
import io.millrace.rule.RuleChange.Action;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code millrace rule resume}. */
@Command(
        name = "resume",
        description = {"Let a paused rule go on with the next event.", ""})
final class ResumeCommand implements Callable<Integer> {
    @Mixin
    private RuleAsk ask = new RuleAsk();

    @Parameters(paramLabel = "NAME", description = "Name of the rule.")
    private String name = "";

    @Override
    public Integer call() throws ConfigException {
        return ask.call(Action.RESUME, name);
    }
}
