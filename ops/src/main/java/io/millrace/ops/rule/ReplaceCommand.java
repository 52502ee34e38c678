package io.millrace.ops.rule;

import io.millrace.ops.config.ConfigException;
import io.millrace.rule.RuleChange.Action;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace rule replace}. */
@Command(
        name = "replace",
        description = {"Put another text in the place of a rule, between two events.", ""})
final class ReplaceCommand implements Callable<Integer> {
    @Mixin
    private RuleAsk ask = new RuleAsk();

    @Parameters(paramLabel = "FILE", description = "The rule, under the name of the one that it replaces.")
    private Path file = Path.of("");

    @Option(names = "--keep-state", description = "Take over what the old one knows; refused where that does not fit.")
    private boolean isKeepingState;

    @Override
    public Integer call() throws ConfigException {
        return ask.call(Action.REPLACE, file, isKeepingState, 0);
    }
}
