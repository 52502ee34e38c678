package io.millrace.ops;

import io.millrace.event.EventTypes;
import io.millrace.event.Schema;
import io.millrace.journal.Journal;
import io.millrace.journal.deadletter.DeadLetterQueue;
import io.millrace.journal.outbox.SinkContext;
import io.millrace.journal.outbox.SinkGroup;
import io.millrace.journal.outbox.SinkRunner;
import io.millrace.journal.outbox.SinkStatus;
import io.millrace.ops.command.CommandException;
import io.millrace.ops.command.DataDirectory;
import io.millrace.ops.command.ExitCode;
import io.millrace.ops.command.RuleTypes;
import io.millrace.ops.config.RunConfig;
import io.millrace.ops.config.RunConfig.SinkSection;
import io.millrace.ops.format.EventJson;
import io.millrace.ops.format.KeyNames;
import io.millrace.ring.Rules;
import io.millrace.rule.RuleStatus;
import io.millrace.status.Counters;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The sinks of a run. One that cannot keep up or throws holds nobody up; what it has not taken comes again at the next
 * start.
 */
final class Sinks implements AutoCloseable {
    private static final long FAILING_NS = TimeUnit.SECONDS.toNanos(5);

    private final SinkGroup group;
    private final List<SinkRunner> runners = new ArrayList<>();

    Sinks(Journal store, Counters counters, PrintWriter err) {
        group = new SinkGroup(store, counters, warning -> err.println("millrace: " + warning));
    }

    /** Starts to deliver; the outbox must be there. Names of hashed keys are not known here: a restart has none. */
    void open(RunConfig config, Journal store, DeadLetterQueue letters, Rules rules) {
        EventTypes configured = config.eventTypes().with(Schema.outputs());
        OperatorNames operators =
                new OperatorNames(store.context().directory(), DataDirectory.operatorNames(config), rules::list);
        for (SinkSection section : config.sinks()) {
            JsonLinesSink sink = new JsonLinesSink(
                    section.name(),
                    store.context().directory().resolve(section.file()),
                    new EventJson(new RuleTypes(config, configured, () -> texts(rules))::byId, new KeyNames()),
                    operators);
            runners.add(group.attach(sink, context(section, letters)));
        }
        group.start();
    }

    private static List<String> texts(Rules rules) {
        return rules.list().stream().map(RuleStatus::text).toList();
    }

    private static SinkContext context(SinkSection section, DeadLetterQueue letters) {
        SinkContext context = new SinkContext();
        if (section.attempts() > 0) {
            context.deadLetters(letters, section.attempts());
            if (section.isInOrder()) {
                context.inOrder(DeadLetterQueue.MAX_OPEN_COUNT_DEFAULT);
            }
        }
        return context;
    }

    /** {@return those that deliver} */
    List<SinkRunner> runners() {
        return runners;
    }

    /**
     * Delivers what the outbox has; nothing may be added any more.
     *
     * @throws CommandException if a sink does not take it all
     */
    void finish() {
        List<String> behind = group.awaitDelivered(FAILING_NS);
        for (SinkStatus status : group.statuses()) {
            if (behind.contains(status.name())) {
                throw new CommandException(
                        ExitCode.IO,
                        "sink is behind: name=" + status.name() + ", delivered=" + status.position() + ": "
                                + status.lastFailure() + "; what is left is delivered at the next start");
            }
        }
    }

    /** {@return how they are doing} */
    List<SinkStatus> statuses() {
        return group.statuses();
    }

    @Override
    public void close() {
        group.close();
    }
}
