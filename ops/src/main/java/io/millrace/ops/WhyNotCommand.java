package io.millrace.ops;

import io.millrace.event.Condition;
import io.millrace.event.Event;
import io.millrace.journal.LogKind;
import io.millrace.journal.replay.ReplaySession;
import io.millrace.ops.command.CommandException;
import io.millrace.ops.command.CommonOptions;
import io.millrace.ops.command.DataDirectory;
import io.millrace.ops.command.DataOptions;
import io.millrace.ops.command.ExitCode;
import io.millrace.ops.command.Json;
import io.millrace.ops.command.KeyText;
import io.millrace.ops.command.RecordText;
import io.millrace.ops.config.ConfigException;
import io.millrace.ops.config.RunConfig;
import io.millrace.pattern.Match;
import io.millrace.pattern.PatternInspector;
import io.millrace.pattern.PatternInspector.Verdict;
import io.millrace.pattern.PatternInspector.Way;
import io.millrace.pattern.PatternMatch;
import io.millrace.pattern.PatternOperator;
import io.millrace.pattern.ThresholdInspector;
import io.millrace.pattern.ThresholdOperator;
import io.millrace.ring.OperatorIds;
import io.millrace.state.Operator;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace why-not}. */
@Command(
        name = "why-not",
        description = {
            "Say why a pattern did not match: replay the events of a key, and for each event show every live run, what",
            "it awaited, and which conditions failed; of a threshold what it counted and which conditions are unmet.",
            ""
        },
        footer = {
            "",
            "State before --from is made silently. Nothing is changed; the directory may be in use.",
            "Example:",
            "  millrace why-not -c flights.yaml --data data/flights --pattern delay-cascade --key ATL --from 12000"
        })
final class WhyNotCommand implements Callable<Integer>, TracedOperator.Watcher {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Mixin
    private DataOptions dataOptions = new DataOptions();

    @Mixin
    private ReplayRangeOptions rangeOptions = new ReplayRangeOptions();

    @Option(names = "--pattern", paramLabel = "P", required = true, description = "Pattern.")
    private String pattern = "";

    @Option(names = "--key", paramLabel = "K", required = true, description = "Key of the events.")
    private String key = "";

    private @Nullable PatternInspector stages;
    private @Nullable ThresholdInspector threshold;
    private Condition isOfKey = event -> false;
    private final List<Row> rows = new ArrayList<>();
    private final List<Found> found = new ArrayList<>();
    private @Nullable RecordText text;

    /**
     * What is printed of an event.
     *
     * @param event in words
     * @param runs of a pattern with stages, as they were before the event
     * @param counted of a threshold, the event included; null of a pattern with stages
     */
    record Row(
            long sequence,
            long timestampNs,
            String event,
            List<Verdict> runs,
            ThresholdInspector.@Nullable Verdict counted) {}

    /** What is printed of a match, and of what timed out or made room. */
    record Found(String kind, long cause, String stages) {}

    @Override
    public Integer call() throws ConfigException {
        DataDirectory data = dataOptions.open();
        RunConfig config = data.config();
        if (config == null) {
            throw new CommandException(
                    ExitCode.CONFIG,
                    "cannot explain: no configuration is kept in " + data.path()
                            + " (expected: patterns); name the one that it was written with by -c FILE");
        }
        isOfKey = KeyText.condition(key);
        Operators operators = watched(config);
        text = new RecordText(data, LogKind.JOURNAL, false);
        try (ReplaySession session = ReplaySession.open(
                data.path(), PipelineSetup.replay(config, operators), rangeOptions.range(), this::onOutput)) {
            long firstSequence = -1;
            while (session.step()) {
                firstSequence = firstSequence < 0 ? session.record().sequence() : firstSequence;
                show(firstSequence);
            }
        }
        return ExitCode.OK;
    }

    /** {@return the operators of the configuration, the one that is asked for watched} */
    private Operators watched(RunConfig config) {
        List<String> names = new ArrayList<>();
        config.patterns().forEach(section -> names.add(section.name()));
        config.sequences().forEach(section -> names.add(section.name()));
        if (!names.contains(pattern)) {
            throw new CommandException(
                    ExitCode.CONFIG,
                    "cannot explain: pattern=" + pattern + " (expected: one of " + names + "); name one of them");
        }
        return Operators.of(config, pattern, this::watched);
    }

    private Operator watched(Operator operator) {
        if (operator instanceof PatternOperator sequence) {
            stages = new PatternInspector(sequence);
            return new TracedOperator(sequence, this);
        }
        if (operator instanceof ThresholdOperator counting) {
            threshold = new ThresholdInspector(counting);
            return new TracedOperator(counting, this);
        }
        return operator;
    }

    @Override
    public void before(Event event) {
        if (threshold != null) {
            threshold.before();
        }
        if (isOfKey.test(event) && stages != null) {
            rows.add(new Row(event.sequence(), event.timestampNs(), line(event), stages.verdicts(event), null));
        }
    }

    @Override
    public void after(Event event) {
        if (isOfKey.test(event) && threshold != null) {
            rows.add(new Row(event.sequence(), event.timestampNs(), line(event), List.of(), threshold.after(event)));
        }
    }

    private String line(Event event) {
        return text == null ? "" : text.line(event, event.sequence()).strip();
    }

    private void onOutput(Event output) {
        boolean isOfPattern = (output.idHi() >>> 32 & 0xFFFF) == OperatorIds.idOf(pattern);
        if (!isOfPattern || !isOfKey.test(output)) {
            return;
        }
        if (output.typeId() == Match.TYPE_ID) {
            Match match = new Match().wrap(output);
            found.add(new Found("match", output.idLo(), "count=" + match.count() + " distinct=" + match.distinct()));
            return;
        }
        PatternMatch match = new PatternMatch().wrap(output);
        String kind = match.kind() == PatternMatch.MATCH
                ? "match"
                : match.kind() == PatternMatch.TIMEOUT ? "timeout" : "evicted";
        found.add(new Found(kind, output.idLo(), match.stages()));
    }

    /** What came in another order was held back, and comes with a later record. */
    private void show(long firstSequence) {
        for (Row row : rows) {
            if (row.sequence() < firstSequence) {
                continue;
            }
            if (options.isJson()) {
                Json.line(spec, row);
            } else {
                spec.commandLine().getOut().println(row.event());
                row.runs().forEach(this::print);
                if (row.counted() != null) {
                    print(row.counted());
                }
            }
        }
        rows.clear();
        found.forEach(this::print);
        found.clear();
    }

    private void print(Found output) {
        if (options.isJson()) {
            Json.line(spec, output);
        } else {
            spec.commandLine().getOut().println(output.kind() + " " + output.stages());
        }
    }

    private void print(ThresholdInspector.Verdict verdict) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("  " + verdict.outcome());
        verdict.conditions().forEach(condition -> out.println("    " + condition));
    }

    private void print(Verdict verdict) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("  " + (verdict.run() == null ? "start" : "run " + verdict.run() + registers(verdict)));
        for (Way way : verdict.ways()) {
            out.println(
                    "    " + way.what() + (way.isTaken() ? ": yes" : ": no, fails " + String.join("; ", way.failed())));
        }
        if (verdict.run() != null && verdict.isOver()) {
            out.println("    the run is over");
        }
    }

    private static String registers(Verdict verdict) {
        return verdict.run() == null || verdict.run().registers().isEmpty()
                ? ""
                : " with " + String.join(", ", verdict.run().registers());
    }
}
