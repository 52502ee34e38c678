package io.millrace.ops.deadletter;

import io.millrace.journal.deadletter.DeadLetterRequest.Action;
import io.millrace.ops.config.ConfigException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code millrace dlq discard}. */
@Command(
        name = "discard",
        description = {
            "Give dead letters up for good. Says which; --yes does it.",
            "They stay in the log; what waited behind them for the sake of order goes on."
        },
        footer = {"", "Example:", "  millrace dlq discard --handler trades.csv --to-time now-30d --yes"})
final class DiscardCommand implements Callable<Integer> {
    @Mixin
    private LetterRequest request = new LetterRequest();

    @Override
    public Integer call() throws ConfigException {
        return request.call(Action.DISCARD, 0);
    }
}
