package io.millrace.ops;

import io.millrace.ops.command.CommonOptions;
import io.millrace.ops.command.DataOptions;
import io.millrace.ops.command.EventId;
import io.millrace.ops.command.ExitCode;
import io.millrace.ops.command.Json;
import io.millrace.ops.config.ConfigException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace trace}. */
@Command(
        name = "trace",
        description = {
            "Follow one event: when it was published, where it is journaled and whether that is synced,"
                    + " what it was late for, which outputs it caused and which sinks have them;"
                    + " or why it is not there.",
            "The data may be in use by a running pipeline or not.",
            ""
        },
        footer = {
            "",
            "Ends with exit code 1 if the event is not in the journal.",
            "Example:",
            "  millrace trace ce31b6ed04e7a72762537b8f6e0d9dfa"
        })
final class TraceCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Mixin
    private DataOptions dataOptions = new DataOptions();

    @Parameters(
            paramLabel = "EVENT_ID",
            converter = EventId.Text.class,
            description = "The id: 32 hex digits, a UUID, or PRODUCER:SEQUENCE.")
    private EventId id = new EventId(0, 0);

    @Override
    public Integer call() throws ConfigException {
        Trace trace = new Tracer(dataOptions.open(), id).run();
        if (options.isJson()) {
            Json.print(spec, trace);
        } else {
            show(trace);
        }
        return trace.found() == null ? ExitCode.DIFFERENCE : ExitCode.OK;
    }

    private void line(String name, String format, Object... arguments) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(String.format(Locale.ROOT, "  %-12s ", name)
                + String.format(Locale.ROOT, format, arguments).stripTrailing());
    }

    private void show(Trace trace) {
        Trace.Place found = trace.found();
        if (found == null) {
            line("event", "%s is not in the journal (%,d records)", trace.id(), trace.searched());
            if (trace.firstSequence() > 0) {
                line("", "records before sequence %d were pruned: it may have been among them", trace.firstSequence());
            } else if (trace.letters().isEmpty()) {
                line("", "nor in the dead letters: it was never offered here, or refused without a trace");
            }
        } else {
            show(trace, found);
        }
        for (Trace.Letter letter : trace.letters()) {
            line(
                    "dead letter",
                    "%d of %s, parked %s: %s",
                    letter.number(),
                    letter.handler(),
                    letter.parked(),
                    letter.reason());
        }
    }

    private void show(Trace trace, Trace.Place found) {
        line("event", "%s, %s, key %s, time %s", trace.id(), found.type(), found.key(), found.time());
        line("published", "%s", found.published());
        line("journaled", "sequence %,d; offered again it is a duplicate of that", found.sequence());
        line(
                "",
                "start %d, file %s, offset %,d, in a frame of %,d records from %,d on",
                found.start(),
                found.file(),
                found.offset(),
                found.frameCount(),
                found.frameSequence());
        line(
                "synced",
                "%s; the journal is known to be on the disk through %,d",
                found.synced() ? "yes" : "not known",
                found.syncedUpTo());
        List<String> lateness = trace.lateness();
        if (lateness == null) {
            line("late", "not known without a configuration; name it by -c FILE");
        } else if (lateness.isEmpty()) {
            line("late", "no");
        }
        if (lateness != null) {
            lateness.forEach(each -> line("late", "%s", each));
        }
        line("outputs", "%,d in the outbox", trace.outputs().size());
        trace.outputs().forEach(output -> line("", "%s id=%s", output.text(), output.id()));
        for (Trace.Delivery sink : trace.sinks()) {
            line(
                    "sink",
                    "%s has delivered %,d of %,d, goes on at output %,d",
                    sink.sink(),
                    sink.delivered(),
                    sink.of(),
                    sink.nextOrdinal());
        }
    }
}
