package io.millrace.ops.deadletter;

import io.millrace.journal.deadletter.DeadLetterRequest.Action;
import io.millrace.ops.config.ConfigException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace dlq redrive}. */
@Command(
        name = "redrive",
        description = {
            "Give dead letters to their handlers again. Says what that would be; --yes does it.",
            "A row is read again, as the configuration of that run maps it. What was taken is not given again."
        },
        footer = {
            "",
            "Examples:",
            "  millrace dlq redrive 17 18",
            "  millrace dlq redrive --handler trades.csv --yes --reason \"mapping corrected\"",
            "  millrace dlq redrive --all --rate 50 --yes"
        })
final class RedriveCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private LetterRequest request = new LetterRequest();

    @Option(names = "--rate", paramLabel = "N", description = "So many a second at most; 100 if not given, 0 for any.")
    private long ratePerSecond = 100;

    @Override
    public Integer call() throws ConfigException {
        if (ratePerSecond < 0) {
            throw new ParameterException(
                    spec.commandLine(), "--rate=" + ratePerSecond + " is no rate (expected: 0 or more)");
        }
        return request.call(Action.REDRIVE, ratePerSecond);
    }
}
